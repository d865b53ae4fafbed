// A signed program, byte for byte; and that nothing else is one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii } from '#protocol/bytes.ts';
import {
  checkProgram,
  codeOf,
  decodeHead,
  HEAD_BYTES,
  isSignedBy,
  signProgram,
} from '#protocol/program/head.ts';
import { SLOT_CODE_AT, slotImage } from '#protocol/program/slot.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';

const maker = signKeys(new Uint8Array(32).fill(7));
const stranger = signKeys(new Uint8Array(32).fill(8));
const sign = (message: Uint8Array) => sodium.crypto_sign_detached(message, maker.secret);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const CODE = ascii('print("hello")');
const program = signProgram(1, 10203, CODE, sign);

/** The head of that program (maker's seed 32 bytes of 7, board 1, version 1.2.3), as OpenSSL and Python's hashlib make it. */
const VECTOR =
  '706177706f7374312f70726f6772616d0100db270e00000000000000000000000000000000000000' +
  '89f458de883a8c23f49c55143d9abffd78a37fb67f1b3392114db6b39407a641' +
  '701ac2ab565a4293ed4305faf3870f1b322af03059a6b1e84cd9febcc1509d0c' +
  '74e448abe2ef77b9e2e9a6e597403232b06cc91d161fe09527aa28b328648b03';

describe('a signed program', () => {
  it('is this, byte for byte', () => {
    expect(hex(program.subarray(0, HEAD_BYTES))).toBe(VECTOR);
    expect(codeOf(program)).toEqual(CODE);
  });

  it('says what it was made of', () => {
    const anyCode = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), anyCode, (board, version, code) => {
        const made = signProgram(board, version, code, sign);
        expect(checkProgram(made, maker.publicKey)).toMatchObject({ board, version, length: code.length });
        const image = slotImage(made);
        expect(image.subarray(0, HEAD_BYTES)).toEqual(made.subarray(0, HEAD_BYTES));
        expect(image.subarray(SLOT_CODE_AT)).toEqual(code);
        expect(image.subarray(HEAD_BYTES, SLOT_CODE_AT).every((byte) => byte === 0xff)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is none with any bit of it changed', () => {
    fc.assert(
      fc.property(fc.nat(program.length * 8 - 1), (bit) => {
        const changed = program.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => checkProgram(changed, maker.publicKey)).toThrow(/^program-(form|hash|signature)$/);
      }),
      { numRuns: 200 },
    );
  });

  it('is none of another maker', () => {
    expect(() => checkProgram(program, stranger.publicKey)).toThrow(/^program-signature$/);
    expect(isSignedBy(program, stranger.publicKey)).toBe(false);
    expect(checkProgram(program, null).version).toBe(10203);
  });

  it('has code that a slot takes', () => {
    expect(() => signProgram(1, 1, new Uint8Array(0), sign)).toThrow(/^program-form$/);
    expect(() => signProgram(1, 1, new Uint8Array(40961), sign)).toThrow(/^program-form$/);
    expect(checkProgram(signProgram(1, 1, new Uint8Array(40960), sign), maker.publicKey).length).toBe(40960);
  });
});

describe('any bytes', () => {
  const almost = fc
    .tuple(
      fc.array(fc.tuple(fc.nat(program.length - 1), fc.nat(255)), { maxLength: 4 }),
      fc.nat(program.length),
    )
    .map(([changes, length]) => {
      const bytes = program.slice(0, length);
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      return bytes;
    });

  it('are a head or a fault', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), almost), (bytes) => {
        for (const read of [decodeHead, (input: Uint8Array) => checkProgram(input, maker.publicKey)])
          try {
            expect(read(bytes).length).toBeLessThanOrEqual(40960);
          } catch (error) {
            expect((error as Error).message).toMatch(/^program-(form|hash|signature)$/);
          }
      }),
    );
  });
});
