// What an adult's device does for a toy: takes it into the family, and says what it must obey.
import { same } from '#protocol/bytes.ts';
import type { Grant } from '#protocol/envelope/content.ts';
import { asMember, idText, type Member, ROLE_ADULT, ROLE_TOY } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { putPolicySignature } from '#protocol/policy/encode.ts';
import {
  comparePolicies,
  policyCounter,
  policyGeneration,
  policyIssuedAt,
  policySigningBytes,
} from '#protocol/policy/policy.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Device } from './device.ts';
import { grantToBridges, sendPolicy } from './granting.ts';
import { grantOf, keepGrant, keepPolicy, nearKey, policyOf, signerOf } from './grants.ts';
import { signWith } from './keys.ts';
import { keepSaid, mergedWishes, saidOf, tiedSince, untie } from './ties.ts';
import {
  changedWishes,
  membersOf,
  namesStrangers,
  policyFor,
  type SenderWish,
  type ToyWishes,
  wishesIn,
} from './wishes.ts';

const DAY_S = 86_400;
const RENEW_POLICY_S = 7 * DAY_S;
/** So long the adult whose policy stands in a tie waits for the other one to say it again. */
const TIE_PATIENCE_S = 600;

/** What parents chose last for a toy; null where this device knows no policy of it. */
export async function wishesOf(device: Device, toyId: Uint8Array): Promise<ToyWishes | null> {
  const policy = await policyOf(device, toyId);
  return policy === null ? null : wishesIn(policy, device.family.roster);
}

/**
 * Changes some of what parents chose and keeps the rest: a new policy, sent to the bridges and the other adults. People whom
 * `change.senders` does not name keep what they have. Faults: `roster-right` for a device without the toy's secrets; `policy-signer` where
 * only the root may speak, after a recovery that did not reach this toy.
 */
export function changeWishes(device: Device, toyId: Uint8Array, change: Partial<ToyWishes>): Promise<void> {
  return inTurn(device, async () => {
    const wishes = await wishesOf(device, toyId);
    if (wishes === null || !(await mayChange(device, toyId))) throw fault('roster-right');
    if (!(await renew(device, toyId, changedWishes(wishes, change)))) throw fault('policy-signer');
  });
}

/** True if this device holds what it takes to say what a toy obeys. */
export async function mayChange(device: Device, toyId: Uint8Array): Promise<boolean> {
  return device.member.role === ROLE_ADULT && (await grantOf(device, toyId)) !== null;
}

/** A toy that has been paired and is about to obey its first policy. */
export interface NewToy {
  toyId: Uint8Array;
  linkKey: Uint8Array;
  toyRoot: Uint8Array;
}

/** Makes the adult's own grant and the first policy of a toy, kept on disk before the toy hears of it. */
export async function adoptToy(device: Device, toy: NewToy, wishes: ToyWishes): Promise<Uint8Array> {
  const { generation } = device.family.roster;
  const clipSecret = sodium.randombytes_buf(32);
  const grant: Grant = {
    deviceId: device.member.id,
    generation,
    linkPsk: device.member.linkKey && bridgePsk(toy.toyRoot, device.member.linkKey),
    nearKey: nearKey(toy.toyRoot, generation),
    clipSecret,
    toyRoot: toy.toyRoot,
  };
  const policy = signedPolicy(device, toy.toyId, clipSecret, wishes, null);
  await device.store.write([
    keepGrant(device, toy.toyId, grant),
    ...(await keepPolicy(device, toy.toyId, policy)),
  ]);
  return policy;
}

/** Lists a paired toy in the roster. Listing it again is no error. */
export async function enrolToy(device: Device, linkKey: Uint8Array): Promise<void> {
  const member = asMember({ role: ROLE_TOY, signKey: null, linkKey, person: null });
  await device.family.refresh();
  if (toysOf(device).some((toy) => same(toy.id, member.id))) return;
  const { secret } = device.asSender();
  await device.family.append({ op: 'add', members: [member] }, [{ id: device.member.id, secret }]);
}

/** Says anew what a toy must obey, from the roster as it is now, and sends it. Does nothing where this device may not. */
export function renewPolicy(device: Device, toyId: Uint8Array, wishes: ToyWishes): Promise<void> {
  return inTurn(device, async () => void (await renew(device, toyId, wishes)));
}

/**
 * After a change of who is in the family: every toy hears who may speak to it and which bridges may link with it now, and whoever may have
 * its secrets gets them. `newcomer`: somebody about whom its policies say nothing yet.
 */
export async function tellToys(device: Device, newcomer?: Omit<SenderWish, 'rhythm'>): Promise<void> {
  for (const { id } of toysOf(device)) {
    if (!(await mayChange(device, id))) continue;
    await grantToBridges(device, id);
    await inTurn(device, async () => {
      const wishes = await wishesOf(device, id);
      if (wishes !== null) await renew(device, id, withNewcomer(wishes, newcomer));
    });
  }
}

