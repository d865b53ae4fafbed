// Writing a policy and a stamp, for the adult or sender who then signs them (protocol/README.md section 9). Hosts only.
import { putU16, putU32 } from '../bytes.ts';
import { fault } from '../fault.ts';
import {
  KEY_BYTES,
  MAX_ADULTS,
  MAX_BRIDGES,
  MAX_SENDERS,
  POLICY_ADULT_KEYS_AT,
  POLICY_ADULTS_AT,
  POLICY_BRIDGE_KEYS_AT,
  POLICY_BRIDGES_AT,
  POLICY_BYTES,
  POLICY_CLIP_KEY_AT,
  POLICY_CONSENT,
  POLICY_COUNTER_AT,
  POLICY_FLAGS_AT,
  POLICY_GENERATION_AT,
  POLICY_ISSUED_AT,
  POLICY_QUIET_FROM_AT,
  POLICY_QUIET_TO_AT,
  POLICY_ROOT_AT,
  POLICY_SENDER_PLACES_AT,
  POLICY_SENDERS_AT,
  POLICY_SIGNATURE_AT,
  POLICY_SIGNER_AT,
  POLICY_TOY_ID_AT,
  POLICY_VERSION,
  POLICY_VERSION_AT,
  POLICY_VOLUME_AT,
  SENDER_BYTES,
  SENDER_FLAGS_AT,
  SENDER_NEEDS_APPROVAL,
  SENDER_RHYTHM_AT,
  STAMP_ADULT_AT,
  STAMP_BYTES,
  STAMP_COUNTERSIGNATURE_AT,
  STAMP_COUNTERSIGNED_AT,
  STAMP_HASH_AT,
  STAMP_MESSAGE_ID_AT,
  STAMP_SENDER_AT,
  STAMP_SEQUENCE_AT,
  STAMP_SIGNATURE_AT,
  STAMP_TOY_ID_AT,
} from './layout.ts';

export interface SenderFields {
  /** Ed25519. */
  key: Uint8Array;
  rhythm: number;
  needsApproval: boolean;
}

export interface PolicyFields {
  hasConsent: boolean;
  /** Minutes of the day, UTC; QUIET_NONE both for none. */
  quietFrom: number;
  quietTo: number;
  /** Percent. */
  volume: number;
  generation: number;
  counter: number;
  /** Unix seconds. */
  issuedAt: number;
  toyId: Uint8Array;
  root: Uint8Array;
  clipKey: Uint8Array;
  signer: Uint8Array;
  /** At most 8 Ed25519 keys. */
  adults: Uint8Array[];
  /** At most 8 X25519 keys. */
  bridges: Uint8Array[];
  /** At most 32. */
  senders: SenderFields[];
}

export interface StampFields {
  toyId: Uint8Array;
  /** Also the clip's id. */
  messageId: Uint8Array;
  sender: Uint8Array;
  /** Of this sender to this toy, from 1. */
  sequence: number;
  /** BLAKE2b-32 of the packet stream. */
  hash: Uint8Array;
}

/** 1800 bytes without a signature: sign `policySigningBytes`, then `putPolicySignature`. Faults: policy-count. */
export function encodePolicy(fields: PolicyFields): Uint8Array {
  const adults = fields.adults;
  const bridges = fields.bridges;
  const senders = fields.senders;
  if (adults.length > MAX_ADULTS || bridges.length > MAX_BRIDGES || senders.length > MAX_SENDERS)
    throw fault('policy-count');
  const policy = new Uint8Array(POLICY_BYTES);
  policy[POLICY_VERSION_AT] = POLICY_VERSION;
  policy[POLICY_FLAGS_AT] = fields.hasConsent ? POLICY_CONSENT : 0;
  putU16(policy, POLICY_QUIET_FROM_AT, fields.quietFrom);
  putU16(policy, POLICY_QUIET_TO_AT, fields.quietTo);
  policy[POLICY_VOLUME_AT] = fields.volume;
  policy[POLICY_ADULTS_AT] = adults.length;
  policy[POLICY_BRIDGES_AT] = bridges.length;
  policy[POLICY_SENDERS_AT] = senders.length;
  putU32(policy, POLICY_GENERATION_AT, fields.generation);
  putU32(policy, POLICY_COUNTER_AT, fields.counter);
  putU32(policy, POLICY_ISSUED_AT, fields.issuedAt);
  policy.set(fields.toyId, POLICY_TOY_ID_AT);
  policy.set(fields.root, POLICY_ROOT_AT);
  policy.set(fields.clipKey, POLICY_CLIP_KEY_AT);
  policy.set(fields.signer, POLICY_SIGNER_AT);
  for (let i = 0; i < adults.length; i++) policy.set(adults[i]!, POLICY_ADULT_KEYS_AT + i * KEY_BYTES);
  for (let i = 0; i < bridges.length; i++) policy.set(bridges[i]!, POLICY_BRIDGE_KEYS_AT + i * KEY_BYTES);
  for (let i = 0; i < senders.length; i++) {
    const at = POLICY_SENDER_PLACES_AT + i * SENDER_BYTES;
    policy.set(senders[i]!.key, at);
    policy[at + SENDER_RHYTHM_AT] = senders[i]!.rhythm;
    policy[at + SENDER_FLAGS_AT] = senders[i]!.needsApproval ? SENDER_NEEDS_APPROVAL : 0;
  }
  return policy;
}

/** Puts the signer's signature of `policySigningBytes(policy)` in its place. */
export function putPolicySignature(policy: Uint8Array, signature: Uint8Array): void {
  policy.set(signature, POLICY_SIGNATURE_AT);
}

/** 261 bytes without signatures: sign `stampSigningBytes`, then `putStampSignature`. */
export function encodeStamp(fields: StampFields): Uint8Array {
  const stamp = new Uint8Array(STAMP_BYTES);
  stamp.set(fields.toyId, STAMP_TOY_ID_AT);
  stamp.set(fields.messageId, STAMP_MESSAGE_ID_AT);
  stamp.set(fields.sender, STAMP_SENDER_AT);
  putU32(stamp, STAMP_SEQUENCE_AT, fields.sequence);
  stamp.set(fields.hash, STAMP_HASH_AT);
  return stamp;
}

/** Puts the sender's signature of `stampSigningBytes(stamp)` in its place. */
export function putStampSignature(stamp: Uint8Array, signature: Uint8Array): void {
  stamp.set(signature, STAMP_SIGNATURE_AT);
}

/** Puts an adult's signature of `countersignSigningBytes(stamp)` in its place. */
export function putCountersignature(stamp: Uint8Array, adult: Uint8Array, signature: Uint8Array): void {
  stamp[STAMP_COUNTERSIGNED_AT] = 1;
  stamp.set(adult, STAMP_ADULT_AT);
  stamp.set(signature, STAMP_COUNTERSIGNATURE_AT);
}
