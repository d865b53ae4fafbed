import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import {
  decodeErrand,
  ERRAND_ANIMALS,
  ERRAND_BEGIN,
  ERRAND_CONFIRM,
  ERRAND_DONE,
  ERRAND_FAILED,
  ERRAND_POLICY,
  ERRAND_ROOT,
  ERRAND_SEEKING,
  type ErrandStep,
  encodeErrand,
} from '#protocol/envelope/errand.ts';
import { POLICY_BYTES } from '#protocol/policy/layout.ts';

const errandId = new Uint8Array(16).fill(1);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const steps: fc.Arbitrary<ErrandStep> = fc.oneof(
  bytes(32).map((tag) => ({ step: ERRAND_BEGIN, tag }) as const),
  fc
    .tuple(fc.uint8Array({ minLength: 4, maxLength: 4, max: 15 }), fc.nat(255))
    .map(([animals, resets]) => ({ step: ERRAND_ANIMALS, animals, resets }) as const),
  fc.boolean().map((areSame) => ({ step: ERRAND_CONFIRM, areSame }) as const),
  fc
    .tuple(bytes(32), bytes(32))
    .map(([linkKey, toyRoot]) => ({ step: ERRAND_ROOT, linkKey, toyRoot }) as const),
  bytes(POLICY_BYTES).map((policy) => ({ step: ERRAND_POLICY, policy }) as const),
  bytes(16).map((toyId) => ({ step: ERRAND_DONE, toyId }) as const),
  fc.constantFrom('not-found', 'denied', 'busy').map((code) => ({ step: ERRAND_FAILED, code }) as const),
  fc.constant({ step: ERRAND_SEEKING } as const),
);

describe('an errand', () => {
  it('is what the specification says', () => {
    const tag = new Uint8Array(32).fill(7);
    const text = Buffer.from(encodeErrand({ errandId, step: { step: ERRAND_BEGIN, tag } })).toString('hex');
    expect(text).toBe(`840150${'01'.repeat(16)}015820${'07'.repeat(32)}`);
    const asked = Buffer.from(encodeErrand({ errandId, step: { step: ERRAND_CONFIRM, areSame: true } }));
    expect(asked.toString('hex')).toBe(`840150${'01'.repeat(16)}03f5`);
  });

  it('comes back as it was, also when a later version has added to it', () => {
    fc.assert(
      fc.property(steps, (step) => {
        const encoded = encodeErrand({ errandId, step });
        expect(decodeErrand(encoded)).toEqual({ errandId, step });
        const fields = decodeCbor(encoded, 'content-form') as [];
        expect(decodeErrand(encodeCbor([...fields, 'later']))).toEqual({ errandId, step });
        expect(() => decodeErrand(encodeCbor([2, ...fields.slice(1)]))).toThrow('content-form');
        if (step.step !== ERRAND_SEEKING)
          expect(() => decodeErrand(encodeCbor(fields.slice(0, -1)))).toThrow('content-form');
      }),
    );
  });

  it('has the fields of its step', () => {
    for (const fields of [
      [ERRAND_BEGIN, new Uint8Array(31)],
      [ERRAND_ANIMALS, new Uint8Array([0, 1, 2, 16]), 0],
      [ERRAND_ANIMALS, new Uint8Array(4), 256],
      [ERRAND_CONFIRM, 1],
      [ERRAND_ROOT, new Uint8Array(32), new Uint8Array(33)],
      [ERRAND_POLICY, new Uint8Array(POLICY_BYTES - 1)],
      [ERRAND_DONE, new Uint8Array(32)],
      [ERRAND_FAILED, 'Not Found'],
      [ERRAND_FAILED, ''],
      [ERRAND_FAILED, 'a'.repeat(33)],
      [0, new Uint8Array(32)],
      [9, new Uint8Array(32)],
    ])
      expect(() => decodeErrand(encodeCbor([1, errandId, ...fields]))).toThrow('content-form');
  });

  it('is never anything but a step or a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => decodeErrand(noise)).toThrow('content-form');
      }),
    );
  });
});
