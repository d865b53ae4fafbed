// The toys of the family as screens show them: what parents chose, and what is known of each toy itself.
import { consentsOf } from '#bridge/consents.ts';
import type { Device } from '#bridge/device.ts';
import { policyOf } from '#bridge/grants.ts';
import { mayChange, toysOf, wishesOf } from '#bridge/guardian.ts';
import type { LetterHead } from '#bridge/letters.ts';
import { membersOf, type ToyWishes } from '#bridge/wishes.ts';
import { same } from '#protocol/bytes.ts';
import { decodeBundle, prekeyAt } from '#protocol/envelope/prekeys.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { hasConsent, policyCounter, policyGeneration, policyIssuedAt } from '#protocol/policy/policy.ts';
import { decodeProgram } from '#protocol/program/version.ts';
import type { Toy, ToyUpdate } from '../model.ts';
import type { Names } from './people.ts';
import { pictureAddress } from './pictures.ts';
import { statusOf, type ToyStatus } from './statuses.ts';
import { toLocal } from './times.ts';

/** A bridge that spoke with a toy this long ago still counts as there. */
const LATELY_S = 30 * 60;

/** What the running phone knows of its radio. */
export interface Links {
  /** Ids of the toys that are linked with this phone. */
  linked: ReadonlySet<string>;
  /** The phone looks for its toys now. */
  isSearching: boolean;
  /** By id of the toy. */
  updates: ReadonlyMap<string, ToyUpdate>;
}

export interface ToyViewParts {
  device: Device;
  names: Names;
  letters: readonly LetterHead[];
  links: Links;
  minutesAhead: number;
}

export async function listToys(parts: ToyViewParts): Promise<Toy[]> {
  return Promise.all(toysOf(parts.device).map(({ id }) => viewToy(parts, id)));
}

async function viewToy(parts: ToyViewParts, toyId: Uint8Array): Promise<Toy> {
  const { device, names, links, minutesAhead } = parts;
  const id = idText(toyId);
  const profile = names.get(`toy/${id}`);
  const [wishes, policy, status, isMine] = [
    await wishesOf(device, toyId),
    await policyOf(device, toyId),
    await statusOf(device, id),
    await mayChange(device, toyId),
  ];
  const viaBridgeAt = lastViaBridge(parts, id);
  const isLinked = links.linked.has(id);
  const seenAt = Math.max(isLinked ? device.nowS() : 0, status?.at ?? 0, viaBridgeAt);
  return {
    id,
    name: profile?.name ?? '',
    picture: pictureAddress(profile?.picture ?? null),
    consent: await consentOf(device, toyId, policy),
    quiet: wishes?.quiet ? toLocal(wishes.quiet, minutesAhead) : null,
    volume: wishes?.volume ?? 0,
    permissions: permissionsOf(wishes),
    maySpeak: maySpeak(device, wishes),
    link: linkOf(parts, id, viaBridgeAt),
    battery: status?.battery ?? null,
    firmware: status === null ? null : decodeProgram(status.program),
    update: links.updates.get(id) ?? null,
    resets: status?.resets ?? null,
    lastSeenAt: seenAt === 0 ? null : seenAt,
    isAsleepTooLong: await isAsleepTooLong(device),
    hasNewestPolicy: policy === null || hasReached(policy, status, viaBridgeAt),
    mayChange: isMine,
  };
}

function maySpeak({ keys }: Device, wishes: ToyWishes | null): boolean {
  // Relatives are not told what a toy obeys.
  if (wishes === null) return keys.role === ROLE_RELATIVE;
  const me = keys.person;
  return wishes.senders.some(({ person, isAllowed }) => isAllowed && me !== null && same(person, me));
}

function permissionsOf(wishes: ToyWishes | null): Toy['permissions'] {
  return (wishes?.senders ?? []).map(({ person, isAllowed, needsApproval, rhythm }) => ({
    personId: idText(person),
    isAllowed,
    needsApproval,
    rhythm,
  }));
}

/** The last word on it; where nobody's is on record, what the policy says. */
async function consentOf(
  device: Device,
  toyId: Uint8Array,
  policy: Uint8Array | null,
): Promise<Toy['consent']> {
  const last = (await consentsOf(device, toyId)).at(-1);
  if (last !== undefined) return { isGiven: last.isGiven, at: last.at, personId: idText(last.person) };
  if (policy === null || !hasConsent(policy)) return null;
  return { isGiven: true, at: policyIssuedAt(policy), personId: null };
}

function linkOf({ device, links }: ToyViewParts, id: string, viaBridgeAt: number): Toy['link'] {
  if (links.linked.has(id)) return 'here';
  if (device.nowS() - viaBridgeAt < LATELY_S) return 'bridge';
  return links.isSearching ? 'searching' : 'away';
}

/** When a bridge last brought something from or to the toy, as far as the letters tell; 0 never. */
function lastViaBridge({ device, letters }: ToyViewParts, id: string): number {
  const { roster } = device.family;
  const times = letters
    .filter(({ toyId }) => idText(toyId) === id)
    .map((letter) => {
      if (letter.direction === 'to-toy') {
        return letter.progress === 'toy' || letter.progress === 'heard' ? (letter.progressAt ?? 0) : 0;
      }
      return memberOf(roster, letter.senderId)?.role === ROLE_BRIDGE ? letter.sentAt : 0;
    });
  return Math.max(0, ...times);
}

/** Whoever linked with the toy has first given it the newest policy that they knew. */
function hasReached(policy: Uint8Array, status: ToyStatus | null, viaBridgeAt: number): boolean {
  if (status !== null) {
    const generation = policyGeneration(policy);
    if (status.generation > generation) return true;
    if (status.generation === generation && status.counter >= policyCounter(policy)) return true;
  }
  return viaBridgeAt > policyIssuedAt(policy);
}

/** No device that could bring a message to a toy has prekeys for today, and this one cannot bring it itself. */
async function isAsleepTooLong(device: Device): Promise<boolean> {
  if (device.keys.linkSecret !== null) return false;
  const { roster } = device.family;
  const carriers = [...membersOf(roster, ROLE_BRIDGE), ...membersOf(roster, ROLE_ADULT)];
  let isKnown = false;
  for (const carrier of carriers) {
    const bundle = await device.store.get('bundles', idText(carrier.id));
    if (bundle === undefined) continue;
    isKnown = true;
    try {
      prekeyAt(decodeBundle(bundle, carrier), device.nowS());
      return false;
    } catch {
      // It has been away for longer than its prekeys last.
    }
  }
  return isKnown;
}
