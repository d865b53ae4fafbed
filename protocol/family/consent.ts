// That an adult let a toy listen, or took it back: dated, with the very words that were shown. The policy's bit is what the toy obeys;
// this is what the family can show afterwards.
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { ID_BYTES } from '../relay/limits.ts';

const CONSENT_VERSION = 1;
const U32_MAX = 0xffffffff;

export interface Consent {
  toyId: Uint8Array;
  isGiven: boolean;
  /** Unix seconds, by that adult's clock. */
  at: number;
  /** BLAKE2b-32 of the text that was shown. */
  words: Uint8Array;
  /** The adult, and the device they held. */
  person: Uint8Array;
  deviceId: Uint8Array;
}

/** `[1, toy id, is given, at, hash of the words, person, device id]`. */
export function encodeConsent(consent: Consent): Uint8Array {
  const { toyId, isGiven, at, words, person, deviceId } = consent;
  return encodeCbor([CONSENT_VERSION, toyId, isGiven, at, words, person, deviceId]);
}

/** Fault `content-form`. */
export function decodeConsent(bytes: Uint8Array): Consent {
  const code = 'content-form';
  const fields = asTuple(decodeCbor(bytes, code), 7, code);
  if (fields[0] !== CONSENT_VERSION || typeof fields[2] !== 'boolean') throw fault(code);
  return {
    toyId: asBytes(fields[1], ID_BYTES, code),
    isGiven: fields[2],
    at: asInteger(fields[3], 0, U32_MAX, code),
    words: asBytes(fields[4], 32, code),
    person: asBytes(fields[5], ID_BYTES, code),
    deviceId: asBytes(fields[6], ID_BYTES, code),
  };
}
