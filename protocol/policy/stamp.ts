// What lets a clip into a toy: the sender's signature, an adult's where the policy asks for it (protocol/README.md section 9).
import { ascii, concat, same, u32, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import type { Primitives } from '../link/primitives.ts';
import {
  CONTEXT_COUNTERSIGN,
  CONTEXT_STAMP,
  KEY_BYTES,
  SIGNATURE_BYTES,
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
  TOY_ID_BYTES,
} from './layout.ts';
import { findAdult, findSender, needsApproval } from './policy.ts';

/** The clip's id, a view of 16 bytes. */
export function stampMessageId(stamp: Uint8Array): Uint8Array {
  return view(stamp, STAMP_MESSAGE_ID_AT, 16);
}

/** The sender's Ed25519 key, a view. */
export function stampSender(stamp: Uint8Array): Uint8Array {
  return view(stamp, STAMP_SENDER_AT, KEY_BYTES);
}

/** Of this sender to this toy, from 1. */
export function stampSequence(stamp: Uint8Array): number {
  return u32(stamp, STAMP_SEQUENCE_AT);
}

/** BLAKE2b-32 of the packet stream, a view. */
export function stampHash(stamp: Uint8Array): Uint8Array {
  return view(stamp, STAMP_HASH_AT, 32);
}

/** What the sender signs. Allocates. */
export function stampSigningBytes(stamp: Uint8Array): Uint8Array {
  return concat(ascii(CONTEXT_STAMP), stamp.subarray(0, STAMP_SIGNATURE_AT));
}

/** What an adult signs to approve: the sender's signature included. Allocates. */
export function countersignSigningBytes(stamp: Uint8Array): Uint8Array {
  return concat(ascii(CONTEXT_COUNTERSIGN), stamp.subarray(0, STAMP_COUNTERSIGNED_AT));
}

/**
 * Checks a stamp against the policy in force and returns the sender's index there. Whether its sequence was seen before is for
 * the replay window. Faults, in this order: stamp-short, stamp-field, stamp-toy, stamp-sender, stamp-signature, stamp-approval.
 */
export function checkStamp(
  primitives: Primitives,
  stamp: Uint8Array,
  policy: Uint8Array,
  toyId: Uint8Array,
): number {
  if (stamp.length !== STAMP_BYTES) throw fault('stamp-short');
  const countersigned = stamp[STAMP_COUNTERSIGNED_AT]!;
  if (countersigned > 1 || stampSequence(stamp) === 0) throw fault('stamp-field');
  if (!same(view(stamp, STAMP_TOY_ID_AT, TOY_ID_BYTES), toyId)) throw fault('stamp-toy');
  const sender = findSender(policy, stampSender(stamp));
  if (sender < 0) throw fault('stamp-sender');
  const signature = view(stamp, STAMP_SIGNATURE_AT, SIGNATURE_BYTES);
  if (
    !primitives.verify(
      signature,
      ascii(CONTEXT_STAMP),
      view(stamp, 0, STAMP_SIGNATURE_AT),
      stampSender(stamp),
    )
  )
    throw fault('stamp-signature');
  if (!needsApproval(policy, sender)) return sender;
  const adult = view(stamp, STAMP_ADULT_AT, KEY_BYTES);
  const countersignature = view(stamp, STAMP_COUNTERSIGNATURE_AT, SIGNATURE_BYTES);
  if (
    countersigned === 0 ||
    findAdult(policy, adult) < 0 ||
    !primitives.verify(
      countersignature,
      ascii(CONTEXT_COUNTERSIGN),
      view(stamp, 0, STAMP_COUNTERSIGNED_AT),
      adult,
    )
  )
    throw fault('stamp-approval');
  return sender;
}

/** Faults stamp-hash unless the packet stream that came has the hash that was signed. */
export function checkStampHash(stamp: Uint8Array, hash: Uint8Array): void {
  if (!same(stampHash(stamp), hash)) throw fault('stamp-hash');
}
