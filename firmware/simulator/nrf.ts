// Espruino's `NRF` on an ESP32 over the Peripheral seam, with what the running firmware was seen to do to a program: characteristics
// cut to 16 bits, a reboot for a long write, bursts lost without a word, events fired once per service.
import { FROM_TOY_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import type { Life } from './life.ts';
import type { Peripheral, PeripheralHandlers } from './peripheral.ts';

/** Largest write that the event queue's entries hold; one more byte asserts and reboots. */
const MAX_WRITE_BYTES = 60;
/** Espruino's event queue, all told, and what each event costs in it beside its bytes. */
const QUEUE_BYTES = 4096;
const EVENT_BYTES = 4;
/** What one event costs an ESP32-C3 in JavaScript. */
const EVENT_MS = 2;
/** A burst is what waits beyond this; 44 writes at once lost 5, 40 notifications at once lost 6. */
const BURST_VALUES = 4;
const WRITE_LOSS = 1 / 8;
const NOTIFY_LOSS = 1 / 6;
/** Notifications closer together than a connection interval meet in the stack's buffers. */
const INTERVAL_MS = 30;

interface Characteristic {
  value?: Uint8Array;
  notify?: boolean;
  onWrite?: (event: { data: ArrayBuffer }) => void;
}
type Services = Record<string, Record<string, Characteristic>>;

export interface Nrf {
  setServices(services: Services, options?: { uart?: boolean; advertise?: string[] }): void;
  updateServices(services: Services): void;
  setAdvertising(data: Uint8Array, options?: object): void;
  disconnect(): void;
  on(event: string, listener: () => void): void;
}

export interface NrfWorld {
  peripheral: Peripheral;
  nowMs(): number;
  random(): number;
  quirks: boolean;
  reboot(reason: string): void;
}

/** The module as one life sees it, and the handlers that the peripheral calls. */
export function createNrf(life: Life, world: NrfWorld): { functions: Nrf; handlers: PeripheralHandlers } {
  const { peripheral, quirks } = world;
  const listeners: { event: string; listener: () => void }[] = [];
  const writers = new Map<number, (event: { data: ArrayBuffer }) => void>();
  const queue: Uint8Array[] = [];
  let services = 1;
  let queuedBytes = 0;
  let isConnected = false;
  let isDraining = false;
  let notifiedMs: number[] = [];

  function fire(event: string): void {
    const times = quirks ? services : 1;
    for (let i = 0; i < times; i++) {
      for (const entry of listeners) if (entry.event === event) life.run(entry.listener);
    }
  }

  function deliver(value: Uint8Array): void {
    writers.get(TO_TOY_UUID)?.({ data: value.slice().buffer });
  }

  function drain(): void {
    const value = queue.shift();
    isDraining = value !== undefined;
    if (value === undefined) return;
    queuedBytes -= value.length + EVENT_BYTES;
    life.after(EVENT_MS, drain);
    deliver(value);
  }

  function receive(value: Uint8Array): void {
    if (!quirks) {
      life.post(() => deliver(value));
      return;
    }
    if (value.length > MAX_WRITE_BYTES) {
      world.reboot(`a write of ${value.length} bytes`);
      return;
    }
    if (queuedBytes + value.length + EVENT_BYTES > QUEUE_BYTES) return;
    if (queue.length >= BURST_VALUES && world.random() < WRITE_LOSS) return;
    queue.push(value.slice());
    queuedBytes += value.length + EVENT_BYTES;
    if (isDraining) return;
    isDraining = true;
    life.after(EVENT_MS, drain);
  }

  function notify(value: Uint8Array): void {
    if (!isConnected) return;
    const now = world.nowMs();
    notifiedMs = notifiedMs.filter((atMs) => now - atMs < INTERVAL_MS);
    notifiedMs.push(now);
    if (quirks && notifiedMs.length > BURST_VALUES && world.random() < NOTIFY_LOSS) return;
    peripheral.notify(value.slice());
  }

  const functions: Nrf = {
    setServices: (wanted, options) => {
      if (quirks && isConnected) return;
      // The console would be open to whoever is in range.
      if (options?.uart !== false)
        throw new Error('setServices without {uart: false} opens the console over Bluetooth');
      services = Math.max(1, Object.keys(wanted).length);
      writers.clear();
      for (const characteristics of Object.values(wanted)) {
        for (const [uuid, { onWrite }] of Object.entries(characteristics)) {
          if (onWrite) writers.set(shortUuid(uuid), onWrite);
        }
      }
    },
    updateServices: (wanted) => {
      for (const characteristics of Object.values(wanted)) {
        for (const [uuid, { value, notify: isNotified }] of Object.entries(characteristics)) {
          if (quirks && uuid.length > 6) throw new Error(`Unable to find service with UUID ${uuid}`);
          if (isNotified && value && shortUuid(uuid) === FROM_TOY_UUID) notify(value);
        }
      }
    },
    setAdvertising: (data) => {
      if (data.length > 31) throw new Error('BLE advertising data too long (>31 bytes)');
      peripheral.advertise(data.slice());
    },
    disconnect: () => peripheral.disconnect(),
    on: (event, listener) => {
      listeners.push({ event, listener });
    },
  };

  const handlers: PeripheralHandlers = {
    // Espruino does not tell its program the MTU.
    subscribed: () => {
      isConnected = true;
      life.post(() => fire('connect'));
    },
    written: receive,
    // Nor that a congestion is over.
    room: () => {},
    disconnected: () => {
      isConnected = false;
      life.post(() => fire('disconnect'));
    },
  };

  return { functions, handlers };
}

/** "0xB0A1", "B0A1" and 45217 are 16-bit UUIDs; of a longer one ESP32 keeps the 16 bits that stand third and fourth. */
function shortUuid(uuid: string): number {
  if (/^[0-9]+$/.test(uuid)) return Number(uuid);
  if (/^(0x)?[0-9a-f]{4}$/i.test(uuid)) return Number.parseInt(uuid.replace(/^0x/i, ''), 16);
  return Number.parseInt(uuid.slice(4, 8), 16);
}
