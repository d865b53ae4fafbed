// Framed hashes: known answers of Python's hashlib, and no two lists of parts alike.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framedHash, framedKey } from '#protocol/sodium/hash.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';

describe('framed BLAKE2b', () => {
  it('gives the known answers', () => {
    expect(toHex(framedHash('pawpost1/test'))).toBe(
      '2d98310494862eebcb939299f9d99e679d823e76b74afec271c33f713491e85a',
    );
    expect(toHex(framedHash('pawpost1/test', counting(1, 3), new Uint8Array(0), counting(9, 300)))).toBe(
      'daffe03f78f4cc58f30f9e3656fc9840f2a15127801ba9a5132a45b2c2080e96',
    );
    expect(toHex(framedKey(counting(0x10, 32), 'pawpost1/test', counting(1, 3)))).toBe(
      'b553c99be96d8e976f835d94b47ce9e83fe232f993c37b0234912ae006da1b82',
    );
  });

  it('depends on where a part ends', () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 4 }), fc.array(bytes, { maxLength: 4 }), (a, b) => {
        const isSame = JSON.stringify(a.map(toHex)) === JSON.stringify(b.map(toHex));
        const x = toHex(framedHash('pawpost1/test', ...a));
        expect(x === toHex(framedHash('pawpost1/test', ...b))).toBe(isSame);
      }),
    );
    expect(framedHash('ab', counting(1, 1))).not.toEqual(framedHash('a', counting(1, 1)));
  });

  it('depends on the key, which has 32 bytes', () => {
    const keys = [counting(0, 32), counting(1, 32)].map((key) => toHex(framedKey(key, 'a')));
    expect(new Set([...keys, toHex(framedHash('a'))]).size).toBe(3);
    for (const size of [0, 16, 31, 33, 64])
      expect(() => framedKey(new Uint8Array(size), 'a')).toThrow(RangeError);
  });
});
