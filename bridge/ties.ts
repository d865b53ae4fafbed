// Two adults changed a toy's settings at once: what the policy that stands leaves out of this device's change is found, to be said again.
import { putU32, same, u32 } from '#protocol/bytes.ts';
import type { Roster } from '#protocol/family/chain.ts';
import { idText } from '#protocol/family/member.ts';
import { POLICY_BYTES } from '#protocol/policy/layout.ts';
import { policyIssuedAt } from '#protocol/policy/policy.ts';
import type { Device } from './device.ts';
import type { Change } from './store.ts';
import { changedWishes, type ToyWishes, wishesIn } from './wishes.ts';

/** `tied/<toy id>` -> when two policies with one number were seen, one of them this device's. */
const TIED = 'tied/';
/** `said/<toy id>` -> the policy before this device's newest change of it, and the policy that it made of it. */
const SAID = 'said/';
/** Changes that follow each other within this time count as one, seconds: the other adult has heard of none of them. */
const TOGETHER_S = 600;

/** What this device said last about a toy. */
export interface Said {
  base: Uint8Array;
  mine: Uint8Array;
}

/** The change that notes a tie. */
export function tie(toyId: Uint8Array, nowS: number): Change {
  const value = new Uint8Array(4);
  putU32(value, 0, nowS);
  return { collection: 'marks', key: TIED + idText(toyId), value };
}

/** The change after which no tie is known. */
export function untie(toyId: Uint8Array): Change {
  return { collection: 'marks', key: TIED + idText(toyId), value: null };
}

/** When a tie was seen, unix seconds; null if there is none. */
export async function tiedSince(device: Device, toyId: Uint8Array): Promise<number | null> {
  const value = await device.store.get('marks', TIED + idText(toyId));
  return value === undefined ? null : value.length < 4 ? 0 : u32(value, 0);
}

/** The change that remembers what this device says now, `mine`, and what stood before. */
export async function keepSaid(
  device: Device,
  toyId: Uint8Array,
  last: Uint8Array,
  mine: Uint8Array,
): Promise<Change> {
  const said = await saidOf(device, toyId);
  const goesOn =
    said !== null && same(said.mine, last) && policyIssuedAt(mine) - policyIssuedAt(last) < TOGETHER_S;
  const value = new Uint8Array(2 * POLICY_BYTES);
  value.set(goesOn ? said.base : last);
  value.set(mine, POLICY_BYTES);
  return { collection: 'marks', key: SAID + idText(toyId), value };
}

/** Null if this device has changed nothing. */
export async function saidOf(device: Device, toyId: Uint8Array): Promise<Said | null> {
  const value = await device.store.get('marks', SAID + idText(toyId));
  if (value === undefined || value.length !== 2 * POLICY_BYTES) return null;
  return { base: value.slice(0, POLICY_BYTES), mine: value.slice(POLICY_BYTES) };
}

/**
 * What stands, with each of this device's changes that it says nothing about: where both changed one thing, what stands is left. Null if nothing of it
 * is lost.
 */
export function mergedWishes({ base, mine }: Said, stands: Uint8Array, roster: Roster): ToyWishes | null {
  const [was, own, now] = [base, mine, stands].map((policy) => wishesIn(policy, roster)) as [
    ToyWishes,
    ToyWishes,
    ToyWishes,
  ];
  const isLost = <T>(before: T, said: T, heard: T) => !alike(said, before) && alike(heard, before);
  const change: { -readonly [Key in keyof ToyWishes]?: ToyWishes[Key] } = {};
  if (isLost(was.hasConsent, own.hasConsent, now.hasConsent)) change.hasConsent = own.hasConsent;
  if (isLost(was.volume, own.volume, now.volume)) change.volume = own.volume;
  if (isLost(was.quiet, own.quiet, now.quiet)) change.quiet = own.quiet;
  // All three are of one roster, person by person.
  const senders = own.senders.filter((wish, i) => isLost(was.senders[i], wish, now.senders[i]));
  if (senders.length > 0) change.senders = senders;
  return Object.keys(change).length === 0 ? null : changedWishes(now, change);
}

function alike(a: unknown, b: unknown): boolean {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? idText(part) : part));
  return text(a) === text(b);
}
