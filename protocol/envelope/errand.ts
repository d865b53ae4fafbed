// Pairing through a bridge: what an adult without a radio and the bridge that pairs for them say to each other, inside envelopes of kind
// ERRAND. One step a message, in the order of this file.
import { asArray, asBytes, asInteger, type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { POLICY_BYTES } from '../policy/layout.ts';
import { ID_BYTES } from '../relay/limits.ts';

export const ERRAND_VERSION = 1;
/** An errand is over so long after it was sent, whatever it has come to. */
export const ERRAND_LIFETIME_S = 300;

export const ERRAND_BEGIN = 1;
export const ERRAND_ANIMALS = 2;
export const ERRAND_CONFIRM = 3;
export const ERRAND_ROOT = 4;
export const ERRAND_POLICY = 5;
export const ERRAND_DONE = 6;
export const ERRAND_FAILED = 7;
export const ERRAND_SEEKING = 8;

const KEY_BYTES = 32;
const ANIMALS_BYTES = 4;
const RESETS_MAX = 255;
const CODE = /^[a-z][a-z-]{0,31}$/;

export type ErrandStep =
  /** Adult: pair the toy with this tag. */
  | { step: typeof ERRAND_BEGIN; tag: Uint8Array }
  /** Bridge: I am at it. */
  | { step: typeof ERRAND_SEEKING }
  /** Bridge: the toy sings these (four numbers of 0-15), and was reset so often. */
  | { step: typeof ERRAND_ANIMALS; animals: Uint8Array; resets: number }
  /** Adult: they are the same, or not. */
  | { step: typeof ERRAND_CONFIRM; areSame: boolean }
  /** Bridge: the toy's X25519 key and its root. */
  | { step: typeof ERRAND_ROOT; linkKey: Uint8Array; toyRoot: Uint8Array }
  /** Adult: what it must obey. */
  | { step: typeof ERRAND_POLICY; policy: Uint8Array }
  /** Bridge: it does. */
  | { step: typeof ERRAND_DONE; toyId: Uint8Array }
  /** Either: it is over. `code` says why, in lower case. */
  | { step: typeof ERRAND_FAILED; code: string };

export interface ErrandMessage {
  /** Random, of the whole errand. */
  errandId: Uint8Array;
  step: ErrandStep;
}

/** The extra of a head. */
export function encodeErrand({ errandId, step }: ErrandMessage): Uint8Array {
  return encodeCbor([ERRAND_VERSION, errandId, step.step, ...fieldsOf(step)]);
}

function fieldsOf(step: ErrandStep): Cbor[] {
  switch (step.step) {
    case ERRAND_BEGIN:
      return [step.tag];
    case ERRAND_ANIMALS:
      return [step.animals, step.resets];
    case ERRAND_CONFIRM:
      return [step.areSame];
    case ERRAND_ROOT:
      return [step.linkKey, step.toyRoot];
    case ERRAND_POLICY:
      return [step.policy];
    case ERRAND_DONE:
      return [step.toyId];
    case ERRAND_FAILED:
      return [step.code];
    case ERRAND_SEEKING:
      return [];
  }
}

/** Fault `content-form`. More fields than are known here are left unread. */
export function decodeErrand(bytes: Uint8Array): ErrandMessage {
  const form = 'content-form';
  const fields = asArray(decodeCbor(bytes, form), 3, form);
  if (fields[0] !== ERRAND_VERSION) throw fault(form);
  const errandId = asBytes(fields[1], ID_BYTES, form);
  const step = asInteger(fields[2], ERRAND_BEGIN, ERRAND_SEEKING, form) as ErrandStep['step'];
  return { errandId, step: stepOf(step, fields.slice(3)) };
}

function stepOf(step: ErrandStep['step'], fields: readonly Cbor[]): ErrandStep {
  const form = 'content-form';
  const [first, second] = fields;
  switch (step) {
    case ERRAND_BEGIN:
      return { step, tag: asBytes(first, KEY_BYTES, form) };
    case ERRAND_ANIMALS: {
      const animals = asBytes(first, ANIMALS_BYTES, form);
      if (animals.some((animal) => animal > 15)) throw fault(form);
      return { step, animals, resets: asInteger(second, 0, RESETS_MAX, form) };
    }
    case ERRAND_CONFIRM:
      if (typeof first !== 'boolean') throw fault(form);
      return { step, areSame: first };
    case ERRAND_ROOT:
      return { step, linkKey: asBytes(first, KEY_BYTES, form), toyRoot: asBytes(second, KEY_BYTES, form) };
    case ERRAND_POLICY:
      return { step, policy: asBytes(first, POLICY_BYTES, form) };
    case ERRAND_DONE:
      return { step, toyId: asBytes(first, ID_BYTES, form) };
    case ERRAND_FAILED: {
      if (typeof first !== 'string' || !CODE.test(first)) throw fault(form);
      return { step, code: first };
    }
    case ERRAND_SEEKING:
      return { step };
  }
}
