// One connection to a toy over Web Bluetooth: connected, subscribed, values in order, one end.
import { type Channel, RadioError } from '#bridge/radio.ts';
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import { createValueQueue } from './value-queue.ts';

/**
 * A page cannot ask for the MTU, and a value that does not fit is lost or refused. This is what an iPhone's or a Mac's Bluetooth takes, and
 * no phone's is known to take less from a toy that offers more; a larger one would save a tenth of the time.
 */
export const ASSUMED_MTU = 185;
const ATT_HEAD_BYTES = 3;
const GONE_ADVICE = 'The toy is gone; bring it nearer and try again.';
const NO_TOY_ADVICE = 'This device is not a Pawpost toy.';

/** Connects and subscribes. @throws RadioError `no-service`; whatever the browser says of the connection. */
export async function openGattChannel(
  device: BluetoothDevice,
  gatt: BluetoothRemoteGATTServer,
): Promise<Channel> {
  const values = createValueQueue();
  const closeListeners: (() => void)[] = [];
  let isOpen = true;
  let sending: Promise<void> = Promise.resolve();
  let deafen = () => {};

  function ended(): void {
    if (!isOpen) return;
    isOpen = false;
    deafen();
    device.removeEventListener('gattserverdisconnected', ended);
    for (const listener of closeListeners) listener();
  }

  await gatt.connect();
  device.addEventListener('gattserverdisconnected', ended);
  const { toToy, fromToy } = await discover(gatt);
  const hear = () => {
    if (fromToy.value !== undefined) values.push(bytesOf(fromToy.value));
  };
  deafen = () => fromToy.removeEventListener('characteristicvaluechanged', hear);
  fromToy.addEventListener('characteristicvaluechanged', hear);
  await fromToy.startNotifications();
  if (!gatt.connected) ended();

  async function write(value: Uint8Array): Promise<void> {
    if (!isOpen) throw new RadioError('closed', GONE_ADVICE);
    try {
      await toToy.writeValueWithoutResponse(Uint8Array.from(value));
    } catch (error) {
      throw new RadioError('closed', GONE_ADVICE, error);
    }
  }

  return {
    mtu: ASSUMED_MTU,
    send(value) {
      const most = ASSUMED_MTU - ATT_HEAD_BYTES;
      if (value.length > most) return Promise.reject(new RangeError(`a value has at most ${most} bytes`));
      // A second write while one is under way is refused.
      const turn = sending.then(() => write(value));
      sending = turn.catch(() => {});
      return turn;
    },
    onValue: values.onValue,
    onClose(listener) {
      if (isOpen) closeListeners.push(listener);
      else listener();
    },
    async close() {
      gatt.disconnect();
      ended();
    },
  };
}

async function discover(
  gatt: BluetoothRemoteGATTServer,
): Promise<Record<'toToy' | 'fromToy', BluetoothRemoteGATTCharacteristic>> {
  try {
    const service = await gatt.getPrimaryService(SERVICE_UUID);
    return {
      toToy: await service.getCharacteristic(TO_TOY_UUID),
      fromToy: await service.getCharacteristic(FROM_TOY_UUID),
    };
  } catch (error) {
    if (!gatt.connected) throw new RadioError('closed', GONE_ADVICE, error);
    throw new RadioError('no-service', NO_TOY_ADVICE, error);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
