// The one signed object that a toy obeys: reading it by offset, and the rules for taking a new one (protocol/README.md section 9).
import { ascii, concat, same, u16, u32, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import type { Primitives } from '../link/primitives.ts';
import {
  CONTEXT_POLICY,
  KEY_BYTES,
  MAX_ADULTS,
  MAX_BRIDGES,
  MAX_SENDERS,
  MINUTES_PER_DAY,
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
  POLICY_ZERO_AT,
  QUIET_NONE,
  SENDER_BYTES,
  SENDER_FLAGS_AT,
  SENDER_NEEDS_APPROVAL,
  SENDER_RHYTHM_AT,
  SIGNATURE_BYTES,
  TOY_ID_BYTES,
} from './layout.ts';
import { isZero } from './zeros.ts';

/** True if the microphone may open. */
export function hasConsent(policy: Uint8Array): boolean {
  return (policy[POLICY_FLAGS_AT]! & POLICY_CONSENT) !== 0;
}

/** Percent. */
export function policyVolume(policy: Uint8Array): number {
  return policy[POLICY_VOLUME_AT]!;
}

export function policyGeneration(policy: Uint8Array): number {
  return u32(policy, POLICY_GENERATION_AT);
}

export function policyCounter(policy: Uint8Array): number {
  return u32(policy, POLICY_COUNTER_AT);
}

/** Unix seconds. */
export function policyIssuedAt(policy: Uint8Array): number {
  return u32(policy, POLICY_ISSUED_AT);
}

/** 16 bytes, a view. */
export function policyToyId(policy: Uint8Array): Uint8Array {
  return view(policy, POLICY_TOY_ID_AT, TOY_ID_BYTES);
}

/** The family's root, Ed25519, a view. */
export function policyRoot(policy: Uint8Array): Uint8Array {
  return view(policy, POLICY_ROOT_AT, KEY_BYTES);
}

/** X25519 key that recordings are sealed to, a view. */
export function policyClipKey(policy: Uint8Array): Uint8Array {
  return view(policy, POLICY_CLIP_KEY_AT, KEY_BYTES);
}

export function adultCount(policy: Uint8Array): number {
  return policy[POLICY_ADULTS_AT]!;
}

export function bridgeCount(policy: Uint8Array): number {
  return policy[POLICY_BRIDGES_AT]!;
}

export function senderCount(policy: Uint8Array): number {
  return policy[POLICY_SENDERS_AT]!;
}

/** Ed25519 key of adult `index`, a view. */
export function adultKey(policy: Uint8Array, index: number): Uint8Array {
  return view(policy, POLICY_ADULT_KEYS_AT + index * KEY_BYTES, KEY_BYTES);
}

/** X25519 key of bridge `index`, a view. */
export function bridgeKey(policy: Uint8Array, index: number): Uint8Array {
  return view(policy, POLICY_BRIDGE_KEYS_AT + index * KEY_BYTES, KEY_BYTES);
}

/** Ed25519 key of sender `index`, a view. */
export function senderKey(policy: Uint8Array, index: number): Uint8Array {
  return view(policy, POLICY_SENDER_PLACES_AT + index * SENDER_BYTES, KEY_BYTES);
}

/** How the heart glows for sender `index`. */
export function senderRhythm(policy: Uint8Array, index: number): number {
  return policy[POLICY_SENDER_PLACES_AT + index * SENDER_BYTES + SENDER_RHYTHM_AT]!;
}

/** True if an adult has to countersign what sender `index` sends. */
export function needsApproval(policy: Uint8Array, index: number): boolean {
  const flags = policy[POLICY_SENDER_PLACES_AT + index * SENDER_BYTES + SENDER_FLAGS_AT]!;
  return (flags & SENDER_NEEDS_APPROVAL) !== 0;
}

function find(policy: Uint8Array, at: number, step: number, count: number, key: Uint8Array): number {
  for (let i = 0; i < count; i++) if (same(view(policy, at + i * step, KEY_BYTES), key)) return i;
  return -1;
}

/** Index of the adult with this Ed25519 key; -1 if there is none. */
export function findAdult(policy: Uint8Array, key: Uint8Array): number {
  return find(policy, POLICY_ADULT_KEYS_AT, KEY_BYTES, adultCount(policy), key);
}

/** Index of the bridge with this X25519 key; -1 if there is none. */
export function findBridge(policy: Uint8Array, key: Uint8Array): number {
  return find(policy, POLICY_BRIDGE_KEYS_AT, KEY_BYTES, bridgeCount(policy), key);
}

/** Index of the sender with this Ed25519 key; -1 if there is none. */
export function findSender(policy: Uint8Array, key: Uint8Array): number {
  return find(policy, POLICY_SENDER_PLACES_AT, SENDER_BYTES, senderCount(policy), key);
}

/** True in the quiet hours. `minute` is that of the day, UTC. From 20:00 to 06:00 goes over midnight; equal ends are no quiet hours. */
export function isQuiet(policy: Uint8Array, minute: number): boolean {
  const from = u16(policy, POLICY_QUIET_FROM_AT);
  const to = u16(policy, POLICY_QUIET_TO_AT);
  if (from === QUIET_NONE) return false;
  if (from <= to) return minute >= from && minute < to;
  return minute >= from || minute < to;
}

/** Above 0 if (generation, counter) of `a` is higher than that of `b`, below 0 if lower, 0 if equal. */
export function comparePolicies(a: Uint8Array, b: Uint8Array): number {
  return policyGeneration(a) - policyGeneration(b) || policyCounter(a) - policyCounter(b);
}

/** What a policy's signature covers, for who signs it. Allocates. */
export function policySigningBytes(policy: Uint8Array): Uint8Array {
  return concat(ascii(CONTEXT_POLICY), policy.subarray(0, POLICY_SIGNATURE_AT));
}

function isMinute(minute: number): boolean {
  return minute < MINUTES_PER_DAY;
}

function checkForm(primitives: Primitives, policy: Uint8Array): void {
  if (policy.length !== POLICY_BYTES) throw fault('policy-short');
  if (policy[POLICY_VERSION_AT] !== POLICY_VERSION) throw fault('policy-version');
  const adults = adultCount(policy);
  const bridges = bridgeCount(policy);
  const senders = senderCount(policy);
  if (adults > MAX_ADULTS || bridges > MAX_BRIDGES || senders > MAX_SENDERS) throw fault('policy-count');
  const from = u16(policy, POLICY_QUIET_FROM_AT);
  const to = u16(policy, POLICY_QUIET_TO_AT);
  const isAlways = from === QUIET_NONE && to === QUIET_NONE;
  if (!isAlways && !(isMinute(from) && isMinute(to))) throw fault('policy-field');
  if (policy[POLICY_FLAGS_AT]! > POLICY_CONSENT || policyVolume(policy) > 100) throw fault('policy-field');
  for (let i = 0; i < senders; i++) {
    if (policy[POLICY_SENDER_PLACES_AT + i * SENDER_BYTES + SENDER_FLAGS_AT]! > SENDER_NEEDS_APPROVAL)
      throw fault('policy-field');
  }
  if (
    u16(policy, POLICY_ZERO_AT) !== 0 ||
    !isZero(primitives, policy, POLICY_ADULT_KEYS_AT + adults * KEY_BYTES, POLICY_BRIDGE_KEYS_AT) ||
    !isZero(primitives, policy, POLICY_BRIDGE_KEYS_AT + bridges * KEY_BYTES, POLICY_SENDER_PLACES_AT) ||
    !isZero(primitives, policy, POLICY_SENDER_PLACES_AT + senders * SENDER_BYTES, POLICY_SIGNATURE_AT)
  )
    throw fault('policy-field');
}

function isSignerKnown(
  candidate: Uint8Array,
  current: Uint8Array | null,
  firstAdult: Uint8Array | null,
): boolean {
  const signer = view(candidate, POLICY_SIGNER_AT, KEY_BYTES);
  if (same(signer, policyRoot(candidate))) return true;
  if (current)
    return policyGeneration(candidate) === policyGeneration(current) && findAdult(current, signer) >= 0;
  return firstAdult !== null && same(signer, firstAdult);
}

/**
 * Returns if the toy has to obey `candidate` from now on. `current` is the policy in force, at least
 * as far as its bridges, null at pairing; `toyId` and `root`
 * are the toy's own; `firstAdult` is the adult of CONFIRM, used only at pairing. Faults, in this order: policy-short,
 * policy-version, policy-count, policy-field, policy-toy, policy-root, policy-older, policy-signer, policy-signature.
 */
export function checkPolicy(
  primitives: Primitives,
  candidate: Uint8Array,
  current: Uint8Array | null,
  toyId: Uint8Array,
  root: Uint8Array,
  firstAdult: Uint8Array | null,
): void {
  checkForm(primitives, candidate);
  if (!same(policyToyId(candidate), toyId)) throw fault('policy-toy');
  if (!same(policyRoot(candidate), root)) throw fault('policy-root');
  if (current && comparePolicies(candidate, current) <= 0) throw fault('policy-older');
  if (!isSignerKnown(candidate, current, firstAdult)) throw fault('policy-signer');
  const signature = view(candidate, POLICY_SIGNATURE_AT, SIGNATURE_BYTES);
  const signer = view(candidate, POLICY_SIGNER_AT, KEY_BYTES);
  const signed = view(candidate, 0, POLICY_SIGNATURE_AT);
  if (!primitives.verify(signature, ascii(CONTEXT_POLICY), signed, signer)) throw fault('policy-signature');
}
