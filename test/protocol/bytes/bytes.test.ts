// Integers, views and comparison in flat buffers.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascii, concat, putU16, putU32, same, u16, u32, view } from '#protocol/bytes.ts';

const u32s = fc.integer({ min: 0, max: 0xffffffff });

it('puts and reads unsigned integers, least byte first, and touches nothing else', () => {
  fc.assert(
    fc.property(u32s, fc.integer({ min: 0, max: 0xffff }), (long, short) => {
      const bytes = new Uint8Array(10).fill(0xee);
      putU32(bytes, 1, long);
      putU16(bytes, 6, short);
      const expected = Buffer.alloc(10, 0xee);
      expected.writeUInt32LE(long, 1);
      expected.writeUInt16LE(short, 6);
      expect(Buffer.compare(expected, bytes)).toBe(0);
      expect(u32(bytes, 1)).toBe(long);
      expect(u16(bytes, 6)).toBe(short);
    }),
  );
});

it('compares, joins and views', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
      expect(same(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(same(a, new Uint8Array(a))).toBe(true);
      expect(Buffer.compare(concat(a, b), Buffer.concat([a, b]))).toBe(0);
    }),
  );
  const bytes = new Uint8Array([1, 2, 3, 4]);
  view(bytes, 1, 2)[0] = 9;
  expect([...bytes]).toEqual([1, 9, 3, 4]);
  expect(new TextDecoder().decode(ascii('pawpost1/link'))).toBe('pawpost1/link');
});
