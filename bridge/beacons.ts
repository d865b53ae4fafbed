// The newest head, said aloud: adults' devices tell all others which entry they see, so that a relay that hides changes, or shows two families, is found out.
import { putU32, u32 } from '#protocol/bytes.ts';
import { BEACON, NO_TOY } from '#protocol/envelope/content.ts';
import { type Beacon, compareBeacon, decodeBeacon, encodeBeacon } from '#protocol/family/beacon.ts';
import { idText, type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import type { Device } from './device.ts';
import type { Change } from './store.ts';
import { tell } from './telling.ts';

const SENT_MARK = 'beacon-sent';
/** `beacon/<device>` -> when it last saw the head that this device sees, or one before it. */
const SEEN = 'beacon/';
const AGAIN_S = 86_400;

/** Tells all members which head this device sees: when the app opens. Does nothing on a device that is no adult's. Faults as `tell`. */
export async function sendBeacon(device: Device): Promise<void> {
  if (device.member.role !== ROLE_ADULT) return;
  const { roster } = device.family;
  const { familyId, generation, number: headNumber, head } = roster;
  const at = device.nowS();
  const beacon: Beacon = { familyId, deviceId: device.member.id, generation, headNumber, head, at };
  const extra = encodeBeacon(beacon, signKeys(device.keys.signSeed).secret);
  // Sealed on the family's first entry, which all have: one who sees another chain must be able to open it.
  const first = { headNumber: 0, head: roster.heads[0]! };
  const asSender = () => ({ ...device.asSender(), ...first });
  await tell({ ...device, asSender }, { kind: BEACON, toyId: NO_TOY, extra });
  await device.store.write([{ collection: 'marks', key: SENT_MARK, value: timeBytes(at) }]);
}

/** Sends a beacon unless one was sent within the last day. */
export async function keepBeaconFresh(device: Device): Promise<void> {
  const mark = await device.store.get('marks', SENT_MARK);
  const ageS = mark === undefined ? AGAIN_S : device.nowS() - u32(mark, 0);
  if (ageS < 0 || ageS >= AGAIN_S) await sendBeacon(device);
}

/**
 * What another's beacon changes here. One that names another entry at a number that this device has proves two chains: it is kept in mind, and nothing
 * goes on. Faults: `roster-fork` then; `content-form` for what is no beacon of its sender.
 */
export async function takeBeacon(device: Device, sender: Member, extra: Uint8Array): Promise<Change[]> {
  const { roster } = device.family;
  const beacon = beaconOf(extra, device);
  if (idText(beacon.deviceId) !== idText(sender.id)) throw fault('content-form');
  const verdict = compareBeacon(roster, beacon);
  if (verdict === 'fork') {
    await device.family.noteFork();
    throw fault('roster-fork');
  }
  // A newer head that the relay does not show me proves nothing about how new mine is.
  if (verdict === 'newer') return [];
  const value = timeBytes(Math.min(beacon.at, device.nowS()));
  return [{ collection: 'marks', key: SEEN + idText(sender.id), value }];
}

/** When another adult's device last said that it sees what this one sees; unix seconds, null if none ever did. */
export async function newestBeaconAt(device: Device): Promise<number | null> {
  const { members } = device.family.roster;
  const times = (await device.store.list('marks', SEEN))
    .filter(({ key }) => members.has(key.slice(SEEN.length)))
    .map(({ value }) => u32(value, 0));
  return times.length === 0 ? null : Math.max(...times);
}

function beaconOf(extra: Uint8Array, device: Device): Beacon {
  try {
    return decodeBeacon(extra, device.family.roster);
  } catch {
    throw fault('content-form');
  }
}

function timeBytes(at: number): Uint8Array {
  const value = new Uint8Array(4);
  putU32(value, 0, at);
  return value;
}
