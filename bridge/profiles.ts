// What the people of the family call each other, their toys and devices, and how they look: kept on each of their devices, sealed.
import { NO_TOY, PROFILE } from '#protocol/envelope/content.ts';
import { idText, type Member } from '#protocol/family/member.ts';
import {
  compareProfiles,
  decodeProfile,
  encodeProfile,
  maySetProfile,
  type Profile,
} from '#protocol/family/profile.ts';
import { fault } from '#protocol/fault.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { Device } from './device.ts';
import { owe } from './owed.ts';
import type { Change } from './store.ts';
import { tell } from './telling.ts';

/**
 * Keeps a name and a picture here and sends them to all people of the family; it stands over what was said before. Faults: `content-form`
 * for what is no name or picture; `roster-right` where a relative names another.
 */
export async function setProfile(device: Device, fresh: Omit<Profile, 'at'>): Promise<void> {
  if (!maySetProfile(device.member, fresh)) throw fault('roster-right');
  const known = await profileOf(device, fresh);
  const profile = { ...fresh, at: Math.max(device.nowS(), (known?.at ?? 0) + 1) };
  await device.store.write([keepProfile(device, profile)]);
  await owe(device, null, await tellProfile(device, profile));
}

/** All that is known here, in the order of their kinds and ids. */
export async function listProfiles(device: Device): Promise<Profile[]> {
  const items = await device.store.list('profiles', '');
  return items.map(({ value }) => decodeProfile(openAtRest(device.keys, value)));
}

/** Tells a newcomer all names and pictures; it is owed them if it has no prekeys. A relative can tell of itself alone. */
export async function tellProfiles(device: Device, to: Uint8Array): Promise<void> {
  for (const profile of await listProfiles(device)) {
    if (!maySetProfile(device.member, profile)) continue;
    const skipped = await tellProfile(device, profile, to);
    if (skipped.length > 0) return owe(device, null, skipped);
  }
}

/** What a profile from somebody changes here. Faults: `content-form`; `roster-right` for a relative who names another. */
export async function takeProfile(device: Device, sender: Member, extra: Uint8Array): Promise<Change[]> {
  const profile = decodeProfile(extra);
  if (!maySetProfile(sender, profile)) throw fault('roster-right');
  const known = await profileOf(device, profile);
  return known !== null && compareProfiles(profile, known) <= 0 ? [] : [keepProfile(device, profile)];
}

/** The change that keeps a profile, whatever was known. */
export function keepProfile(device: Device, profile: Profile): Change {
  return {
    collection: 'profiles',
    key: keyOf(profile),
    value: sealAtRest(device.keys, encodeProfile(profile)),
  };
}

async function profileOf(device: Device, of: Pick<Profile, 'kind' | 'id'>): Promise<Profile | null> {
  const value = await device.store.get('profiles', keyOf(of));
  return value === undefined ? null : decodeProfile(openAtRest(device.keys, value));
}

function tellProfile(device: Device, profile: Profile, only?: Uint8Array): Promise<Uint8Array[]> {
  const extra = encodeProfile(profile);
  return tell(device, { kind: PROFILE, toyId: NO_TOY, extra, ...(only === undefined ? {} : { only }) });
}

function keyOf({ kind, id }: Pick<Profile, 'kind' | 'id'>): string {
  return `${kind}/${idText(id)}`;
}
