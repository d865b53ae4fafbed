// What makes a device this device: its role and its secret keys. They exist in memory and in one file of mode 0600, nowhere else.
import {
  asMember,
  type Candidate,
  type Member,
  type ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
} from '#protocol/family/member.ts';
import { sodium } from '#protocol/sodium/ready.ts';

export type DeviceRole = typeof ROLE_ADULT | typeof ROLE_RELATIVE | typeof ROLE_BRIDGE;

export interface DeviceKeys {
  role: DeviceRole;
  /** Seed of the Ed25519 key, 32 bytes. */
  signSeed: Uint8Array;
  /** X25519 secret of the link, 32 bytes: bridges, and adults whose phone can be one. Null for a relative. */
  linkSecret: Uint8Array | null;
  /** Random number of the person, 16 bytes. Null for a bridge. */
  person: Uint8Array | null;
}

/** Fresh keys for a device. */
export function createKeys(role: DeviceRole): DeviceKeys {
  return {
    role,
    signSeed: sodium.randombytes_buf(32),
    linkSecret: role === ROLE_RELATIVE ? null : sodium.randombytes_buf(32),
    person: role === ROLE_BRIDGE ? null : sodium.randombytes_buf(16),
  };
}

/** The public face of a device, as the roster lists it. */
export function memberOfKeys(keys: DeviceKeys): Member {
  const candidate: Candidate = {
    role: keys.role,
    signKey: sodium.crypto_sign_seed_keypair(keys.signSeed).publicKey,
    linkKey: keys.linkSecret && sodium.crypto_scalarmult_base(keys.linkSecret),
    person: keys.person,
  };
  return asMember(candidate);
}

/** Ed25519 signature (64 bytes) of `message`. */
export function signWith(keys: DeviceKeys, message: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(keys.signSeed).privateKey);
}
