// What a device knows of each toy beyond the roster: the secrets that an adult granted it, and the newest policy.
import { ascii, putU32, same } from '#protocol/bytes.ts';
import { decodeGrant, encodeGrant, type Grant } from '#protocol/envelope/content.ts';
import { idText, ROLE_ADULT, ROLE_TOY } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { KEY_BYTES, POLICY_SIGNER_AT } from '#protocol/policy/layout.ts';
import { checkPolicy, comparePolicies, policyGeneration } from '#protocol/policy/policy.ts';
import { blake2b } from '#protocol/sodium/hkdf.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { Device } from './device.ts';
import type { Change } from './store.ts';
import type { PairedToy } from './toys.ts';

/** The change that keeps a grant; a newer one of the same toy replaces it. */
export function keepGrant(device: Device, toyId: Uint8Array, grant: Grant): Change {
  return { collection: 'grants', key: idText(toyId), value: sealAtRest(device.keys, encodeGrant(grant)) };
}

export async function grantOf(device: Device, toyId: Uint8Array): Promise<Grant | null> {
  const value = await device.store.get('grants', idText(toyId));
  return value === undefined ? null : decodeGrant(openAtRest(device.keys, value));
}

/**
 * The change that keeps a policy, if it is newer than the one that is here; none if not. Faults as `judgePolicy`: a policy that no toy
 * would obey must not stand in the way of the next one.
 */
export async function keepPolicy(device: Device, toyId: Uint8Array, policy: Uint8Array): Promise<Change[]> {
  judgePolicy(device, toyId, policy);
  const known = await policyForToy(device, toyId);
  if (known !== null && comparePolicies(policy, known) <= 0) return [];
  return [{ collection: 'policies', key: idText(toyId), value: policy }];
}

/**
 * Judges a policy as senders are judged: by the newest roster. Signed by the root, or by an adult who is one now, of this generation.
 * Faults: those of `checkPolicy`.
 */
function judgePolicy({ family: { roster } }: Device, toyId: Uint8Array, policy: Uint8Array): void {
  const signer = policy.subarray(POLICY_SIGNER_AT, POLICY_SIGNER_AT + KEY_BYTES);
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
    if (grant !== null && grant.linkPsk !== null)
      toys.push({ id, linkKey, linkPsk: grant.linkPsk, nearKey: grant.nearKey });
  }
  return toys;
}

/** The key that recognises a toy's advertisements, 32 bytes. Context `pawpost1/near`. */
export function nearKey(toyRoot: Uint8Array, generation: number): Uint8Array {
  const epoch = new Uint8Array(4);
  putU32(epoch, 0, generation);
  return blake2b(32, toyRoot, ascii('pawpost1/near'), epoch);
}
