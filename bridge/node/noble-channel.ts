// One connection to a toy over noble: discovered, subscribed, values in order, one end.
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import { type Channel, RadioError } from '../radio.ts';
import type { NobleCharacteristic, NoblePeripheral } from './noble.ts';

/** noble writes UUIDs without dashes. */
export const NOBLE_SERVICE_UUID = SERVICE_UUID.replaceAll('-', '');
const TO_TOY = TO_TOY_UUID.toString(16);
const FROM_TOY = FROM_TOY_UUID.toString(16);

/** An adapter that does not confirm a disconnect in this time has lost the link anyway. */
const DISCONNECT_MS = 2_000;
const GONE_ADVICE = 'The toy is gone; bring it nearer and try again.';

/** Rejects with a RadioError `closed` when the peripheral disconnects. Never resolves. */
export function whenGone(peripheral: NoblePeripheral): { promise: Promise<never>; isGone(): boolean } {
  let isGone = false;
  const promise = new Promise<never>((_, reject) => {
    peripheral.once('disconnect', () => {
      isGone = true;
      reject(new RadioError('closed', GONE_ADVICE));
    });
  });
  // Nobody may be waiting when it goes.
  promise.catch(() => {});
  return { promise, isGone: () => isGone };
}

/**
 * Discovers the service on a connected peripheral and subscribes to `fromToy`.
 * Rejects with a RadioError `no-service` if the device is no Pawpost toy. The caller bounds the time and watches for `gone`.
 */
export async function openNobleChannel(
  peripheral: NoblePeripheral,
  mtu: number,
  isGone: () => boolean,
): Promise<Channel> {
  const { toToy, fromToy } = await discover(peripheral);
  const values = createValueQueue();
  let isOpen = true;
  let closeListener: (() => void) | null = null;
  let sending: Promise<void> = Promise.resolve();

  function ended(): void {
    if (!isOpen) return;
    isOpen = false;
    closeListener?.();
  }
  peripheral.once('disconnect', ended);
  fromToy.on('data', (value: Uint8Array) => values.push(Uint8Array.from(value)));
  await fromToy.subscribeAsync();
  if (isGone()) ended();

  function write(value: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!isOpen) return reject(new RadioError('closed', GONE_ADVICE));
      toToy.write(Buffer.from(value), true, (error) => {
        if (error) reject(new RadioError('closed', GONE_ADVICE, error));
        else resolve();
      });
    });
  }

  return {
    mtu,
    send(value) {
      if (value.length > mtu - 3)
        return Promise.reject(new RangeError(`a value has at most ${mtu - 3} bytes`));
      // noble remembers one waiting writer only, so each waits for the one before.
      const turn = sending.then(() => write(value));
      sending = turn.catch(() => {});
      return turn;
    },
    onValue: values.onValue,
    onClose(listener) {
      if (isOpen) closeListener = listener;
      else listener();
    },
    async close() {
      if (!isOpen) return;
      await disconnect(peripheral);
      ended();
    },
  };
}

/** Disconnects and waits for the confirmation, 2 s at most. */
export function disconnect(peripheral: NoblePeripheral): Promise<void> {
  if (peripheral.state !== 'connected') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DISCONNECT_MS);
    peripheral.once('disconnect', () => {
      clearTimeout(timer);
      resolve();
    });
    peripheral.disconnect();
  });
}

async function discover(
  peripheral: NoblePeripheral,
): Promise<{ toToy: NobleCharacteristic; fromToy: NobleCharacteristic }> {
  let characteristics: NobleCharacteristic[] = [];
  try {
    const found = await peripheral.discoverSomeServicesAndCharacteristicsAsync(
      [NOBLE_SERVICE_UUID],
      [TO_TOY, FROM_TOY],
    );
    characteristics = found.characteristics;
  } catch (cause) {
    if (peripheral.state !== 'connected') throw new RadioError('closed', GONE_ADVICE, cause);
    throw new RadioError('no-service', 'This device is not a Pawpost toy.', cause);
  }
  const toToy = characteristics.find((each) => each.uuid === TO_TOY);
  const fromToy = characteristics.find((each) => each.uuid === FROM_TOY);
  if (toToy === undefined || fromToy === undefined)
    throw new RadioError('no-service', 'This device is not a Pawpost toy.');
  return { toToy, fromToy };
}

/**
 * Keeps values until somebody listens, and hands them over outside noble's own stack, so that a fault of the listener is seen as
 * what it is and not taken for a malformed packet.
 */
function createValueQueue(): {
  push(value: Uint8Array): void;
  onValue(listener: (value: Uint8Array) => void): void;
} {
  const waiting: Uint8Array[] = [];
  let listener: ((value: Uint8Array) => void) | null = null;

  function deliver(): void {
    while (listener !== null && waiting.length > 0) listener(waiting.shift()!);
  }
  return {
    push(value) {
      waiting.push(value);
      if (listener !== null) queueMicrotask(deliver);
    },
    onValue(next) {
      listener = next;
      deliver();
    },
  };
}
