// The link's primitives on a host, over libsodium-wrappers: sixteen slots of 64 bytes, one instance for each link.
import { concat, NOTHING, putU32 } from '../bytes.ts';
import type { Primitives, Slot } from '../link/primitives.ts';
import { TAG_BYTES } from '../link/primitives.ts';
import { blake2b, hkdf } from './hkdf.ts';
import { sodium } from './ready.ts';

export const SLOT_BYTES = 64;
export const SLOTS = 16;

// 2^64-1, the nonce of Noise's REKEY, as the eight bytes it is: a number cannot hold it.
const REKEY_NONCE = new Uint8Array([0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);

/** From libsodium's generator, which is the system's. */
function systemRandom(out: Uint8Array): void {
  out.set(sodium.randombytes_buf(out.length));
}

/**
 * Primitives with all slots empty; cheap enough for one per connection (1 KB).
 * @param random fills its argument; tests give a generator of their own.
 * @param slots 1024 bytes that hold the slots, for a caller that keeps 0-7 (a simulated toy).
 */
export function createPrimitives(
  random: (out: Uint8Array) => void = systemRandom,
  slots: Uint8Array = new Uint8Array(SLOTS * SLOT_BYTES),
): Primitives {
  if (slots.length !== SLOTS * SLOT_BYTES) throw new RangeError('slots take 1024 bytes');
  const nonce = new Uint8Array(12);
  let streaming: ReturnType<typeof sodium.crypto_generichash_init> | null = null;

  function whole(slot: Slot): Uint8Array {
    if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) throw new RangeError('no such slot');
    return slots.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES);
  }
  function key(slot: Slot): Uint8Array {
    return whole(slot).subarray(0, 32);
  }
  function load(slot: Slot, bytes: Uint8Array): void {
    if (bytes.length !== 32 && bytes.length !== 64) throw new RangeError('a slot takes 32 or 64 bytes');
    const copy = bytes.slice();
    whole(slot).fill(0).set(copy);
    copy.fill(0);
  }
  function numbered(number: number): Uint8Array {
    putU32(nonce, 4, number >>> 0);
    putU32(nonce, 8, Math.floor(number / 0x1_0000_0000));
    return nonce;
  }
  function range(buffer: Uint8Array, offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > buffer.length)
      throw new RangeError('outside the buffer');
    return buffer.subarray(offset, offset + length);
  }

  const self: Primitives = {
    random,
    load,
    generate(slot) {
      const fresh = new Uint8Array(32);
      random(fresh);
      load(slot, fresh);
      fresh.fill(0);
    },
    copy(from, to) {
      whole(to).set(whole(from));
    },
    clear(slot) {
      whole(slot).fill(0);
    },
    has(slot) {
      return whole(slot).some((byte) => byte !== 0);
    },

    publicKey(slot, out) {
      out.set(sodium.crypto_scalarmult_base(key(slot)));
    },
    dh(secret, peer, out) {
      let shared: Uint8Array;
      try {
        shared = sodium.crypto_scalarmult(key(secret), peer);
      } catch {
        // libsodium refuses an all-zero result, RFC 7748 section 6.1.
        self.clear(out);
        return false;
      }
      load(out, shared);
      shared.fill(0);
      return true;
    },
    verify(signature, a, b, publicKey) {
      if (signature.length !== 64 || publicKey.length !== 32) return false;
      return sodium.crypto_sign_verify_detached(signature, concat(a, b), publicKey);
    },

    hash(out, a, b) {
      out.set(blake2b(out.length, null, a, b));
    },
    mac(out, slot, a, b) {
      out.set(blake2b(out.length, key(slot), a, b));
    },
    derive(out, slot, a, b) {
      load(out, blake2b(32, key(slot), a, b));
    },
    hashStart() {
      // libsodium frees a stream's state only at its end.
      if (streaming !== null) sodium.crypto_generichash_final(streaming, 32);
      streaming = sodium.crypto_generichash_init(null, 32);
    },
    hashUpdate(buffer, offset, length) {
      if (streaming === null) throw new Error('hashUpdate before hashStart');
      sodium.crypto_generichash_update(streaming, range(buffer, offset, length));
    },
    hashEnd(out) {
      if (streaming === null) throw new Error('hashEnd before hashStart');
      out.set(sodium.crypto_generichash_final(streaming, 32));
      streaming = null;
    },

    mixKey(chain, input, out) {
      const [nextChain, nextKey] = hkdf(whole(chain), key(input), 2);
      load(chain, nextChain!);
      load(out, nextKey!.subarray(0, 32));
    },
    mixKeyAndHash(chain, input, h, out) {
      const [nextChain, mixed, nextKey] = hkdf(whole(chain), key(input), 3);
      load(chain, nextChain!);
      h.set(blake2b(64, null, h, mixed!));
      load(out, nextKey!.subarray(0, 32));
    },
    split(chain, a, b) {
      const [first, second] = hkdf(whole(chain), NOTHING, 2);
      load(a, first!.subarray(0, 32));
      load(b, second!.subarray(0, 32));
    },

    seal(slot, number, ad, buffer, offset, length) {
      const room = range(buffer, offset, length + TAG_BYTES);
      const plain = room.subarray(0, length);
      room.set(
        sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plain, ad, null, numbered(number), key(slot)),
      );
    },
    open(slot, number, ad, buffer, offset, length) {
      if (length < TAG_BYTES) return false;
      const sealed = range(buffer, offset, length);
      try {
        const nonceOf = numbered(number);
        sealed.set(sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, ad, nonceOf, key(slot)));
        return true;
      } catch {
        return false;
      }
    },
    sealSecret(slot, number, ad, buffer, offset, length, secret) {
      if (length < 32) throw new RangeError('no room for the secret');
      range(buffer, offset + length - 32, 32).set(key(secret));
      self.seal(slot, number, ad, buffer, offset, length);
    },
    rekey(slot) {
      const zeros = new Uint8Array(32);
      const sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
        zeros,
        null,
        null,
        REKEY_NONCE,
        key(slot),
      );
      load(slot, sealed.subarray(0, 32));
    },
  };
  return self;
}