/**
 * Renews every policy that is a week old, so that no toy comes near the 30 days after which it takes nothing but a newer one. Who signed the
 * last one does it; the other adults' devices wait a day longer each, so that two do not say it at once. A policy that names somebody who has gone, by
 * themselves perhaps, is renewed at once.
 */
export async function keepPoliciesFresh(device: Device): Promise<void> {
  for (const { id } of toysOf(device)) {
    await inTurn(device, async () => {
      const [policy, wishes] = [await policyOf(device, id), await wishesOf(device, id)];
      if (policy === null || wishes === null || !(await mayChange(device, id))) return;
      const isOld = device.nowS() - policyIssuedAt(policy) >= RENEW_POLICY_S + patienceS(device, policy);
      const isOfOthers = namesStrangers(policy, device.family.roster);
      if (isOld || isOfOthers) await renew(device, id, wishes);
    });
  }
}

/**
 * Ends ties: where two adults said different things under one number, the one whose policy does not stand says again what stands, with what it had itself
 * changed and the other had not, under the next number; so nothing is lost, and toys and bridges that had heard the other first hear it, too. If it is away,
 * the other does so after a while.
 */
export async function settleTies(device: Device): Promise<void> {
  for (const { id } of toysOf(device)) {
    if ((await tiedSince(device, id)) !== null) await inTurn(device, () => settleTie(device, id));
  }
}

async function settleTie(device: Device, toyId: Uint8Array): Promise<void> {
  const [since, policy] = [await tiedSince(device, toyId), await policyOf(device, toyId)];
  if (since === null || policy === null || !(await mayChange(device, toyId))) return;
  const stands = wishesIn(policy, device.family.roster);
  if (same(signerOf(policy), device.member.signKey!)) {
    if (device.nowS() - since >= TIE_PATIENCE_S) await renew(device, toyId, stands);
    return;
  }
  const said = await saidOf(device, toyId);
  const merged = said === null ? null : mergedWishes(said, policy, device.family.roster);
  // Somebody has gone on from there.
  const isOver = said === null || comparePolicies(policy, said.mine) > 0;
  if (merged === null && isOver) await device.store.write([untie(toyId)]);
  else if (!(await renew(device, toyId, merged ?? stands))) await device.store.write([untie(toyId)]);
}

/** The toys of the family. */
export function toysOf(device: Device): Member[] {
  return [...device.family.roster.members.values()].filter(({ role }) => role === ROLE_TOY);
}

/** False where this device may not, or only the root may, speak to the toy. */
async function renew(device: Device, toyId: Uint8Array, wishes: ToyWishes): Promise<boolean> {
  const [grant, last] = [await grantOf(device, toyId), await policyOf(device, toyId)];
  if (grant === null) return false;
  if (last !== null && policyGeneration(last) !== device.family.roster.generation) return false;
  const policy = signedPolicy(device, toyId, grant.clipSecret, wishes, last);
  const said = last === null ? [] : [await keepSaid(device, toyId, last, policy)];
  await device.store.write([...(await keepPolicy(device, toyId, policy)), untie(toyId), ...said]);
  await sendPolicy(device, toyId);
  return true;
}

function withNewcomer(wishes: ToyWishes, newcomer: Omit<SenderWish, 'rhythm'> | undefined): ToyWishes {
  const known = wishes.senders.find(({ person }) => newcomer !== undefined && same(person, newcomer.person));
  if (newcomer === undefined || known === undefined) return wishes;
  return changedWishes(wishes, { senders: [{ ...known, ...newcomer }] });
}

/** How much longer than the policy's own signer this device waits. */
function patienceS(device: Device, policy: Uint8Array): number {
  if (same(signerOf(policy), device.member.signKey!)) return 0;
  const ids = membersOf(device.family.roster, ROLE_ADULT).map(({ id }) => idText(id));
  return (1 + ids.sort().indexOf(idText(device.member.id))) * DAY_S;
}

function signedPolicy(
  device: Device,
  toyId: Uint8Array,
  clipSecret: Uint8Array,
  wishes: ToyWishes,
  last: Uint8Array | null,
): Uint8Array {
  const policy = policyFor(device.family.roster, wishes, {
    toyId,
    clipKey: sodium.crypto_scalarmult_base(clipSecret),
    signer: device.member.signKey!,
    counter: last === null ? 1 : policyCounter(last) + 1,
    issuedAt: device.nowS(),
  });
  putPolicySignature(policy, signWith(device.keys, policySigningBytes(policy)));
  return policy;
}

const turns = new WeakMap<Device, Promise<unknown>>();

/** One change of policies after the other: two at once would take the same number. */
function inTurn<T>(device: Device, action: () => Promise<T>): Promise<T> {
  const turn = (turns.get(device) ?? Promise.resolve()).then(action, action);
  turns.set(device, turn);
  return turn;
}
