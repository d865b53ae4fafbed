// The message key for one device: encapsulated to its prekey of the week (X-Wing: X25519 and ML-KEM-768,
// draft-connolly-cfrg-xwing-kem), with the sequence that stops replays. Bound to the header, the device, the window and the prekey.
import { putU32, same, u32 } from '../bytes.ts';
import { fault } from '../fault.ts';
import { framedKey } from '../sodium/hash.ts';
import { sodium } from '../sodium/ready.ts';
import type { Random } from './body.ts';
import type { EnvelopeHeader, Wrap } from './header.ts';
import { type Prekey, prekeyOf } from './prekeys.ts';

const KEY_BYTES = 32;
/** Every wrapping key is used once, so its nonce can be zero. */
const NONCE = new Uint8Array(24);
/** Randomness of one X-Wing encapsulation, bytes. */
const ENCAPSULATION_SEED_BYTES = 64;

/** What a wrap holds. */
export interface Unwrapped {
  key: Uint8Array;
  /** From this sender's device to this recipient's, from 1. */
  sequence: number;
}

/**
 * Says which key a message has without showing it, so that nobody can show two recipients two messages: Poly1305 alone would let
 * one body open under two keys. Context `pawpost1/key-commitment`.
 */
export function commitTo(key: Uint8Array, messageId: Uint8Array): Uint8Array {
  return framedKey(key, 'pawpost1/key-commitment', messageId);
}

/** Fault `prekeys-form` for a prekey that is no X-Wing key. */
export function sealWrap(
  content: Unwrapped,
  prekey: Prekey,
  deviceId: Uint8Array,
  header: { header: EnvelopeHeader; headerBytes: Uint8Array },
  random: Random,
): Wrap {
  const { sequence } = content;
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 0xffffffff) throw new RangeError('sequence');
  const seed = new Uint8Array(ENCAPSULATION_SEED_BYTES);
  random(seed);
  const { ciphertext, sharedSecret } = encapsulate(prekey.key, seed);
  const key = wrapKey(sharedSecret, ciphertext, prekey, deviceId, header.header.messageId);
  const plain = new Uint8Array(KEY_BYTES + 4);
  plain.set(content.key);
  putU32(plain, KEY_BYTES, sequence);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    plain,
    header.headerBytes,
    null,
    NONCE,
    key,
  );
  return { deviceId, window: prekey.window, ciphertext, sealed };
}

/** Opens a wrap and checks its key against the header's commitment. Fault `envelope-commitment` for whatever does not fit. */
export function openWrap(
  wrap: Wrap,
  secret: Uint8Array,
  header: { header: EnvelopeHeader; headerBytes: Uint8Array },
): Unwrapped {
  const { messageId, commitment } = header.header;
  const prekey = { window: wrap.window, key: prekeyOf(secret) };
  let plain: Uint8Array;
  try {
    const shared = sodium.crypto_kem_xwing_dec(wrap.ciphertext, secret);
    const key = wrapKey(shared, wrap.ciphertext, prekey, wrap.deviceId, messageId);
    plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      wrap.sealed,
      header.headerBytes,
      NONCE,
      key,
    );
  } catch {
    // libsodium says no by an Error of its own words.
    throw fault('envelope-commitment');
  }
  const key = plain.slice(0, KEY_BYTES);
  if (!same(commitTo(key, messageId), commitment)) throw fault('envelope-commitment');
  return { key, sequence: u32(plain, KEY_BYTES) };
}

function encapsulate(
  key: Uint8Array,
  seed: Uint8Array,
): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
  try {
    return sodium.crypto_kem_xwing_enc_deterministic(key, seed);
  } catch {
    throw fault('prekeys-form');
  }
}

/** Context `pawpost1/wrap`. */
function wrapKey(
  shared: Uint8Array,
  ciphertext: Uint8Array,
  prekey: Prekey,
  deviceId: Uint8Array,
  messageId: Uint8Array,
): Uint8Array {
  const window = new Uint8Array(4);
  putU32(window, 0, prekey.window);
  return framedKey(shared, 'pawpost1/wrap', ciphertext, prekey.key, window, deviceId, messageId);
}
