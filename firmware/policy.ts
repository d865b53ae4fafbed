// The policy in force: the one object that the toy obeys, and how a new one takes its place (protocol/README.md section 9).
import { same, view } from '#protocol/bytes.ts';
import { type Primitives, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import {
  MINUTES_PER_DAY,
  POLICY_LIFETIME_S,
  POLICY_SENDER_PLACES_AT,
  SENDER_BYTES,
} from '#protocol/policy/layout.ts';
import {
  checkPolicy,
  hasConsent,
  isQuiet,
  policyGeneration,
  policyRoot,
  senderCount,
} from '#protocol/policy/policy.ts';
import type { Settings } from './settings.ts';
import type { Timers } from './timers.ts';
import type { Twin } from './twin.ts';

export interface PolicyInForce {
  /** The policy; zeros while there is none. */
  bytes: Uint8Array;
  load(): void;
  isPaired(): boolean;
  /** Generation, or -1 while there is none. */
  generation(): number;
  /** 30 days of running time have passed without a newer one: only a newer one is accepted. */
  isLapsed(): boolean;
  /** The microphone may open. */
  mayRecord(): boolean;
  /** The bridge told the time, unix seconds. */
  setTime(unixS: number): void;
  /** Quiet hours. Never while the time is not known. */
  isQuietNow(): boolean;
  /** Obeys `candidate`, which succeeds the policy in force. Faults: as `checkPolicy`; then nothing has changed. */
  succeed(candidate: Uint8Array): void;
  /** Obeys the first policy of a family, which has been checked. */
  begin(first: Uint8Array): void;
  /** True if a sender's key begins with these 16 bytes. */
  isSender(prefix: Uint8Array): boolean;
  /** The toy belongs to nobody any more. */
  forget(): void;
}

/** The policy kept in `twin`, POLICY_BYTES long. */
export function createPolicyInForce(
  primitives: Primitives,
  twin: Twin,
  settings: Settings,
  timers: Timers,
  toyId: Uint8Array,
): PolicyInForce {
  const bytes = twin.bytes;
  let isPaired = false;
  /** unix seconds less timers.now(); -1 while not known. */
  let clockS = -1;

  function isLapsed(): boolean {
    return settings.policyAgeS() > POLICY_LIFETIME_S;
  }
  function obey(policy: Uint8Array, isFirst: boolean): void {
    bytes.set(policy);
    twin.save();
    isPaired = true;
    settings.renewed(isFirst);
  }

  return {
    bytes: bytes,
    load: () => {
      // A reset takes the root first: a policy without it is none.
      isPaired = twin.load() && primitives.has(SLOT_TOY_ROOT);
    },
    isPaired: () => isPaired,
    generation: () => (isPaired ? policyGeneration(bytes) : -1),
    isLapsed: isLapsed,
    mayRecord: () => isPaired && hasConsent(bytes) && !isLapsed(),
    setTime: (unixS) => {
      clockS = unixS - timers.now();
    },
    isQuietNow: () => {
      if (!isPaired || clockS < 0) return false;
      return isQuiet(bytes, Math.floor((clockS + timers.now()) / 60) % MINUTES_PER_DAY);
    },
    succeed: (candidate) => {
      checkPolicy(primitives, candidate, bytes, toyId, policyRoot(bytes), null);
      obey(candidate, false);
    },
    begin: (first) => {
      obey(first, true);
    },
    isSender: (prefix) => {
      for (let i = 0; i < senderCount(bytes); i++) {
        if (same(view(bytes, POLICY_SENDER_PLACES_AT + i * SENDER_BYTES, prefix.length), prefix)) return true;
      }
      return false;
    },
    forget: () => {
      primitives.clear(SLOT_TOY_ROOT);
      isPaired = false;
      twin.wipe();
    },
  };
}
