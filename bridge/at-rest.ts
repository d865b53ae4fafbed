// Opened messages, grants and private prekeys at rest on a device: sealed under a key of the device, so that a stray copy of its store says nothing.
import { fault } from '#protocol/fault.ts';
import { framedKey } from '#protocol/sodium/hash.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { DeviceKeys } from './keys.ts';

const NONCE_BYTES = 24;

/** Nonce, then XChaCha20-Poly1305 of `plain`. Context `pawpost1/at-rest`. */
export function sealAtRest(keys: DeviceKeys, plain: Uint8Array): Uint8Array {
  const nonce = sodium.randombytes_buf(NONCE_BYTES);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, null, null, nonce, atRestKey(keys));
  const bytes = new Uint8Array(NONCE_BYTES + sealed.length);
  bytes.set(nonce);
  bytes.set(sealed, NONCE_BYTES);
  return bytes;
}

/** Fault `clip-opened` for what this device did not seal. */
export function openAtRest(keys: DeviceKeys, bytes: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      bytes.subarray(NONCE_BYTES),
      null,
      bytes.subarray(0, NONCE_BYTES),
      atRestKey(keys),
    );
  } catch {
    throw fault('clip-opened');
  }
}

function atRestKey(keys: DeviceKeys): Uint8Array {
  return framedKey(keys.signSeed, 'pawpost1/at-rest');
}
