// The recovery kit at work: a new phone takes the place of lost ones, by the root's own signature, and opens the safe for what they knew.

import type { Grant } from '#protocol/envelope/content.ts';
import { type Roster, readChain } from '#protocol/family/chain.ts';
import { idText, type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { compareProfiles, type Profile } from '#protocol/family/profile.ts';
import { openSafe, type SafeContent, type SafeToy } from '#protocol/family/safe.ts';
import { type EntrySigner, rootSigner, signEntry } from '#protocol/family/sign.ts';
import { fault } from '#protocol/fault.ts';
import { putPolicySignature } from '#protocol/policy/encode.ts';
import { comparePolicies, policySigningBytes } from '#protocol/policy/policy.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type Device, type DeviceParts, mailboxFor, NotJoined, openDevice } from './device.ts';
import { fetchChain, keepGenesis } from './family.ts';
import { type NewDevice, publishFirst } from './founding.ts';
import { grantToBridges, sendPolicy } from './granting.ts';
import { nearKey, takeGrant } from './grants.ts';
import { tellToys, toysOf } from './guardian.ts';
import { memberOfKeys } from './keys.ts';
import type { Mailbox } from './mailbox.ts';
import { keepProfile, listProfiles } from './profiles.ts';
import { keepSafe, keepSafeKey, toySecrets } from './safe.ts';
import type { Change } from './store.ts';
import { changedWishes, FIRST_WISHES, policyFor, type ToyWishes, wishesIn } from './wishes.ts';

/** The reset is signed again on a newer head this often. */
const ATTEMPTS = 5;

export type Kit = Pick<NewDevice, 'relay' | 'clock'> & { seed: Uint8Array };

/** The family as its relay serves it to the root. Faults: `relay-missing` if this relay does not know it; those of `readChain` and of the relay. */
export async function lookUpFamily(kit: Kit): Promise<{ roster: Roster }> {
  const { roster } = await readAsRoot(kit, rootSigner(kit.seed));
  return { roster };
}

/**
 * Makes `parts` an adult's device of the family of this seed and puts the lost ones out (`lost`: device ids; null: all other adults' devices). Toys whose
 * secrets are in the safe obey anew as soon as a bridge that they know brings it to them; the others, `missingToys`, must be reset and paired again. To go on
 * as the same person, give the keys that person's number. A device that is in the family may recover itself, with the keys and the store that it has: what it
 * knows of toys counts as the safe does, and a fork that had stopped it ends. The seed is overwritten when all is done. Faults: `relay-missing`;
 * `roster-member` if there would be too many adults, or these keys were put out; those of the relay.
 */
export async function recoverFamily(
  parts: NewDevice & { seed: Uint8Array; lost: readonly Uint8Array[] | null },
): Promise<Device> {
  const root = rootSigner(parts.seed);
  const mailbox = mailboxAsRoot(parts, root);
  const content = await readContent(parts, mailbox, root);
  const former = await formerDevice({ ...parts, familyId: root.id });
  const { roster: before, entries } = await resetFamily(parts, mailbox, root, former);
  const own = former === null ? [] : await toySecrets(former);
  await keepGenesis(parts.store, entries);
  const device = await openDevice({ ...parts, familyId: root.id });
  // What had stopped this device has been overruled.
  if (device.family.isForked) await device.family.refresh();
  const toys = newestToys([...own, ...content.toys]).filter(({ toyId }) =>
    device.family.roster.members.has(idText(toyId)),
  );
  await parts.store.write([
    keepSafeKey(parts.seed),
    ...(await newerProfiles(device, content.profiles)).map((profile) => keepProfile(device, profile)),
    ...(await Promise.all(toys.map((toy) => takeOver(device, toy, before, root)))).flat(),
  ]);
  parts.seed.fill(0);
  root.secret.fill(0);
  await publishFirst(device);
  for (const { toyId } of toys) {
    await grantToBridges(device, toyId);
    await sendPolicy(device, toyId);
  }
  await keepSafe(device);
  return device;
}

/**
 * The toys of the family whose secrets this adult's device has not got, by id: after a recovery those that were not in the safe, because the relay has lost it or shows an
 * old one. They must be reset and paired again.
 */
export async function missingToys(device: Device): Promise<Uint8Array[]> {
  const known = await toySecrets(device);
  return toysOf(device)
    .map(({ id }) => id)
    .filter((id) => !known.some(({ toyId }) => idText(toyId) === idText(id)));
}

/** The person as whom a recovered device goes on: whoever lost all of `lost`; null where they were several people's, or nobody's. */
export function successorOf(lost: readonly Member[]): Uint8Array | null {
  const people = new Map(lost.map(({ person }) => [person === null ? '' : idText(person), person]));
  const [only] = people.values();
  return people.size === 1 ? only! : null;
}

/** Puts out whom adults alone may not. The seed is overwritten. Faults: `roster-member`; those of `Family.append`. */
export async function removeWithKit(
  device: Device,
  ids: readonly Uint8Array[],
  seed: Uint8Array,
): Promise<void> {
  const root = rootSigner(seed);
  if (idText(root.id) !== idText(device.family.roster.familyId)) throw fault('recovery-words');
  await device.family.refresh();
  await device.family.append({ op: 'remove', ids }, [root]);
  seed.fill(0);
  root.secret.fill(0);
  await tellToys(device);
}

/** This device as it was in the family before; null if it is a new one. */
async function formerDevice(parts: DeviceParts): Promise<Device | null> {
  return openDevice(parts).catch((error: unknown) => {
    if (error instanceof NotJoined) return null;
    throw error;
  });
}

/** One of each toy: the one with the newest policy, the first of equals. */
function newestToys(toys: readonly SafeToy[]): SafeToy[] {
  const newest = new Map<string, SafeToy>();
  for (const toy of toys) {
    const known = newest.get(idText(toy.toyId));
    const isNewer =
      known === undefined ||
      (toy.policy !== null && (known.policy === null || comparePolicies(toy.policy, known.policy) > 0));
    if (isNewer) newest.set(idText(toy.toyId), toy);
  }
  return [...newest.values()];
}

/** Those that stand over what is known here. */
async function newerProfiles(device: Device, profiles: readonly Profile[]): Promise<Profile[]> {
  const known = await listProfiles(device);
  return profiles.filter((profile) => {
    const mine = known.find(({ kind, id }) => kind === profile.kind && idText(id) === idText(profile.id));
    return mine === undefined || compareProfiles(profile, mine) > 0;
  });
}

/** The reset at the relay: all members but the lost ones, and this device. */
async function resetFamily(
  parts: NewDevice & { lost: readonly Uint8Array[] | null },
  mailbox: Mailbox,
  root: EntrySigner,
  former: Device | null,
): Promise<{ roster: Roster; entries: Uint8Array[] }> {
  const own = memberOfKeys(parts.keys);
  const lost = parts.lost?.map(idText) ?? null;
  const stays = (member: Member) => {
    if (idText(member.id) === idText(own.id)) return false;
    return lost === null ? member.role !== ROLE_ADULT : !lost.includes(idText(member.id));
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entries = await servedTo(mailbox, root);
    const roster = readChain(root.id, entries);
    const members = [own, ...[...roster.members.values()].filter(stays)];
    // What this device has seen of the family is overruled, whatever the relay shows of it.
    const above = former?.family.roster.generation;
    const { entry } = signEntry(roster, [root], { op: 'reset', members }, above);
    const answer = await mailbox.appendChain(root.id, [entry]);
    if (answer.appended) return { roster, entries: [...entries, entry] };
  }
  throw fault('roster-chain');
}

/** What the safe holds; nothing where there is none, or none that an adult of this family filled. */
async function readContent(parts: Kit, mailbox: Mailbox, root: EntrySigner): Promise<SafeContent> {
  const nothing = { deviceId: root.id, headNumber: 0, at: 0, toys: [], profiles: [] };
  const roster = readChain(root.id, await servedTo(mailbox, root));
  const bytes = await mailbox.readSafe();
  if (bytes === null) return nothing;
  try {
    return openSafe(bytes, parts.seed, roster);
  } catch (error) {
    // What the relay made up must not stand in the way of the family itself.
    if (!/^(safe|content)-/.test((error as Error).message)) throw error;
    return nothing;
  }
}

/** The device's own grant of a toy, and a policy signed by the root with the wishes that stood in the last one. */
async function takeOver(device: Device, toy: SafeToy, before: Roster, root: EntrySigner): Promise<Change[]> {
  const { toyId, toyRoot, clipSecret } = toy;
  const { roster } = device.family;
  const { linkKey, person } = device.member;
  const grant: Grant = {
    deviceId: device.member.id,
    generation: roster.generation,
    linkPsk: linkKey && bridgePsk(toyRoot, linkKey),
    nearKey: nearKey(toyRoot, roster.generation),
    clipSecret,
    toyRoot,
  };
  const last: ToyWishes = toy.policy === null ? FIRST_WISHES : wishesIn(toy.policy, before);
  const known = last.senders.find((one) => idText(one.person) === idText(person!));
  const me = { person: person!, isAllowed: true, needsApproval: false, rhythm: known?.rhythm ?? 0 };
  const policy = policyFor(roster, changedWishes(last, { senders: [me] }), {
    toyId,
    clipKey: sodium.crypto_scalarmult_base(clipSecret),
    signer: roster.rootKey,
    counter: 1,
    issuedAt: device.nowS(),
  });
  putPolicySignature(policy, sodium.crypto_sign_detached(policySigningBytes(policy), root.secret));
  return [
    ...(await takeGrant(device, toyId, grant)),
    { collection: 'policies', key: idText(toyId), value: policy },
  ];
}

async function readAsRoot(kit: Kit, root: EntrySigner): Promise<{ roster: Roster }> {
  return { roster: readChain(root.id, await servedTo(mailboxAsRoot(kit, root), root)) };
}

async function servedTo(mailbox: Mailbox, root: EntrySigner): Promise<Uint8Array[]> {
  try {
    return await fetchChain(mailbox, root.id);
  } catch (error) {
    // To a relay that has not got the family its root is a stranger.
    throw (error as Error).message === 'relay-refused' ? fault('relay-missing') : error;
  }
}

function mailboxAsRoot(kit: Kit, root: EntrySigner): Mailbox {
  return mailboxFor(kit, encodeKeyId({ family: root.id, device: null }), kit.seed);
}
