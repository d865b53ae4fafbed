// The family's safe: what the successor of lost phones needs, kept at the relay, sealed to the root key. Any adult's device fills it;
// nothing but the recovery kit opens it.
import { putU32, u32 } from '../bytes.ts';
import { asArray, asBlob, asBytes, asInteger, asTuple, type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { padmeBytes } from '../envelope/body-size.ts';
import { fault } from '../fault.ts';
import { POLICY_BYTES } from '../policy/layout.ts';
import { ID_BYTES, SAFE_MAX_BYTES } from '../relay/limits.ts';
import { framedHash, framedKey } from '../sodium/hash.ts';
import { sodium } from '../sodium/ready.ts';
import { signDigest, signKeys, verifySignature } from '../sodium/sign.ts';
import { memberOf, type Roster } from './chain.ts';
import { KEY_BYTES, MEMBERS_MAX, ROLE_ADULT, ROLE_TOY } from './member.ts';
import { decodeProfile, encodeProfile, type Profile } from './profile.ts';

const SAFE_VERSION = 1;
/** X-Wing public key and ciphertext (draft-connolly-cfrg-xwing-kem), bytes. */
export const SAFE_KEY_BYTES = 1216;
const CIPHERTEXT_BYTES = 1120;
const ENCAPSULATION_SEED_BYTES = 64;
const PROFILES_MAX = 256;
const U32_MAX = 0xffffffff;
/** Every sealing has a key of its own, so its nonce can be zero. */
const NONCE = new Uint8Array(24);

/** What the safe is sealed to: the public key, and the root's signature of it. Public. */
export interface SafeKey {
  /** X-Wing. */
  publicKey: Uint8Array;
  signature: Uint8Array;
}

/** The secrets of one toy, and what it obeyed when the safe was filled. */
export interface SafeToy {
  toyId: Uint8Array;
  toyRoot: Uint8Array;
  /** X25519 secret of the clip key. */
  clipSecret: Uint8Array;
  /** 1800 bytes; null if there is none. */
  policy: Uint8Array | null;
}

export interface SafeContent {
  /** The adult's device that filled it. */
  deviceId: Uint8Array;
  /** The newest entry that it knew. */
  headNumber: number;
  /** Unix seconds. */
  at: number;
  toys: readonly SafeToy[];
  profiles: readonly Profile[];
}

/** The safe's key of a root's seed. Contexts `pawpost1/safe` (the pair's seed) and `pawpost1/safe-key` (the signature). */
export function safeKeyOf(seed: Uint8Array): SafeKey {
  const { publicKey } = sodium.crypto_kem_xwing_seed_keypair(framedKey(seed, 'pawpost1/safe'));
  return {
    publicKey,
    signature: signDigest(framedHash('pawpost1/safe-key', publicKey), signKeys(seed).secret),
  };
}

/**
 * `[1, public key, root's signature, ciphertext, sealed]`. `content` names the device whose Ed25519 secret is given. Contexts
 * `pawpost1/safe-content` (its signature), `pawpost1/safe-seal`. Fault `safe-form` if it would be larger than a relay takes.
 */
export function sealSafe(
  key: SafeKey,
  familyId: Uint8Array,
  content: SafeContent,
  secret: Uint8Array,
  random: (bytes: Uint8Array) => void,
): Uint8Array {
  const { deviceId, headNumber, at, toys, profiles } = content;
  const payload = encodeCbor([
    SAFE_VERSION,
    familyId,
    deviceId,
    headNumber,
    at,
    toys.map(({ toyId, toyRoot, clipSecret, policy }) => [toyId, toyRoot, clipSecret, policy]),
    profiles.map(encodeProfile),
  ]);
  const signed = encodeCbor([payload, signDigest(framedHash('pawpost1/safe-content', payload), secret)]);
  const plain = new Uint8Array(padmeBytes(4 + signed.length));
  putU32(plain, 0, signed.length);
  plain.set(signed, 4);
  const seed = new Uint8Array(ENCAPSULATION_SEED_BYTES);
  random(seed);
  const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc_deterministic(key.publicKey, seed);
  const sealing = sealingKey(sharedSecret, familyId, ciphertext, key.publicKey);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, null, null, NONCE, sealing);
  const bytes = encodeCbor([SAFE_VERSION, key.publicKey, key.signature, ciphertext, sealed]);
  if (bytes.length > SAFE_MAX_BYTES) throw fault('safe-form');
  return bytes;
}

/** The key that a safe is sealed to, for whoever fills it anew. Faults: `safe-form`; `safe-signature` for one that this root did not sign. */
export function readSafeKey(bytes: Uint8Array, rootKey: Uint8Array): SafeKey {
  return decodeSafe(bytes, rootKey).key;
}

