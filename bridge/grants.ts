// What a device knows of each toy beyond the roster: the secrets that an adult granted it, and the newest policy.
import { ascii, putU32, same } from '#protocol/bytes.ts';
import { decodeGrant, encodeGrant, type Grant } from '#protocol/envelope/content.ts';
import { idText, ROLE_ADULT, ROLE_TOY } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { KEY_BYTES, POLICY_SIGNER_AT } from '#protocol/policy/layout.ts';
import {
  checkPolicy,
  comparePolicies,
  policyGeneration,
  policyIssuedAt,
  policyRoot,
} from '#protocol/policy/policy.ts';
import { blake2b } from '#protocol/sodium/hkdf.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { Device } from './device.ts';
import type { Change } from './store.ts';
import { saidOf, tie } from './ties.ts';
import type { PairedToy } from './toys.ts';

/** `<toy id>/former`: the near key of the generation before. */
const FORMER = '/former';

/** The change that keeps a grant; it replaces what was known of the toy. */
export function keepGrant(device: Device, toyId: Uint8Array, grant: Grant): Change {
  return { collection: 'grants', key: idText(toyId), value: sealAtRest(device.keys, encodeGrant(grant)) };
}

/**
 * What a grant that an adult sent changes here: nothing, if it is older than the one that is here. A toy is known by its former near key until it
 * has heard of the new generation. Fault `content-form` for a grant to another device.
 */
export async function takeGrant(device: Device, toyId: Uint8Array, grant: Grant): Promise<Change[]> {
  if (!same(grant.deviceId, device.member.id)) throw fault('content-form');
  const known = await grantOf(device, toyId);
  if (known !== null && grant.generation < known.generation) return [];
  const isNext = known !== null && grant.generation > known.generation;
  const value = isNext ? sealAtRest(device.keys, known.nearKey) : null;
  const former: Change[] = isNext ? [{ collection: 'grants', key: idText(toyId) + FORMER, value }] : [];
  return [keepGrant(device, toyId, grant), ...former];
}

/** The changes that forget a toy's secrets. */
export function forgetGrant(toyId: Uint8Array): Change[] {
  return [idText(toyId), idText(toyId) + FORMER].map((key) => ({ collection: 'grants', key, value: null }));
}

export async function grantOf(device: Device, toyId: Uint8Array): Promise<Grant | null> {
  const value = await device.store.get('grants', idText(toyId));
  return value === undefined ? null : decodeGrant(openAtRest(device.keys, value));
}

/**
 * The change that keeps a policy, if it is newer than the one that is here; none if not. Of two that adults signed with the same number
 * all devices keep the same one; the adult's devices that signed them note the tie. Faults as `judgePolicy`: a policy
 * that no toy would obey must not stand in the way of the next one.
 */
export async function keepPolicy(device: Device, toyId: Uint8Array, policy: Uint8Array): Promise<Change[]> {
  judgePolicy(device, toyId, policy);
  const known = await policyForToy(device, toyId);
  const keep: Change = { collection: 'policies', key: idText(toyId), value: policy };
  const order = known === null ? 1 : comparePolicies(policy, known);
  const stands = known === null || order > 0 || (order === 0 && standsOver(policy, known));
  return [...(stands ? [keep] : []), ...(await noteTie(device, toyId, policy, known))];
}

/** They may come in any order: the number that counts is that of what this device said itself. */
async function noteTie(
  device: Device,
  toyId: Uint8Array,
  policy: Uint8Array,
  known: Uint8Array | null,
): Promise<Change[]> {
  const { signKey } = device.member;
  const isOurs = (one: Uint8Array) => signKey !== null && same(signerOf(one), signKey);
  if (isOurs(policy)) return [];
  const mine = (await saidOf(device, toyId))?.mine ?? (known !== null && isOurs(known) ? known : null);
  return mine !== null && comparePolicies(policy, mine) === 0 ? [tie(toyId, device.nowS())] : [];
}

/** Of two policies with the same number: the root's, else the later one, else the one with the larger bytes. */
export function standsOver(policy: Uint8Array, other: Uint8Array): boolean {
  const [isRoot, isOtherRoot] = [policy, other].map((one) => same(signerOf(one), policyRoot(one)));
  if (isRoot !== isOtherRoot) return isRoot!;
  if (policyIssuedAt(policy) !== policyIssuedAt(other)) return policyIssuedAt(policy) > policyIssuedAt(other);
  const at = policy.findIndex((byte, i) => byte !== other[i]);
  return at >= 0 && policy[at]! > other[at]!;
}

/** Ed25519: the adult who signed a policy, or the root. */
export function signerOf(policy: Uint8Array): Uint8Array {
  return policy.subarray(POLICY_SIGNER_AT, POLICY_SIGNER_AT + KEY_BYTES);
}

/**
 * Judges a policy as senders are judged: by the newest roster. Signed by the root, or by an adult who is one now, of this generation.
 * Faults: those of `checkPolicy`.
 */
function judgePolicy({ family: { roster } }: Device, toyId: Uint8Array, policy: Uint8Array): void {
  const signer = signerOf(policy);
  checkPolicy(createPrimitives(), policy, null, toyId, roster.rootKey, signer);
  if (same(signer, roster.rootKey)) return;
  const isAdult = [...roster.members.values()].some(
    ({ role, signKey }) => role === ROLE_ADULT && signKey !== null && same(signKey, signer),
  );
  if (!isAdult || policyGeneration(policy) !== roster.generation) throw fault('policy-signer');
}

/** The newest policy, if whoever signed it may still say what the toy obeys. What a thief signed before being put out is not passed on. */
export async function policyForToy(device: Device, toyId: Uint8Array): Promise<Uint8Array | null> {
  const policy = await policyOf(device, toyId);
  if (policy === null) return null;
  try {
    judgePolicy(device, toyId, policy);
    return policy;
  } catch {
    return null;
  }
}

/** The newest policy that is kept here, whoever signed it. */
export async function policyOf(device: Device, toyId: Uint8Array): Promise<Uint8Array | null> {
  return (await device.store.get('policies', idText(toyId))) ?? null;
}

/** The toys of the family that this device may link with. */
export async function linkedToys(device: Device): Promise<PairedToy[]> {
  const toys: PairedToy[] = [];
  for (const { id, role, linkKey } of device.family.roster.members.values()) {
    if (role !== ROLE_TOY || linkKey === null) continue;
    const grant = await grantOf(device, id);
    if (grant === null || grant.linkPsk === null) continue;
    const former = await device.store.get('grants', idText(id) + FORMER);
    const formerNearKey = former === undefined ? null : openAtRest(device.keys, former);
    toys.push({ id, linkKey, linkPsk: grant.linkPsk, nearKey: grant.nearKey, formerNearKey });
  }
  return toys;
}

/** The key that recognises a toy's advertisements, 32 bytes. Context `pawpost1/near`. */
export function nearKey(toyRoot: Uint8Array, generation: number): Uint8Array {
  const epoch = new Uint8Array(4);
  putU32(epoch, 0, generation);
  return blake2b(32, toyRoot, ascii('pawpost1/near'), epoch);
}
