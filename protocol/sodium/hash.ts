// Framed BLAKE2b-32 of the host-only parts of the protocol: each part stands behind its length, so no two lists of parts hash alike.
import { ascii, putU32 } from '../bytes.ts';
import { sodium } from './ready.ts';

export const HASH_BYTES = 32;

/**
 * BLAKE2b-32 (RFC 7693) of the context and the parts, each after its length as u32 (little-endian).
 * `context` is one of the strings of README section 1 and ASCII.
 */
export function framedHash(context: string, ...parts: Uint8Array[]): Uint8Array {
  return framed(null, context, parts);
}

/** As `framedHash`, keyed with `key` (32 bytes): a key derivation, or a MAC. */
export function framedKey(key: Uint8Array, context: string, ...parts: Uint8Array[]): Uint8Array {
  // An empty key would be taken by libsodium for "no key".
  if (key.length !== 32) throw new RangeError('a key has 32 bytes');
  return framed(key, context, parts);
}

function framed(key: Uint8Array | null, context: string, parts: Uint8Array[]): Uint8Array {
  const state = sodium.crypto_generichash_init(key, HASH_BYTES);
  const length = new Uint8Array(4);
  for (const part of [ascii(context), ...parts]) {
    putU32(length, 0, part.length);
    sodium.crypto_generichash_update(state, length);
    sodium.crypto_generichash_update(state, part);
  }
  return sodium.crypto_generichash_final(state, HASH_BYTES);
}