/**
 * Opens a safe with the root's seed. `roster` is the family as it is served: whoever filled the safe must be an adult's device in it.
 * Faults: `safe-form`, `safe-signature`.
 */
export function openSafe(bytes: Uint8Array, seed: Uint8Array, roster: Roster): SafeContent {
  const { key, ciphertext, sealed } = decodeSafe(bytes, roster.rootKey);
  let plain: Uint8Array;
  try {
    const pair = sodium.crypto_kem_xwing_seed_keypair(framedKey(seed, 'pawpost1/safe'));
    const shared = sodium.crypto_kem_xwing_dec(ciphertext, pair.privateKey);
    const sealing = sealingKey(shared, roster.familyId, ciphertext, key.publicKey);
    plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, null, NONCE, sealing);
  } catch {
    // libsodium says no by an Error of its own words.
    throw fault('safe-form');
  }
  if (plain.length < 4 || u32(plain, 0) > plain.length - 4) throw fault('safe-form');
  const signed = plain.subarray(4, 4 + u32(plain, 0));
  const [payload, signature] = asTuple(decodeCbor(signed, 'safe-form'), 2, 'safe-form');
  const content = decodeContent(asBlob(payload, SAFE_MAX_BYTES, 'safe-form'), roster);
  const adult = memberOf(roster, content.deviceId);
  const signKey = adult?.role === ROLE_ADULT ? adult.signKey : null;
  const digest = framedHash('pawpost1/safe-content', asBlob(payload, SAFE_MAX_BYTES, 'safe-form'));
  if (signKey === null || !verifySignature(asBytes(signature, 64, 'safe-form'), digest, signKey))
    throw fault('safe-signature');
  return content;
}

function decodeSafe(bytes: Uint8Array, rootKey: Uint8Array) {
  if (bytes.length > SAFE_MAX_BYTES) throw fault('safe-form');
  const fields = asTuple(decodeCbor(bytes, 'safe-form'), 5, 'safe-form');
  if (fields[0] !== SAFE_VERSION) throw fault('safe-form');
  const key: SafeKey = {
    publicKey: asBytes(fields[1], SAFE_KEY_BYTES, 'safe-form'),
    signature: asBytes(fields[2], 64, 'safe-form'),
  };
  const digest = framedHash('pawpost1/safe-key', key.publicKey);
  if (!verifySignature(key.signature, digest, rootKey)) throw fault('safe-signature');
  return {
    key,
    ciphertext: asBytes(fields[3], CIPHERTEXT_BYTES, 'safe-form'),
    sealed: asBlob(fields[4], SAFE_MAX_BYTES, 'safe-form'),
  };
}

function decodeContent(payload: Uint8Array, roster: Roster): SafeContent {
  const fields = asArray(decodeCbor(payload, 'safe-form'), 7, 'safe-form');
  const familyId = asBytes(fields[1], ID_BYTES, 'safe-form');
  const isOurs = familyId.every((byte, i) => byte === roster.familyId[i]);
  if (fields[0] !== SAFE_VERSION || !isOurs) throw fault('safe-form');
  return {
    deviceId: asBytes(fields[2], ID_BYTES, 'safe-form'),
    headNumber: asInteger(fields[3], 0, U32_MAX, 'safe-form'),
    at: asInteger(fields[4], 0, U32_MAX, 'safe-form'),
    toys: list(fields[5], MEMBERS_MAX[ROLE_TOY]).map(decodeToy),
    profiles: list(fields[6], PROFILES_MAX).map((bytes) =>
      decodeProfile(asBlob(bytes, SAFE_MAX_BYTES, 'safe-form')),
    ),
  };
}

function decodeToy(value: Cbor): SafeToy {
  const [toyId, toyRoot, clipSecret, policy] = asTuple(value, 4, 'safe-form');
  return {
    toyId: asBytes(toyId, ID_BYTES, 'safe-form'),
    toyRoot: asBytes(toyRoot, KEY_BYTES, 'safe-form'),
    clipSecret: asBytes(clipSecret, KEY_BYTES, 'safe-form'),
    policy: policy === null ? null : asBytes(policy, POLICY_BYTES, 'safe-form'),
  };
}

function list(value: Cbor | undefined, max: number): readonly Cbor[] {
  const array = asArray(value, 0, 'safe-form');
  if (array.length > max) throw fault('safe-form');
  return array;
}

/** Context `pawpost1/safe-seal`. */
function sealingKey(
  shared: Uint8Array,
  familyId: Uint8Array,
  ciphertext: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  return framedKey(shared, 'pawpost1/safe-seal', familyId, ciphertext, publicKey);
}
