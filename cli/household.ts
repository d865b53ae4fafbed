// A whole household on one machine: relay, family, bridge and simulated toy in one room. What `start`, `demo` and the journeys run.
import { mkdirSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { Writable } from 'node:stream';
import { type Clock, wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { admit, foundFamily, join } from '#bridge/founding.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { pairToy } from '#bridge/pairing.ts';
import { type PersonEvents, runPerson } from '#bridge/person.ts';
import type { Programs } from '#bridge/programs.ts';
import type { RelayWork } from '#bridge/relay-work.ts';
import type { Store } from '#bridge/store.ts';
import { FIRST_WISHES, type ToyWishes } from '#bridge/wishes.ts';
import { buildToy } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';
import type { Clock as ToyClock } from '#firmware/simulator/clock.ts';
import type { Microphone, Speaker } from '#firmware/simulator/sound.ts';
import { createToy, type Toy, type ToyOptions } from '#firmware/simulator/toy.ts';
import { ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { pinOf } from '#protocol/family/pin.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type Relay, startRelay } from '#relay/main.ts';
import { createRoom, type Room, type RoomToy } from './room.ts';

/** Each board's program, built once a process: it takes seconds. */
const programs = new Map<string, Promise<string>>();

const PAIR_MS = 60_000;

export interface HouseholdOptions {
  /** Where everything is kept; made if need be. */
  directory: string;
  /** A file name of boards/ without its ending. */
  board: string;
  microphone: Microphone;
  speaker: Speaker;
  /** Left out: the virtual air, as fast as the stacks go. */
  room?: Room;
  /** False: a radio without the faults of stock Espruino. */
  quirks?: boolean;
  /** Left out: the wall's. */
  toyClock?: ToyClock;
  wishes?: ToyWishes;
  /** What the toy's maker put into it; left out: this release's program, unsigned, in a toy without a maker. */
  made?: NonNullable<ToyOptions['made']>;
  /** What the bridge has for toys; left out: nothing. */
  programs?: Programs;
  tell?: (event: BridgeEvent) => void;
  /** What the adult's device tells. */
  person?: PersonEvents;
  /** Port of the relay; 0 takes any. */
  relayPort?: number;
}

export interface Household {
  readonly relay: Relay;
  readonly room: Room;
  readonly toy: Toy;
  readonly roomToy: RoomToy;
  /** The first adult's device. */
  readonly adult: Device;
  readonly bridge: Device;
  /** The recovery kit's seed. */
  readonly rootSeed: Uint8Array;
  /** The secret on the toy's tag. */
  readonly tag: Uint8Array;
  /** Powers the toy up and holds its paw until pairing is open. */
  openPairing(): Promise<void>;
  /** Powers the toy up, holds its paw and pairs it. Returns the toy's id. */
  pair(): Promise<Uint8Array>;
  /** The adult's device takes and sends by itself from now on. */
  readonly person: RelayWork;
  startBridge(): void;
  stopBridge(): Promise<void>;
  close(): Promise<void>;
}

/** Founds a family with one adult and one bridge on a fresh relay, and puts a toy beside it that is not paired yet. */
export async function createHousehold(options: HouseholdOptions): Promise<Household> {
  const { directory, microphone, speaker, wishes = FIRST_WISHES } = options;
  const folder = (name: string) => {
    const path = pathOf(directory, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const clock = wallClock;
  const stores: Store[] = [];
  const storeOf = (name: string) => {
    const store = openSqliteStore(pathOf(folder(name), 'store.db'));
    stores.push(store);
    return store;
  };

  const relay = await startRelay(
    { directory: folder('relay'), port: options.relayPort ?? 0, limits: householdLimits() },
    { nowMs: clock.nowMs, log: new Writable({ write: (_chunk, _encoding, done) => done() }) },
  );
  const founded = await foundFamily({
    keys: createKeys(ROLE_ADULT),
    relay: relay.url,
    store: storeOf('adult'),
    clock,
  });
  const adult = founded.device;
  const bridge = await addDevice(adult, ROLE_BRIDGE, relay.url, storeOf('bridge'), clock);

  const ending = new AbortController();
  const person = runPerson(adult, options.person ?? {}, Math.random, ending.signal);

  const room = options.room ?? createRoom();
  const roomToy = room.addToy();
  const board = (await import(`#boards/${options.board}.ts`)) as Board;
  const tag = sodium.randombytes_buf(32);
  const toy = createToy({
    ...(options.made === undefined ? { bundle: await programFor(options.board) } : { made: options.made }),
    board,
    peripheral: roomToy.peripheral,
    microphone,
    speaker,
    storagePath: folder('toy'),
    tagSecret: tag,
    ...(options.quirks === undefined ? {} : { quirks: options.quirks }),
    ...(options.toyClock === undefined ? {} : { clock: options.toyClock }),
  });

  let running: { stop: AbortController; ended: Promise<void>; radio: ReturnType<Room['addRadio']> } | null =
    null;

  const household: Household = {
    relay,
    room,
    toy,
    roomToy,
    adult,
    bridge,
    person,
    rootSeed: founded.rootSeed,
    tag,
    async openPairing() {
      if (!toy.isOn) await toy.start();
      await holdUntilHeartBeats(toy);
    },
    async pair() {
      await household.openPairing();
      const radio = room.addRadio();
      try {
        const toyId = await pairToy({
          radio,
          adult,
          tag,
          wishes,
          confirm: async () => true,
          signal: AbortSignal.timeout(PAIR_MS),
        });
        person.wake();
        return toyId;
      } finally {
        await radio.close();
      }
    },
    startBridge() {
      const stop = new AbortController();
      const radio = room.addRadio();
      const ended = runBridge(
        {
          device: bridge,
          radio,
          random: Math.random,
          tell: options.tell ?? (() => {}),
          ...(options.programs === undefined ? {} : { programs: options.programs }),
        },
        stop.signal,
      );
      running = { stop, ended, radio };
    },
    async stopBridge() {
      const was = running;
      running = null;
      was?.stop.abort();
      await was?.ended;
      await was?.radio.close();
    },
    async close() {
      await household.stopBridge();
      ending.abort();
      await person.ended;
      await toy.stop();
      room.close();
      for (const store of stores) await store.close();
      await relay.close();
    },
  };
  return household;
}

/** Holds the paw until the heart says that pairing is open: on a busy machine the toy's three seconds are longer than ours. */
async function holdUntilHeartBeats(toy: Toy): Promise<void> {
  const beats = new Promise<void>((resolve) => {
    const forget = toy.onEvent((event) => {
      if (event.kind !== 'heart' || !event.isLit) return;
      forget();
      resolve();
    });
  });
  toy.press();
  await beats;
  toy.release();
}

/** A board's program; built once a process. */
export function programFor(board: string): Promise<string> {
  const known = programs.get(board) ?? buildToy(board).then(({ code }) => code);
  programs.set(board, known);
  return known;
}

/** Lets one more device into an adult's family and opens it. */
export async function addDevice(
  adult: Device,
  role: typeof ROLE_BRIDGE | typeof ROLE_ADULT | 2,
  relay: string,
  store: Store,
  clock: Clock,
): Promise<Device> {
  const keys = createKeys(role);
  await admit(adult, [memberOfKeys(keys)]);
  return join({ keys, relay, store, clock }, pinOf(adult.family.roster));
}

/** One machine is one address to the relay: its limits must not stand in the way of a whole household. */
export function householdLimits() {
  const wide = { burst: 10_000, perSecond: 1_000 };
  return { address: wide, device: wide, families: wide };
}
