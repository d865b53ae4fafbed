// Going: devices, people, bridges and toys leave the family, put out by an adult or by themselves.

import { idText, ROLE_ADULT } from '#protocol/family/member.ts';
import { membersMay } from '#protocol/family/rights.ts';
import { fault } from '#protocol/fault.ts';
import type { Device } from './device.ts';
import { dismiss } from './founding.ts';
import { forgetGrant } from './grants.ts';
import { tellToys } from './guardian.ts';

/**
 * Puts devices, bridges or toys out; every toy hears it. Faults: `roster-right` where the rules ask for the root (`needKit` tells which, `removeWithKit` does
 * it); `roster-member` for nobody, or the last adult.
 */
export async function removeMembers(device: Device, ids: readonly Uint8Array[]): Promise<void> {
  if (device.member.role !== ROLE_ADULT) throw fault('roster-right');
  await dismiss(device, ids);
  await tellToys(device);
}

/** Those of `ids` that this device may not put out by itself: only the recovery kit does. */
export function needKit(device: Device, ids: readonly Uint8Array[]): Uint8Array[] {
  const { members } = device.family.roster;
  return ids.filter((id) => !membersMay(members, [device.member], { op: 'remove', ids: [id] }));
}

/** A toy is given away: nobody of the family speaks with it from now on. It must be reset before it can be paired again. */
export async function removeToy(device: Device, toyId: Uint8Array): Promise<void> {
  await removeMembers(device, [toyId]);
  await device.store.write([
    ...forgetGrant(toyId),
    { collection: 'policies', key: idText(toyId), value: null },
  ]);
}

/**
 * This device goes, whatever its role, by its own signature. `left`: it is out. `last`: no other adult's device is left in the family, which would end with
 * it; nothing was changed. Faults as `Family.append`.
 */
export async function leaveFamily(device: Device): Promise<'left' | 'last'> {
  const isOut = () => !device.family.roster.members.has(idText(device.member.id));
  if (isOut()) return 'left';
  await device.family.refresh();
  if (isOut()) return 'left';
  const { members } = device.family.roster;
  if (
    device.member.role === ROLE_ADULT &&
    [...members.values()].filter(({ role }) => role === ROLE_ADULT).length <= 1
  )
    return 'last';
  await dismiss(device, [device.member.id]);
  return 'left';
}
