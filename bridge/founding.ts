// How a device comes to be in a family: it founds one, or joins one that an adult lets it into.
import { same } from '#protocol/bytes.ts';
import { beginChain } from '#protocol/family/chain.ts';
import type { Invitation } from '#protocol/family/invitation.ts';
import type { Member } from '#protocol/family/member.ts';
import type { Pin } from '#protocol/family/pin.ts';
import { rootSigner, signGenesis } from '#protocol/family/sign.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type Device, type DeviceParts, deviceWith, mailboxOf, openDevice, renewPrekeys } from './device.ts';
import { joinFamily, keepGenesis } from './family.ts';
import { memberOfKeys } from './keys.ts';
import { RelayUnreachable } from './mailbox.ts';
import { keepSafeKey } from './safe.ts';

export type NewDevice = Omit<DeviceParts, 'familyId'>;

/** A family that has just been founded. `rootSeed` is the recovery kit: shown once, kept nowhere. */
export interface Founded {
  device: Device;
  rootSeed: Uint8Array;
}

/** The id of the family whose root has this seed, before it exists. */
function newFamily(first: Member): {
  rootSeed: Uint8Array;
  familyId: Uint8Array;
  genesis: Uint8Array;
} {
  const rootSeed = sodium.randombytes_buf(32);
  const genesis = signGenesis(rootSeed, [first]);
  return { rootSeed, familyId: beginChain(genesis).familyId, genesis };
}

/** Founds a family with this adult's device as its first member. Rejects with RelayUnreachable and faults of the relay; nothing is kept then. */
export async function foundFamily(parts: NewDevice): Promise<Founded> {
  const { rootSeed, familyId, genesis } = newFamily(memberOfKeys(parts.keys));
  await mailboxOf({ ...parts, familyId }).createFamily([genesis]);
  await keepGenesis(parts.store, [genesis]);
  const device = await openDevice({ ...parts, familyId });
  await parts.store.write([keepSafeKey(rootSeed)]);
  await publishFirst(device);
  return { device, rootSeed };
}

/** Lets devices in, by the root's signature if its seed is given (overwritten then). The adult has compared the words with the newcomer. Those that are in already are passed over. */
export async function admit(adult: Device, members: readonly Member[], seed?: Uint8Array): Promise<void> {
  await adult.family.refresh();
  const known = [...adult.family.roster.members.values()];
  const fresh = members.filter((member) => !known.some(({ id }) => same(id, member.id)));
  if (fresh.length === 0) return;
  const signer =
    seed === undefined ? { id: adult.member.id, secret: adult.asSender().secret } : rootSigner(seed);
  await adult.family.append({ op: 'add', members: fresh }, [signer]);
  seed?.fill(0);
}

/** Puts devices, toys or people out, or this device itself. Their keys are never taken again. */
export async function dismiss(device: Device, ids: readonly Uint8Array[]): Promise<void> {
  await device.family.refresh();
  const { secret } = device.asSender();
  await device.family.append({ op: 'remove', ids }, [{ id: device.member.id, secret }]);
}

/** The newcomer's side, once an adult has let it in: takes the chain, which must hold the head that it was invited with. */
export async function join(parts: NewDevice, pin: Pin): Promise<Device> {
  const all = { ...parts, familyId: pin.familyId };
  const mailbox = mailboxOf(all);
  const family = await joinFamily(parts.store, mailbox, pin);
  const device = deviceWith(all, mailbox, family);
  await publishFirst(device);
  return device;
}

/** An invitation into the family as this adult knows it now, for another phone of `person` if one is named. It bears no rights. */
export function invite(adult: Device, person?: Uint8Array): Invitation {
  const { familyId, number, head } = adult.family.roster;
  return {
    invitationId: sodium.randombytes_buf(16),
    secret: sodium.randombytes_buf(32),
    familyId,
    headNumber: number,
    head,
    ...(person === undefined ? {} : { person }),
  };
}

/** The device is in its family whatever becomes of its first prekeys: its work with the relay publishes them, too. */
export async function publishFirst(device: Device): Promise<void> {
  await renewPrekeys(device).catch((error) => {
    if (!(error instanceof RelayUnreachable)) throw error;
  });
}
