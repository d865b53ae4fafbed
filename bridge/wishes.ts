// What parents choose for a toy, and how it stands in a policy: people there, keys here.
import { same, u16 } from '#protocol/bytes.ts';
import type { Roster } from '#protocol/family/chain.ts';
import { type SigningMember, signs } from '#protocol/family/judge.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { encodePolicy } from '#protocol/policy/encode.ts';
import {
  MAX_BRIDGES,
  POLICY_QUIET_FROM_AT,
  POLICY_QUIET_TO_AT,
  QUIET_NONE,
} from '#protocol/policy/layout.ts';
import {
  adultCount,
  adultKey,
  bridgeCount,
  bridgeKey,
  findSender,
  hasConsent,
  needsApproval,
  policyVolume,
  senderCount,
  senderKey,
  senderRhythm,
} from '#protocol/policy/policy.ts';
import { RHYTHMS } from '#protocol/policy/rhythms.ts';

/** Whether and how a person may speak to a toy: with all of their devices. */
export interface SenderWish {
  /** The person's number, 16 bytes. */
  person: Uint8Array;
  isAllowed: boolean;
  /** An adult must countersign each message. */
  needsApproval: boolean;
  /** 0-7: how the heart beats. */
  rhythm: number;
}

/** What parents choose for a toy. */
export interface ToyWishes {
  /** Without it the microphone never opens. */
  hasConsent: boolean;
  /** Percent. */
  volume: number;
  /** Minutes of the day, UTC; null for none. */
  quiet: { from: number; to: number } | null;
  /** Who is not named here may speak without approval. */
  senders: readonly SenderWish[];
}

export const FIRST_WISHES: ToyWishes = { hasConsent: true, volume: 70, quiet: null, senders: [] };

/** What a policy says, with each person of the roster among the senders; one whom it does not know is not allowed. */
export function wishesIn(policy: Uint8Array, roster: Roster): ToyWishes {
  const from = u16(policy, POLICY_QUIET_FROM_AT);
  const to = u16(policy, POLICY_QUIET_TO_AT);
  const senders = peopleOf(roster).map(({ person, devices }, i) => {
    const places = devices.map(({ signKey }) => findSender(policy, signKey)).filter((place) => place >= 0);
    const [place] = places;
    if (place === undefined) return { person, isAllowed: false, needsApproval: false, rhythm: rhythmOf(i) };
    const rhythm = RHYTHMS.indexOf(senderRhythm(policy, place));
    return {
      person,
      isAllowed: true,
      needsApproval: places.some((one) => needsApproval(policy, one)),
      rhythm: rhythm < 0 ? 0 : rhythm,
    };
  });
  return {
    hasConsent: hasConsent(policy),
    volume: policyVolume(policy),
    quiet: from === QUIET_NONE ? null : { from, to },
    senders,
  };
}

/** `last` with what is new; people whom the change does not name keep what they have. */
export function changedWishes(last: ToyWishes, change: Partial<ToyWishes>): ToyWishes {
  const named = change.senders ?? [];
  const kept = last.senders.filter(({ person }) => !named.some((one) => same(one.person, person)));
  return { ...last, ...change, senders: [...kept, ...named] };
}

/** A policy's fields that do not follow from roster and wishes. */
export interface PolicyFacts {
  toyId: Uint8Array;
  /** X25519. */
  clipKey: Uint8Array;
  /** Ed25519: the adult, or the family's root. */
  signer: Uint8Array;
  counter: number;
  /** Unix seconds. */
  issuedAt: number;
}

/** The policy of this roster and these wishes, unsigned. Fault `policy-count`. */
export function policyFor(roster: Roster, wishes: ToyWishes, facts: PolicyFacts): Uint8Array {
  const adults = membersOf(roster, ROLE_ADULT);
  // A phone is a bridge, too; those that stand in the house come first.
  const bridges = [...membersOf(roster, ROLE_BRIDGE), ...adults].flatMap(({ linkKey }) => linkKey ?? []);
  const senders = peopleOf(roster).flatMap(({ person, devices }, i) => {
    const wish = wishes.senders.find((one) => same(one.person, person));
    if (wish?.isAllowed === false) return [];
    const rhythm = RHYTHMS[wish?.rhythm ?? rhythmOf(i)] ?? RHYTHMS[0]!;
    return devices.map(({ signKey }) => ({
      key: signKey,
      rhythm,
      needsApproval: wish?.needsApproval ?? false,
    }));
  });
  return encodePolicy({
    ...facts,
    hasConsent: wishes.hasConsent,
    quietFrom: wishes.quiet?.from ?? QUIET_NONE,
    quietTo: wishes.quiet?.to ?? QUIET_NONE,
    volume: wishes.volume,
    generation: roster.generation,
    root: roster.rootKey,
    adults: adults.map(({ signKey }) => signKey),
    bridges: bridges.slice(0, MAX_BRIDGES),
    senders,
  });
}

/** True if a policy names a key whose device is out of the family: a toy must not go on trusting it. */
export function namesStrangers(policy: Uint8Array, roster: Roster): boolean {
  const known = new Set<string>();
  for (const { signKey, linkKey } of roster.members.values())
    for (const key of [signKey, linkKey]) if (key !== null) known.add(idText(key));
  const listed = [
    ...keysOf(adultCount(policy), (i) => adultKey(policy, i)),
    ...keysOf(bridgeCount(policy), (i) => bridgeKey(policy, i)),
    ...keysOf(senderCount(policy), (i) => senderKey(policy, i)),
  ];
  return listed.some((key) => !known.has(idText(key)));
}

function keysOf(count: number, keyAt: (index: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => keyAt(i));
}

/** The rhythm of the person at that place, unless they chose another. */
export function rhythmOf(place: number): number {
  return place % RHYTHMS.length;
}

/** The people of a family with their devices, in the order in which they came: adults first. */
export function peopleOf(roster: Roster): { person: Uint8Array; devices: SigningMember[] }[] {
  const people: { person: Uint8Array; devices: SigningMember[] }[] = [];
  for (const member of [...membersOf(roster, ROLE_ADULT), ...membersOf(roster, ROLE_RELATIVE)]) {
    const known = people.find(({ person }) => same(person, member.person!));
    if (known === undefined) people.push({ person: member.person!, devices: [member] });
    else known.devices.push(member);
  }
  return people;
}

/** The members of that role that sign. */
export function membersOf(roster: Roster, role: number): SigningMember[] {
  return [...roster.members.values()].filter(
    (member): member is SigningMember => member.role === role && signs(member),
  );
}
