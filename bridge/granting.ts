// Gives a toy's secrets and its newest policy to the devices that may have them.

import { same } from '#protocol/bytes.ts';
import { encodeGrant, GRANT, type Grant, POLICY } from '#protocol/envelope/content.ts';
import { type SigningMember, signs } from '#protocol/family/judge.ts';
import { type Member, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import type { Device } from './device.ts';
import { grantOf, policyOf } from './grants.ts';
import { owe } from './owed.ts';
import { tell } from './telling.ts';

/**
 * Gives each bridge, and each adult's device (a phone is a bridge, too), its grant for a toy; one without prekeys is owed it. Giving it again is harmless. Does
 * nothing on a device that has not got the toy's root.
 */
export async function grantToBridges(device: Device, toyId: Uint8Array): Promise<void> {
  const skipped: Uint8Array[] = [];
  for (const member of device.family.roster.members.values()) {
    if (!same(member.id, device.member.id)) skipped.push(...(await grantTo(device, toyId, member)));
  }
  await owe(device, toyId, skipped);
}

/** Gives one member its grant. Returns it if it could not be told. */
export async function grantTo(device: Device, toyId: Uint8Array, member: Member): Promise<Uint8Array[]> {
  const own = await grantOf(device, toyId);
  if (own === null || own.toyRoot === null || !mayHaveGrant(member)) return [];
  const grant: Grant = {
    ...own,
    deviceId: member.id,
    linkPsk: member.linkKey && bridgePsk(own.toyRoot, member.linkKey),
    // Only adults may let others in.
    toyRoot: member.role === ROLE_ADULT ? own.toyRoot : null,
  };
  return tell(device, { kind: GRANT, toyId, extra: encodeGrant(grant), deviceId: member.id });
}

/** Sends the newest policy to the bridges and the other adults; those without prekeys are owed it. */
export async function sendPolicy(device: Device, toyId: Uint8Array): Promise<void> {
  await owe(device, toyId, await tellPolicy(device, toyId));
}

/** Sends the newest policy to all, or to one. Returns who could not be told. */
export async function tellPolicy(
  device: Device,
  toyId: Uint8Array,
  only?: Uint8Array,
): Promise<Uint8Array[]> {
  const extra = await policyOf(device, toyId);
  if (extra === null) return [];
  return tell(device, { kind: POLICY, toyId, extra, ...(only === undefined ? {} : { only }) });
}

function mayHaveGrant(member: Member): member is SigningMember {
  return (member.role === ROLE_ADULT || member.role === ROLE_BRIDGE) && signs(member);
}
