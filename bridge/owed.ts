// What a device of the family could not be told yet, because it has published no prekeys: remembered until it has.
import { idText } from '#protocol/family/member.ts';
import { bytesOfHex } from './bytes.ts';
import type { Device } from './device.ts';

/** `owed/<toy's id, or family>/<device>`. */
const OWED = 'owed/';
const FAMILY = 'family';

export interface Debt {
  /** The toy whose grant and policy are owed; null: names, pictures and consents. */
  toyId: Uint8Array | null;
  deviceId: Uint8Array;
}

export async function owe(
  device: Device,
  toyId: Uint8Array | null,
  deviceIds: readonly Uint8Array[],
): Promise<void> {
  if (deviceIds.length === 0) return;
  const value = new Uint8Array(0);
  await device.store.write(
    deviceIds.map((deviceId) => ({ collection: 'marks', key: keyOf({ toyId, deviceId }), value })),
  );
}

/** Everything that is owed. */
export async function debtsOf(device: Device): Promise<Debt[]> {
  const marks = await device.store.list('marks', OWED);
  return marks.map(({ key }) => {
    const [about, member] = key.slice(OWED.length).split('/');
    return { toyId: about === FAMILY ? null : bytesOfHex(about!), deviceId: bytesOfHex(member!) };
  });
}

export async function settle(device: Device, debt: Debt): Promise<void> {
  await device.store.write([{ collection: 'marks', key: keyOf(debt), value: null }]);
}

function keyOf({ toyId, deviceId }: Debt): string {
  return `${OWED}${toyId === null ? FAMILY : idText(toyId)}/${idText(deviceId)}`;
}
