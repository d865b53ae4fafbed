// The policy in force: the one object that the toy obeys, and how a new one takes its place (protocol/README.md section 9).
import { decodePolicyPart } from '#protocol/ble/records.ts';
import { same, view } from '#protocol/bytes.ts';
import { type Primitives, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import {
  KEY_BYTES,
  MAX_BRIDGES,
  MINUTES_PER_DAY,
  POLICY_ADULT_KEYS_AT,
  POLICY_BRIDGE_KEYS_AT,
  POLICY_BYTES,
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
import type { Power } from './native/native.d.ts';
import type { Settings } from './settings.ts';
import { readTwin, saveTwin, type Twin, wipeTwin } from './twin.ts';

export interface PolicyInForce {
  /** The policy's fields before its lists, to be read as the policy itself; zeros while there is none. */
  head: Uint8Array;
  /** The whole policy, in a fresh buffer; null while there is none. */
  whole(): Uint8Array | null;
  /** Its bridges' X25519 keys, one after the other, as many as may be; only while paired. */
  bridges(): Uint8Array;
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
  /** Takes a POLICY record, one of two parts. True when both are there: now `succeed` or `begin`. Faults: those of its decoder. */
  take(record: Uint8Array): boolean;
  /** Forgets the part that is there: 140 variables are free again. */
  drop(): void;
  /** Obeys the policy that came, which succeeds the one in force. Faults: as `checkPolicy`; then nothing has changed. */
  succeed(): void;
  /** Obeys the policy that came as the first of the family with this root, signed by it or by `adult`; `keep` makes durable what must not come after. Faults: as `succeed`. */
  begin(root: Uint8Array, adult: Uint8Array, keep: () => void): void;
  /** True if a sender's key begins with these 16 bytes. */
  isSender(prefix: Uint8Array): boolean;
  /** The toy belongs to nobody any more. */
  forget(): void;
}

/** The policy kept in `twin`, POLICY_BYTES long; `clock` keeps the time that a bridge has told. */
export function createPolicyInForce(
  primitives: Primitives,
  twin: Twin,
  settings: Settings,
  clock: Pick<Power, 'setTime' | 'unixS'>,
  toyId: Uint8Array,
): PolicyInForce {
  const found = readTwin(twin, 0, POLICY_ADULT_KEYS_AT);
  // A reset takes the root first: a policy without it is none, and must not come to life again with the root of the next pairing.
  let isPaired = found !== null && primitives.has(SLOT_TOY_ROOT);
  if (found !== null && !isPaired) wipeTwin(twin);
  const head = found !== null && isPaired ? found : new Uint8Array(POLICY_ADULT_KEYS_AT);
  /** The policy that is coming, and which of its parts are there. */
  let candidate: Uint8Array | null = null;
  let parts = 0;

  function isLapsed(): boolean {
    return settings.policyAgeS() > POLICY_LIFETIME_S;
  }
  function whole(): Uint8Array | null {
    return isPaired ? readTwin(twin, 0, POLICY_BYTES) : null;
  }
  function drop(): void {
    candidate = null;
    parts = 0;
  }
  function adopt(root: Uint8Array, adult: Uint8Array | null, keep: (() => void) | null): void {
    let policy = candidate;
    drop();
    // Of the policy in force only what comes before its bridges is asked for.
    const current = keep ? null : readTwin(twin, 0, POLICY_BRIDGE_KEYS_AT);
    checkPolicy(primitives, policy!, current, toyId, root, adult);
    if (keep) keep();
    saveTwin(twin, policy!);
    head.set(view(policy!, 0, POLICY_ADULT_KEYS_AT));
    isPaired = true;
    // The settings, which are read and written now, need its room.
    policy = null;
    settings.renewed(keep !== null);
  }
  return {
    head: head,
    whole: whole,
    bridges: () => readTwin(twin, POLICY_BRIDGE_KEYS_AT, MAX_BRIDGES * KEY_BYTES)!,
    isPaired: () => isPaired,
    generation: () => (isPaired ? policyGeneration(head) : -1),
    isLapsed: isLapsed,
    mayRecord: () => isPaired && hasConsent(head) && !isLapsed(),
    // The native one itself: it outlasts deep sleep.
    setTime: clock.setTime,
    isQuietNow: () => {
      const nowS = clock.unixS();
      return isPaired && nowS >= 0 && isQuiet(head, Math.floor(nowS / 60) % MINUTES_PER_DAY);
    },
    take: (record) => {
      if (!candidate) candidate = new Uint8Array(POLICY_BYTES);
      parts |= 1 << decodePolicyPart(record, candidate);
      return parts === 3;
    },
    drop: drop,
    succeed: () => adopt(policyRoot(head), null, null),
    begin: adopt,
    isSender: (prefix) => {
      const policy = whole()!;
      for (let i = 0; i < senderCount(policy); i++) {
        if (same(view(policy, POLICY_SENDER_PLACES_AT + i * SENDER_BYTES, prefix.length), prefix))
          return true;
      }
      return false;
    },
    forget: () => {
      primitives.clear(SLOT_TOY_ROOT);
      isPaired = false;
      head.fill(0);
      wipeTwin(twin);
    },
  };
}
