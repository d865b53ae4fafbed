// One device of the family, whatever else it is: its keys, its store, its view of the family, its way to the relay.
import { putU32, u32 } from '#protocol/bytes.ts';
import { expiredWindows, type PrekeyStore, publishPrekeys } from '#protocol/envelope/prekeys.ts';
import type { Sender } from '#protocol/envelope/seal.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { idText, type Member } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import type { RequestKey } from '#protocol/relay/signature.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { Clock } from './clock.ts';
import { type Family, loadFamily } from './family.ts';
import { type DeviceKeys, memberOfKeys } from './keys.ts';
import { createMailbox, type Mailbox, type MailboxParts } from './mailbox.ts';
import type { Store } from './store.ts';

export interface Device {
  readonly member: Member;
  readonly keys: DeviceKeys;
  readonly store: Store;
  readonly mailbox: Mailbox;
  readonly family: Family;
  readonly clock: Clock;
  readonly prekeys: PrekeyStore;
  random(out: Uint8Array): void;
  nowS(): number;
  /** This device as the sender of an envelope, on the newest head it knows. Fault `roster-fork` while there are two. */
  asSender(): Sender;
}

export interface DeviceParts {
  keys: DeviceKeys;
  relay: string;
  familyId: Uint8Array;
  store: Store;
  clock: Clock;
  /** Called after each request to the relay. */
  watch?: MailboxParts['watch'];
}

/** The device has not joined yet: the relay gives it no chain. */
export class NotJoined extends Error {
  readonly advice = 'Ask an adult of the family to add this device with "family add".';
  constructor() {
    super('this device is not in a family yet');
    this.name = 'NotJoined';
  }
}

/** The family's signed chain says that this device was put out. */
export class PutOut extends Error {
  readonly code = 'removed';
  readonly advice =
    'An adult of the family has put this device out. It must be invited anew, as another device.';
  constructor() {
    super('removed');
    this.name = 'PutOut';
  }
}

/** @throws PutOut if the family's chain, as it is kept here, says that this device is no member any more. */
export function requireMember({ family, member }: Pick<Device, 'family' | 'member'>): void {
  if (memberOf(family.roster, member.id) === undefined) throw new PutOut();
}

/** A mailbox that signs as this device. */
export function mailboxOf(
  parts: Pick<DeviceParts, 'keys' | 'relay' | 'familyId' | 'clock' | 'watch'>,
): Mailbox {
  const { keys, familyId } = parts;
  const keyId = encodeKeyId({ family: familyId, device: memberOfKeys(keys).id });
  return mailboxFor(parts, keyId, keys.signSeed);
}

/** The relay for any signer: `seed` is that of its Ed25519 key, 32 bytes. */
export function mailboxFor(
  { relay, clock, watch }: Pick<DeviceParts, 'relay' | 'clock' | 'watch'>,
  keyId: string,
  seed: Uint8Array,
): Mailbox {
  const { secret } = signKeys(seed);
  const key: RequestKey = { keyId, sign: (message) => sodium.crypto_sign_detached(message, secret) };
  return createMailbox({ origin: relay, key, nowMs: clock.nowMs, random: systemRandom, watch });
}

/** @throws NotJoined if it has no chain yet. */
export async function openDevice(parts: DeviceParts): Promise<Device> {
  const mailbox = mailboxOf(parts);
  const family = await loadFamily(parts.store, mailbox, parts.familyId);
  if (family === null) throw new NotJoined();
  return deviceWith(parts, mailbox, family);
}

/** A device whose family is at hand. */
export function deviceWith(parts: DeviceParts, mailbox: Mailbox, family: Family): Device {
  const { keys, store, clock } = parts;
  const member = memberOfKeys(keys);
  const { secret } = signKeys(keys.signSeed);
  return {
    member,
    keys,
    store,
    mailbox,
    family,
    clock,
    prekeys: prekeysIn(store, keys),
    random: systemRandom,
    nowS: () => Math.floor(clock.nowMs() / 1000),
    asSender() {
      if (family.isForked) throw fault('roster-fork');
      const { familyId, number: headNumber, head } = family.roster;
      return { familyId, deviceId: member.id, secret, headNumber, head };
    },
  };
}

const PREKEYS_MARK = 'prekeys';
const PREKEYS_S = 24 * 3600;

/** Publishes the prekeys of the weeks to come, unless that was done within the last day. Fault `roster-fork` while there are two chains. */
export async function keepPrekeysFresh(device: Device): Promise<void> {
  if (device.family.isForked) await device.family.refresh();
  const mark = await device.store.get('marks', PREKEYS_MARK);
  const ageS = mark === undefined ? PREKEYS_S : device.nowS() - u32(mark, 0);
  if (ageS < 0 || ageS >= PREKEYS_S) await renewPrekeys(device);
}

/** Publishes the prekeys of the weeks to come. */
export async function renewPrekeys(device: Device): Promise<void> {
  const { member, prekeys, keys, family } = device;
  const bundle = await publishPrekeys(
    prekeys,
    { deviceId: member.id, secret: signKeys(keys.signSeed).secret },
    family.roster,
    device.nowS(),
    device.random,
  );
  await device.mailbox.putPrekeys(bundle);
  const mark = new Uint8Array(4);
  putU32(mark, 0, device.nowS());
  await device.store.write([{ collection: 'marks', key: PREKEYS_MARK, value: mark }]);
}

/**
 * Destroys the private prekeys that nothing can need any more. Only after the mailbox has been emptied: a device that was off for
 * long may still need old ones; and the relay has then accepted this clock's time to two minutes.
 */
export async function destroyPrekeys(device: Device): Promise<void> {
  const { prekeys } = device;
  for (const window of expiredWindows(await prekeys.windows(), device.nowS(), true)) {
    await prekeys.remove(window);
  }
}

/** The name of a member in a store's keys. */
export function nameOf(member: Member): string {
  return idText(member.id);
}

/** Sealed at rest: a stray copy of the store must not open what the relay holds. */
function prekeysIn(store: Store, keys: DeviceKeys): PrekeyStore {
  const key = (window: number) => String(window).padStart(6, '0');
  return {
    get: async (window) => {
      const sealed = await store.get('prekeys', key(window));
      return sealed === undefined ? null : openAtRest(keys, sealed);
    },
    put: (window, secret) =>
      store.write([{ collection: 'prekeys', key: key(window), value: sealAtRest(keys, secret) }]),
    windows: async () => (await store.list('prekeys', '')).map((item) => Number(item.key)),
    remove: (window) => store.write([{ collection: 'prekeys', key: key(window), value: null }]),
  };
}

function systemRandom(out: Uint8Array): void {
  // The platform's generator itself: libsodium's wrapper draws it byte by byte in a browser's way, at half the speed of a seal.
  crypto.getRandomValues(out);
}
