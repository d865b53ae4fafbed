// The people of the family with their devices, and the bridges, as screens show them.
import type { Device } from '#bridge/device.ts';
import type { LetterHead } from '#bridge/letters.ts';
import { membersOf, peopleOf } from '#bridge/wishes.ts';
import { idText, type Member, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import type { Profile } from '#protocol/family/profile.ts';
import type { FamilyDevice, Person } from '../model.ts';
import { pictureAddress } from './pictures.ts';

/** Names and pictures by `kind/id`. */
export type Names = ReadonlyMap<string, Profile>;

export function namesOf(profiles: readonly Profile[]): Names {
  return new Map(profiles.map((profile) => [`${profile.kind}/${idText(profile.id)}`, profile]));
}

/** Adults first, each group in the order in which they came. */
export function listPeople(device: Device, names: Names, letters: readonly LetterHead[]): Person[] {
  const me = device.member.person;
  return peopleOf(device.family.roster).map(({ person, devices }) => {
    const id = idText(person);
    const profile = names.get(`person/${id}`);
    return {
      id,
      name: profile?.name ?? '',
      picture: pictureAddress(profile?.picture ?? null),
      role: devices.some(({ role }) => role === ROLE_ADULT) ? 'adult' : 'relative',
      isMe: me !== null && idText(me) === id,
      devices: devices.map((member) => familyDevice(device, member, 'phone', names, letters)),
    };
  });
}

export function listBridges(device: Device, names: Names, letters: readonly LetterHead[]): FamilyDevice[] {
  return membersOf(device.family.roster, ROLE_BRIDGE).map((member) =>
    familyDevice(device, member, 'bridge', names, letters),
  );
}

function familyDevice(
  device: Device,
  member: Member,
  kind: FamilyDevice['kind'],
  names: Names,
  letters: readonly LetterHead[],
): FamilyDevice {
  const id = idText(member.id);
  const isThis = id === idText(device.member.id);
  const heard = letters.filter(({ senderId }) => idText(senderId) === id).map(({ sentAt }) => sentAt);
  return {
    id,
    kind,
    name: names.get(`device/${id}`)?.name ?? '',
    isThis,
    lastHeardAt: isThis ? device.nowS() : heard.length === 0 ? null : Math.max(...heard),
  };
}
