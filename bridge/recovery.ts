// The recovery kit at work: a new phone takes the place of lost ones, by the root's own signature, and opens the safe for what they knew.

import type { Grant } from '#protocol/envelope/content.ts';
import { type Roster, readChain } from '#protocol/family/chain.ts';
import { idText, type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { openSafe, type SafeContent, type SafeToy } from '#protocol/family/safe.ts';
import { type EntrySigner, rootSigner, signEntry } from '#protocol/family/sign.ts';
import { fault } from '#protocol/fault.ts';
import { putPolicySignature } from '#protocol/policy/encode.ts';
import { policySigningBytes } from '#protocol/policy/policy.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type Device, mailboxFor, openDevice } from './device.ts';
import { fetchChain, keepGenesis } from './family.ts';
import { type NewDevice, publishFirst } from './founding.ts';
import { grantToBridges, sendPolicy } from './granting.ts';
import { keepGrant, nearKey } from './grants.ts';
import { tellToys } from './guardian.ts';
import { memberOfKeys } from './keys.ts';
import type { Mailbox } from './mailbox.ts';
import { keepProfile } from './profiles.ts';
import { keepSafe, keepSafeKey } from './safe.ts';
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
 * Makes `parts` an adult's device of the family of this seed and puts the lost ones out (`lost`: device ids; null: all adults' devices). Toys whose
 * secrets are in the safe obey anew as soon as a bridge that they know brings it to them; the others must be reset and paired again. To go on as the same
 * person, give the keys that person's number. The seed is overwritten when all is done. Also ends a fork. Faults: `relay-missing`;
 * `roster-member` if there would be too many adults; those of the relay.
 */
export async function recoverFamily(
  parts: NewDevice & { seed: Uint8Array; lost: readonly Uint8Array[] | null },
): Promise<Device> {
  const root = rootSigner(parts.seed);
  const mailbox = mailboxAsRoot(parts, root);
  const content = await readContent(parts, mailbox, root);
  const { roster: before, entries } = await resetFamily(parts, mailbox, root);
  await keepGenesis(parts.store, entries);
  const device = await openDevice({ ...parts, familyId: root.id });
  const toys = content.toys.filter(({ toyId }) => device.family.roster.members.has(idText(toyId)));
  await parts.store.write([
    keepSafeKey(parts.seed),
    ...content.profiles.map((profile) => keepProfile(device, profile)),
    ...toys.flatMap((toy) => takeOver(device, toy, before, root)),
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

/** The reset at the relay: all members but the lost ones, and the new device. */
async function resetFamily(
  parts: NewDevice & { lost: readonly Uint8Array[] | null },
  mailbox: Mailbox,
  root: EntrySigner,
): Promise<{ roster: Roster; entries: Uint8Array[] }> {
  const fresh = memberOfKeys(parts.keys);
  const lost = parts.lost?.map(idText) ?? null;
  const stays = (member: Member) =>
    lost === null ? member.role !== ROLE_ADULT : !lost.includes(idText(member.id));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entries = await servedTo(mailbox, root);
    const roster = readChain(root.id, entries);
    const members = [fresh, ...[...roster.members.values()].filter(stays)];
    const { entry } = signEntry(roster, [root], { op: 'reset', members });
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
function takeOver(device: Device, toy: SafeToy, before: Roster, root: EntrySigner): Change[] {
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
  return [keepGrant(device, toyId, grant), { collection: 'policies', key: idText(toyId), value: policy }];
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
