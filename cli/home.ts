// A device's home: the folder with its key file and its store, and the device opened from it.
import { existsSync, mkdirSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { wallClock } from '#bridge/clock.ts';
import { type Device, NotJoined, openDevice } from '#bridge/device.ts';
import { join } from '#bridge/founding.ts';
import type { DeviceRole } from '#bridge/keys.ts';
import { type DeviceFile, readKeyFile, writeKeyFile } from '#bridge/node/key-file.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { debtsOf } from '#bridge/owed.ts';
import type { Store } from '#bridge/store.ts';
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import {
  idText,
  type Member,
  ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
  ROLE_TOY,
} from '#protocol/family/member.ts';
import type { Pin } from '#protocol/family/pin.ts';
import { CommandError } from './failure.ts';

export const ROLE_NAMES: Readonly<Record<number, string>> = {
  [ROLE_ADULT]: 'adult',
  [ROLE_RELATIVE]: 'relative',
  [ROLE_BRIDGE]: 'bridge',
  [ROLE_TOY]: 'toy',
};

/** The help text of every `--home`. */
export const HOME_HELP = 'folder with the device’s keys and store';

const PIN_MARK = 'pin';

export interface Home {
  file: DeviceFile;
  store: Store;
  close(): Promise<void>;
}

/**
 * Makes a home for a new device. One that was begun in vain, because no relay answered or a request was lost, is begun again with the
 * keys that it has. @throws KeyFileError `exists` if a device that is in a family lives there, or one of another kind.
 */
export async function beginHome(directory: string, fresh: DeviceFile): Promise<Home> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const known = hasHome(directory) ? await unfinished(directory, fresh) : null;
  writeKeyFile(keyPath(directory), known ?? fresh, known === null);
  return openHome(directory);
}

/** The file of a home that may be begun again, with what is new; null if it may not. */
async function unfinished(directory: string, fresh: DeviceFile): Promise<DeviceFile | null> {
  const home = openHome(directory);
  try {
    const isInFamily = (await home.store.list('family', '')).length > 0;
    if (isInFamily || home.file.keys.role !== fresh.keys.role) return null;
    return { ...fresh, keys: home.file.keys };
  } finally {
    await home.close();
  }
}

/** @throws KeyFileError, StoreError. */
export function openHome(directory: string): Home {
  const file = readKeyFile(keyPath(directory));
  const store = openSqliteStore(pathOf(directory, 'store.db'));
  return { file, store, close: () => store.close() };
}

function hasHome(directory: string): boolean {
  return existsSync(keyPath(directory));
}

/** Runs an action on the device of a home, which joins its family first if it has been let in since, and closes everything after. */
export async function withDevice<T>(
  directory: string,
  roles: readonly DeviceRole[],
  action: (device: Device, home: Home) => Promise<T>,
): Promise<T> {
  const home = openHome(directory);
  try {
    if (!roles.includes(home.file.keys.role)) {
      const named = (role: DeviceRole) => `${role === ROLE_ADULT ? 'an' : 'a'} ${ROLE_NAMES[role]}`;
      throw new CommandError(
        `${directory} is the home of ${named(home.file.keys.role)}`,
        `This command wants the home of ${roles.map(named).join(' or ')}.`,
      );
    }
    return await action(await deviceOf(home), home);
  } finally {
    await home.close();
  }
}

/** Remembers the head that an invitation named. */
export async function keepPin(store: Store, pin: Pin): Promise<void> {
  const value = encodeCbor([pin.familyId, pin.number, pin.head]);
  await store.write([{ collection: 'marks', key: PIN_MARK, value }]);
}

async function deviceOf({ file, store }: Home): Promise<Device> {
  const { keys, relay, family: familyId } = file;
  if (familyId === null) throw new NotJoined();
  const parts = { keys, relay, familyId, store, clock: wallClock };
  try {
    return await openDevice(parts);
  } catch (error) {
    const mark = await store.get('marks', PIN_MARK);
    if (!(error instanceof NotJoined) || mark === undefined) throw error;
    const [id, number, head] = asTuple(decodeCbor(mark, 'invitation-form'), 3, 'invitation-form');
    const pin: Pin = {
      familyId: asBytes(id, 16, 'invitation-form'),
      number: asInteger(number, 0, 0xffffffff, 'invitation-form'),
      head: asBytes(head, 32, 'invitation-form'),
      generation: 0,
    };
    return await join(parts, pin).catch((cause: Error) => {
      // The relay knows no device that is not in the chain.
      throw cause.message === 'relay-refused' ? error : cause;
    });
  }
}

/** The member that `prefix` (of its hex id) names. @throws CommandError if it names none, or several. */
export function findMember(device: Device, prefix: string, roles: readonly number[]): Member {
  const members = [...device.family.roster.members.values()];
  const matches = members.filter(
    ({ id, role }) => roles.includes(role) && idText(id).startsWith(prefix.toLowerCase()),
  );
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  throw new CommandError(
    matches.length === 0 ? `nobody in the family has the id ${prefix}` : `${prefix} names several`,
    'Run "family show" for the ids; the first letters are enough if they name one.',
  );
}

/** The family's only toy, or the one that `prefix` names. */
export function findToy(device: Device, prefix: string | undefined): Member {
  const toys = [...device.family.roster.members.values()].filter(({ role }) => role === ROLE_TOY);
  if (toys.length === 0) throw new CommandError('the family has no toy yet', 'Pair one with "bridge pair".');
  if (prefix === undefined && toys.length > 1) {
    throw new CommandError('the family has several toys', 'Say which one with --toy and its id.');
  }
  return prefix === undefined ? toys[0]! : findMember(device, prefix, [ROLE_TOY]);
}

/** Says which devices must first be online before they can be told about the family's toys. */
export async function tellDebts(device: Device): Promise<void> {
  const ids = new Set((await debtsOf(device)).map(({ deviceId }) => idText(deviceId)));
  for (const id of ids) {
    console.log(
      `${id} has not been online yet: start it, then run "device inbox" here, and it knows the toy.`,
    );
  }
}

function keyPath(directory: string): string {
  return pathOf(directory, 'device.json');
}
