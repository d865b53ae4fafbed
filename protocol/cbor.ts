// Strict deterministic CBOR (RFC 8949 section 4.2), the one encoding of everything that is signed on hosts: arrays, integers,
// byte strings, text, booleans and null. No maps, floats or tags, so that a value has exactly one spelling.
import { decode, encode } from 'cborg';
import { same } from './bytes.ts';
import { type FaultCode, fault } from './fault.ts';

/** What may be encoded. Numbers are safe integers. */
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[];

/** Deeper nesting than anything of ours; stops a stack from being filled by a row of 0x81. */
export const CBOR_DEPTH_MAX = 8;

const OPTIONS = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
} as const;

/** The one encoding of `value`. Throws a TypeError for a value that is no Cbor: a mistake of ours, never of a stranger. */
export function encodeCbor(value: Cbor): Uint8Array {
  if (!isCbor(value, 0)) throw new TypeError('cbor: not an encodable value');
  // On Node the library hands out a Buffer, whose `slice` shares memory where everybody else's copies.
  const bytes = encode(value);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * The value of `bytes`, if they are its one encoding and nothing follows. Byte strings are copies.
 * Throws the fault that the caller names, and nothing else.
 */
export function decodeCbor(bytes: Uint8Array, code: FaultCode): Cbor {
  let value: unknown;
  let again: Uint8Array;
  try {
    value = decode(bytes, OPTIONS);
    if (!isCbor(value, 0)) throw fault(code);
    again = encode(value);
  } catch {
    throw fault(code);
  }
  if (!same(again, bytes)) throw fault(code);
  return value;
}

/** `value` as an array of at least `length` elements, or the fault. */
export function asArray(value: Cbor | undefined, length: number, code: FaultCode): readonly Cbor[] {
  if (!Array.isArray(value) || value.length < length) throw fault(code);
  return value;
}

/** `value` as an array of exactly `length` elements, or the fault. */
export function asTuple(value: Cbor | undefined, length: number, code: FaultCode): readonly Cbor[] {
  const array = asArray(value, length, code);
  if (array.length !== length) throw fault(code);
  return array;
}

/** `value` as bytes of exactly `length`, or the fault. */
export function asBytes(value: Cbor | undefined, length: number, code: FaultCode): Uint8Array {
  const bytes = asBlob(value, length, code);
  if (bytes.length !== length) throw fault(code);
  return bytes;
}

/** `value` as at most `max` bytes, or the fault. */
export function asBlob(value: Cbor | undefined, max: number, code: FaultCode): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > max) throw fault(code);
  return value;
}

/** `value` as an integer from `min` to `max`, or the fault. */
export function asInteger(value: Cbor | undefined, min: number, max: number, code: FaultCode): number {
  if (typeof value !== 'number' || value < min || value > max) throw fault(code);
  return value;
}

function isCbor(value: unknown, depth: number): value is Cbor {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (value instanceof Uint8Array) return true;
  if (!Array.isArray(value) || depth >= CBOR_DEPTH_MAX) return false;
  for (const element of value) if (!isCbor(element, depth + 1)) return false;
  return true;
}
