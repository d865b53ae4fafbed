// HMAC and HKDF over BLAKE2b-64, as Noise defines them (revision 34, section 4.3): libsodium offers neither for this hash.
import { sodium } from './ready.ts';

const BLOCK_BYTES = 128;
const HASH_BYTES = 64;
const NOTHING = new Uint8Array(0);

/** BLAKE2b of `a` then `b`, `size` bytes (1-64), keyed if `key` is given. RFC 7693. */
export function blake2b(size: number, key: Uint8Array | null, a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return sodium.crypto_generichash(size, joined, key);
}

/** HMAC-BLAKE2b-64 (RFC 2104) of `message`; `key` is at most 128 bytes. */
export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  for (let i = 0; i < key.length; i++) {
    inner[i]! ^= key[i]!;
    outer[i]! ^= key[i]!;
  }
  return blake2b(HASH_BYTES, null, outer, blake2b(HASH_BYTES, null, inner, message));
}

/** Noise's HKDF: `count` (2 or 3) outputs of 64 bytes from the chaining key and the input. */
export function hkdf(chain: Uint8Array, input: Uint8Array, count: 2 | 3): Uint8Array[] {
  const temporary = hmac(chain, input);
  const outputs: Uint8Array[] = [];
  let previous: Uint8Array = NOTHING;
  for (let i = 1; i <= count; i++) {
    const numbered = new Uint8Array(previous.length + 1);
    numbered.set(previous);
    numbered[previous.length] = i;
    previous = hmac(temporary, numbered);
    outputs.push(previous);
  }
  return outputs;
}
