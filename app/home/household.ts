// What a person changes in the family: names, pictures, who is in it, and what each toy obeys.
import { bytesOfHex } from '#bridge/bytes.ts';
import { giveConsent } from '#bridge/consents.ts';
import { changeWishes } from '#bridge/guardian.ts';
import { listProfiles, setProfile } from '#bridge/profiles.ts';
import { removeWithKit } from '#bridge/recovery.ts';
import { removeMembers, removeToy } from '#bridge/removal.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { readKit } from '#protocol/family/kit.ts';
import { idText, ROLE_TOY } from '#protocol/family/member.ts';
import { isName, PICTURE_BYTES_MAX, type Profile } from '#protocol/family/profile.ts';
import type { Actions } from '../model.ts';
import { codeError } from './codes.ts';
import type { Platform } from './platform.ts';
import type { Running } from './running.ts';
import { toUtc } from './times.ts';

export type Household = Pick<
  Actions,
  'remove' | 'rename' | 'setPicture' | 'setConsent' | 'setQuiet' | 'setVolume' | 'setPermissions'
>;

export function createHousehold(
  platform: Platform,
  running: Running,
  consentWords: () => Uint8Array,
): Household {
  /** After something was changed here: sends it, and shows it. */
  async function settle(): Promise<void> {
    running.wake();
    await running.refresh();
  }

  async function change(
    subject: { kind: Profile['kind']; id: string },
    fresh: Partial<Pick<Profile, 'name' | 'picture'>>,
  ): Promise<void> {
    const device = running.device();
    const { kind, id } = subject;
    const profiles = await listProfiles(device);
    const known = profiles.find((profile) => profile.kind === kind && idText(profile.id) === id);
    const { name = known?.name, picture = known?.picture ?? null } = fresh;
    // A picture needs a name beside it.
    if (name === undefined) throw codeError('name-form');
    await setProfile(device, { kind, id: bytesOfHex(id), name, picture });
    await settle();
  }

  return {
    async rename(subject, name) {
      const composed = name.trim().normalize('NFC');
      if (!isName(composed)) throw codeError('name-form');
      await change(subject, { name: composed });
    },
    async setPicture(subject, image) {
      const picture = image && (await platform.pictures.shrink(image, PICTURE_BYTES_MAX));
      await change(subject, { picture });
    },
    async remove(ids, kit) {
      const device = running.device();
      const members = [...device.family.roster.members.values()];
      const gone = members.filter(
        ({ id, person }) => ids.includes(idText(id)) || (person !== null && ids.includes(idText(person))),
      );
      const isToy = (id: Uint8Array) => memberOf(device.family.roster, id)?.role === ROLE_TOY;
      const [toys, others] = [gone.filter(({ id }) => isToy(id)), gone.filter(({ id }) => !isToy(id))];
      for (const { id } of toys) await removeToy(device, id);
      const left = others.map(({ id }) => id);
      if (left.length > 0 && kit !== undefined) await removeWithKit(device, left, readKit(kit).seed);
      else if (left.length > 0) await removeMembers(device, left);
      await settle();
    },
    async setConsent(toyId, isGiven) {
      await giveConsent(running.device(), bytesOfHex(toyId), isGiven, consentWords());
      await settle();
    },
    async setQuiet(toyId, quiet) {
      const utc = quiet && toUtc(quiet, platform.minutesAhead());
      await changeWishes(running.device(), bytesOfHex(toyId), { quiet: utc });
      await settle();
    },
    async setVolume(toyId, percent) {
      await changeWishes(running.device(), bytesOfHex(toyId), { volume: Math.round(percent) });
      await settle();
    },
    async setPermissions(toyId, permissions) {
      const senders = permissions.map(({ personId, isAllowed, needsApproval, rhythm }) => ({
        person: bytesOfHex(personId),
        isAllowed,
        needsApproval,
        rhythm,
      }));
      await changeWishes(running.device(), bytesOfHex(toyId), { senders });
      await settle();
    },
  };
}
