// What this device last heard from each toy itself, kept so that it is still known after a restart.
import { openAtRest, sealAtRest } from '#bridge/at-rest.ts';
import type { Device } from '#bridge/device.ts';
import { BATTERY_UNKNOWN, type Status } from '#protocol/ble/records.ts';
import { asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';

const MARK = 'status/';
const CODE = 'content-form';
const U32_MAX = 0xffffffff;

export interface ToyStatus {
  /** Of the policy that it obeys. */
  generation: number;
  counter: number;
  resets: number;
  /** Of its program, as protocol/program/version.ts has it. */
  program: number;
  /** Percent; null unknown. */
  battery: number | null;
  /** Unix seconds. */
  at: number;
}

/** Keeps it. */
export async function keepStatus(
  device: Device,
  toyId: string,
  status: Pick<Status, 'generation' | 'counter' | 'resets' | 'battery' | 'program'>,
): Promise<void> {
  const { generation, counter, resets, battery, program } = status;
  const fields = [1, generation, counter, resets, battery, program, device.nowS()];
  const value = sealAtRest(device.keys, encodeCbor(fields));
  await device.store.write([{ collection: 'marks', key: MARK + toyId, value }]);
}

/** Null where this device never spoke with the toy. */
export async function statusOf(device: Device, toyId: string): Promise<ToyStatus | null> {
  const kept = await device.store.get('marks', MARK + toyId);
  if (kept === undefined) return null;
  const fields = asTuple(decodeCbor(openAtRest(device.keys, kept), CODE), 7, CODE);
  const [generation, counter, resets, battery, program, at] = fields
    .slice(1)
    .map((field) => asInteger(field, 0, U32_MAX, CODE)) as [number, number, number, number, number, number];
  return { generation, counter, resets, battery: battery === BATTERY_UNKNOWN ? null : battery, program, at };
}
