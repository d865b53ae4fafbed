import { encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cbor, decodeCbor, encodeCbor } from '#protocol/cbor.ts';

const leaf = fc.oneof(
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array({ maxLength: 300 }),
);
const { value } = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', maxDepth: 6 }, leaf, fc.array(tie('value'), { maxLength: 30 })),
}));

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

describe('cbor', () => {
  it('gives back what it took', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(decodeCbor(encodeCbor(one), 'roster-form')).toEqual(one);
      }),
    );
  });

  it('knows one spelling of each value', () => {
    // RFC 8949 appendix A, and what the strictness of section 4.2.1 excludes.
    expect(encodeCbor([1, [2, 3], [4, 5]])).toEqual(hex('8301820203820405'));
    expect(encodeCbor([null, true, -1000, 1000000000000])).toEqual(hex('84f6f53903e71b000000e8d4a51000'));
    expect(decodeCbor(hex('8301820203820405'), 'roster-form')).toEqual([1, [2, 3], [4, 5]]);
  });

  it.each([
    ['nothing', ''],
    ['a longer integer than needed', '1800'],
    ['a longer length than needed', '580101'],
    ['an indefinite array', '9f01ff'],
    ['indefinite bytes', '5f4101ff'],
    ['indefinite text', '7f6161ff'],
    ['a map', 'a0'],
    ['a map of integers', 'a10102'],
    ['a half float', 'f93c00'],
    ['a double', 'fb3ff199999999999a'],
    ['NaN', 'f97e00'],
    ['undefined', 'f7'],
    ['a tag', 'c11a514b67b0'],
    ['a simple value', 'f0'],
    ['an integer beyond the safe ones', '1b0020000000000000'],
    ['text that is no UTF-8', '61ff'],
    ['a truncated array', '8201'],
    ['an array that claims 2^32 - 1 elements', '9affffffff'],
    ['bytes that claim 2^32 - 1', '5affffffff'],
    ['a second value behind the first', '0101'],
    ['a break', 'ff'],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeCbor(hex(bytes), 'roster-form')).toThrow(/^roster-form$/);
  });

  it('refuses a nest too deep, however deep', () => {
    expect(decodeCbor(hex(`${'81'.repeat(8)}01`), 'roster-form')).toBeDefined();
    for (const depth of [9, 1000, 200_000]) {
      expect(() => decodeCbor(hex(`${'81'.repeat(depth)}01`), 'roster-form')).toThrow(/^roster-form$/);
    }
  });

  it('throws the fault it was told and nothing else, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(encodeCbor(decodeCbor(bytes, 'content-form'))).toEqual(bytes);
        } catch (error) {
          expect((error as Error).message).toBe('content-form');
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses what another encoder may write', () => {
    for (const other of [{ a: 1 }, [1.5], [undefined], new Map([[1, 2]])]) {
      expect(() => decodeCbor(encode(other), 'content-form')).toThrow(/^content-form$/);
      expect(() => encodeCbor(other as unknown as Cbor)).toThrow(TypeError);
    }
  });

  it('copies byte strings out of what it was given', () => {
    const bytes = encodeCbor([new Uint8Array([1, 2, 3])]);
    const [inner] = decodeCbor(bytes, 'content-form') as [Uint8Array];
    bytes.fill(0);
    expect(inner).toEqual(new Uint8Array([1, 2, 3]));
  });
});
