// Radio and Peripheral joined without any BLE stack: for fast tests, and for `npm start` where bleno could not be built.
import { type Channel, type Radio, RadioError, type Sighting } from '#bridge/radio.ts';
import type { Peripheral, PeripheralHandlers } from '#firmware/simulator/peripheral.ts';
import { findNearby } from '#protocol/ble/advertisement.ts';
import { createChance } from './chance.ts';
import { createMemoryChannel, type MemoryLink } from './memory-channel.ts';
import { type AirListener, createTap } from './packet.ts';

export interface MemoryAirOptions {
  /** ATT_MTU of every connection, 23-517. 247 unless told. */
  mtu?: number;
  /** Share of values, 0-1, that vanish without a word in either direction, as stock Espruino loses them. */
  loss?: number;
  seed?: number;
  /** Notifications a toy's stack holds before it says it is full. */
  capacity?: number;
  /** How often a toy advertises, in ms of the wall clock. */
  advertisingIntervalMs?: number;
}

/** A room whose air is memory. */
export interface MemoryAir {
  /** A toy's radio, in range. */
  createPeripheral(address?: string): Peripheral;
  /** A bridge's radio. One that hears no advertisements sees every toy as a device that a person chose. */
  createRadio(options?: { hearsAdvertisements?: boolean }): Radio;
  /** A toy that leaves loses its connection at once and cannot be seen. */
  setInRange(peripheral: Peripheral, isInRange: boolean): void;
  /** Everything that is sent, as an antenna hears it. Returns what ends the listening. */
  onPacket(listener: AirListener): () => void;
  /** Ends all connections and advertising. */
  close(): void;
}

interface Toy {
  address: string;
  handlers: PeripheralHandlers | null;
  advertisement: Uint8Array | null;
  link: MemoryLink | null;
  isInRange: boolean;
}

/** What the tap calls the other end. */
const BRIDGE = 'memory-bridge';
const OUT_OF_RANGE_ADVICE = 'Bring the toy nearer and make sure it is awake.';

export function createMemoryAir(options: MemoryAirOptions = {}): MemoryAir {
  const { mtu = 247, loss = 0, seed = 1, capacity = 8, advertisingIntervalMs = 100 } = options;
  const chance = createChance(seed);
  const tap = createTap();
  const startedMs = performance.now();
  const toys = new Map<Peripheral, Toy>();
  const scanners = new Map<(sighting: Sighting) => void, boolean>();
  const now = () => Math.round((performance.now() - startedMs) * 1000);

  function announce(toy: Toy): void {
    if (toy.advertisement === null || toy.link !== null) return;
    tap.emit({
      kind: 'advertisement',
      direction: 'fromToy',
      from: toy.address,
      to: '',
      atUs: now(),
      bytes: toy.advertisement,
    });
    const sighting = readSighting(toy);
    if (sighting === null || !toy.isInRange) return;
    for (const [seen, hearsAdvertisements] of [...scanners])
      seen(hearsAdvertisements ? sighting : { ...sighting, nearby: null });
  }

  const timer = setInterval(() => {
    for (const toy of toys.values()) announce(toy);
  }, advertisingIntervalMs);
  timer.unref();

  function createPeripheral(address = `memory-${toys.size + 1}`): Peripheral {
    const toy: Toy = { address, handlers: null, advertisement: null, link: null, isInRange: true };
    const peripheral: Peripheral = {
      async start(handlers) {
        toy.handlers = handlers;
      },
      advertise(data) {
        toy.advertisement = Uint8Array.from(data);
        setImmediate(() => announce(toy));
      },
      notify: (value) => toy.link?.notify(value) ?? false,
      disconnect() {
        toy.link?.close();
      },
      async stop() {
        toy.advertisement = null;
        toy.link?.close();
        toy.handlers = null;
      },
    };
    toys.set(peripheral, toy);
    return peripheral;
  }

  async function connect(
    address: string,
    signal: AbortSignal,
    radioLinks: Set<MemoryLink>,
  ): Promise<Channel> {
    await new Promise(setImmediate);
    if (signal.aborted) throw new RadioError('closed', 'The search was ended; try again.', signal.reason);
    const toy = [...toys.values()].find((each) => each.address === address);
    if (
      toy === undefined ||
      !toy.isInRange ||
      toy.handlers === null ||
      toy.advertisement === null ||
      toy.link !== null
    )
      throw new RadioError('out-of-range', OUT_OF_RANGE_ADVICE);
    const handlers = toy.handlers;
    const { link, channel } = createMemoryChannel({
      mtu,
      capacity,
      handlers,
      isLost: () => chance() < loss,
      sent: (direction, bytes) => {
        const [from, to] = direction === 'fromToy' ? [address, BRIDGE] : [BRIDGE, address];
        tap.emit({ kind: 'value', direction, from, to, atUs: now(), bytes: Uint8Array.from(bytes) });
      },
      closed: () => {
        toy.link = null;
        radioLinks.delete(link);
        setImmediate(() => announce(toy));
      },
    });
    toy.link = link;
    radioLinks.add(link);
    handlers.subscribed(mtu);
    return channel;
  }

  function createRadio({ hearsAdvertisements = true } = {}): Radio {
    const links = new Set<MemoryLink>();
    const closing = new AbortController();
    return {
      async scan(seen, signal) {
        const ended = AbortSignal.any([signal, closing.signal]);
        if (ended.aborted) return;
        scanners.set(seen, hearsAdvertisements);
        await new Promise<void>((resolve) => {
          ended.addEventListener('abort', () => resolve(), { once: true });
          for (const toy of toys.values()) announce(toy);
        });
        scanners.delete(seen);
      },
      connect: (address, signal) => connect(address, AbortSignal.any([signal, closing.signal]), links),
      async close() {
        closing.abort();
        for (const link of [...links]) link.close();
      },
    };
  }

  return {
    createPeripheral,
    createRadio,
    setInRange(peripheral, isInRange) {
      const toy = toys.get(peripheral);
      if (toy === undefined) throw new Error('this peripheral is not of this air');
      toy.isInRange = isInRange;
      if (!isInRange) toy.link?.close();
    },
    onPacket: tap.add,
    close() {
      clearInterval(timer);
      for (const toy of toys.values()) {
        toy.advertisement = null;
        toy.link?.close();
      }
    },
  };
}

/** Null when the toy advertises something else. */
function readSighting(toy: Toy): Sighting | null {
  try {
    const { nonce, mac } = findNearby(toy.advertisement ?? new Uint8Array(0));
    return { address: toy.address, nearby: { nonce: Uint8Array.from(nonce), mac: Uint8Array.from(mac) } };
  } catch {
    return null;
  }
}
