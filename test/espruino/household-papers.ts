// What an adult of the household signs: a policy and a stamp.
import {
  encodePolicy,
  encodeStamp,
  putPolicySignature,
  putStampSignature,
  type StampFields,
} from '#protocol/policy/encode.ts';
import { POLICY_BYTES, QUIET_NONE } from '#protocol/policy/layout.ts';
import { policySigningBytes } from '#protocol/policy/policy.ts';
import { stampSigningBytes } from '#protocol/policy/stamp.ts';
import { sodium } from '#protocol/sodium/ready.ts';

export interface PolicyKeys {
  toyId: Uint8Array;
  root: Uint8Array;
  adult: Uint8Array;
  bridge: Uint8Array;
  clipKey: Uint8Array;
}

/** A policy that allows everything to one adult, who is also the one sender; the first, or a later one. */
export function toyPolicy(keys: PolicyKeys, counter = 1): Uint8Array {
  return encodePolicy({
    hasConsent: true,
    quietFrom: QUIET_NONE,
    quietTo: QUIET_NONE,
    volume: 80,
    generation: 1,
    counter,
    issuedAt: 1_700_000_000,
    toyId: keys.toyId,
    root: keys.root,
    clipKey: keys.clipKey,
    signer: keys.adult,
    adults: [keys.adult],
    bridges: [keys.bridge],
    senders: [{ key: keys.adult, rhythm: 5, needsApproval: false }],
  });
}

export function toyStamp(fields: StampFields): Uint8Array {
  return encodeStamp(fields);
}

/** Puts the signature in its place in a policy or a stamp. */
export function signWith(secret: Uint8Array, paper: Uint8Array): void {
  const isPolicy = paper.length === POLICY_BYTES;
  const message = isPolicy ? policySigningBytes(paper) : stampSigningBytes(paper);
  const signature = sodium.crypto_sign_detached(message, secret);
  if (isPolicy) putPolicySignature(paper, signature);
  else putStampSignature(paper, signature);
}
