// A toy without a board: the shipped bundle in a context of its own, over simulated pins, flash, radio, microphone and speaker.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SLOT_TAG } from '#protocol/link/primitives.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { type Board, flashStart, programEnd } from './board.ts';
import { type Clock, createWallClock } from './clock.ts';
import { createDiary, type Heart, type ToyEvent } from './diary.ts';
import { boot } from './espruino.ts';
import { createFlashChip } from './flash.ts';
import { createMemoryFlash, type FlashMedium, openFlashFile } from './flash-medium.ts';
import { createLife, type Life, PowerCut } from './life.ts';
import { createNrf } from './nrf.ts';
import type { Peripheral, PeripheralHandlers } from './peripheral.ts';
import { createPins, type Pins } from './pins.ts';
import { createPlush } from './plush.ts';
import { createPowerChip, type Start } from './power.ts';
import { MAKER_BYTES, ownMaker, startPrograms } from './programs.ts';
import { createRadio } from './radio.ts';
import { createMemoryKeys, createSodium, type KeyStore, openKeyFile } from './sodium.ts';
import type { Microphone, Speaker } from './sound.ts';

/** From a reset to the first line of the bundle. */
const BOOT_MS = 300;
/** A program that is on trial has so long for its first healthy link. */
const TRIAL_MS = 600_000;
const FULL_VOLTS = 4;

export interface ToyOptions {
  /** What runs on a toy that has no maker's key: the shipped bundle, one classic script, as it is. */
  bundle?: string;
  /** What the maker does to a new toy over the cable: sets his public key, and puts a signed program into slot A. */
  made?: { maker: Uint8Array; program: Uint8Array };
  /** `await import('#boards/c3-plush.ts')`; its RADIO says which radio the image has. */
  board: Board;
  peripheral: Peripheral;
  microphone: Microphone;
  speaker: Speaker;
  /** Directory (made if need be) that holds the toy's flash and keys. Left out: memory, which lives as long as this object. */
  storagePath?: string;
  /** Left out: the wall clock. */
  clock?: Clock;
  /** Numbers in [0, 1) for what is chance: lost values, what a power cut leaves in flash. Never for keys. Left out: Math.random. */
  random?: () => number;
  /** False: Espruino's NRF without its losses, limits and reboots. */
  quirks?: boolean;
  /** Volts of the cell. Left out: 4. */
  batteryVolts?: () => number;
  /** The tag's 32-byte secret, put into slot TAG when the key store is new, as the maker would. */
  tagSecret?: Uint8Array;
  /** Hears each packet of voice in clear, as it is recorded or played: what a thief would like to have. */
  voice?: (packet: Uint8Array) => void;
}

export interface Toy {
  /** Powers up: the radio, then the bundle. */
  start(): Promise<void>;
  /** Switches off, at once, and frees the radio; flash and keys stay. `start` powers up again. */
  stop(): Promise<void>;
  /** A child takes the paw. */
  press(): void;
  release(): void;
  /** Cuts the power at once. `start` powers up again on the same flash and keys. */
  powerCut(): Promise<void>;
  /** The chip restarts of its own accord, as after a brown-out or by its watchdog. */
  restart(): void;
  /** Cuts the power in the middle of the `operation`-th write or erase of flash from now (1 is the next). */
  cutPowerAt(operation: number): void;
  /** False while it is switched off, and while it sleeps deep. */
  readonly isOn: boolean;
  readonly heart: Heart;
  readonly flash: { readonly operations: number };
  /** What the bundle threw and did not catch. A healthy toy has none. */
  readonly errors: readonly Error[];
  /** The last 10,000 events. */
  readonly events: readonly ToyEvent[];
  /** Hears each event as it happens, until the returned function is called. */
  onEvent(listener: (event: ToyEvent) => void): () => void;
}

/** A toy that is off. Flash and keys are opened now, so that a broken store is found at once. */
export function createToy(options: ToyOptions): Toy {
  const { board, peripheral, speaker, storagePath, microphone } = options;
  const clock = options.clock ?? createWallClock();
  const random = options.random ?? Math.random;
  const diary = createDiary(clock);
  const errors: Error[] = [];
  const power = createPowerChip(clock);
  const keys = openKeys(storagePath, options.tagSecret);
  const flash = openFlash(board, storagePath);
  const chip = createFlashChip(flash, flashStart(board), random, programEnd(board));
  const maker = openMaker(storagePath);
  if (options.made !== undefined && maker.load() === null) {
    const image = slotImage(options.made.program);
    const at = board.PROGRAMS_ADDRESS - flashStart(board);
    flash.bytes.set(image, at);
    flash.save(at, image.length);
    ownMaker(maker, options.made.maker);
  }
  const levels = new Map<number, number>([[board.PAW_PIN, 1 - board.PAW_ACTIVE]]);
  // A chip that is booting takes no connection.
  const absent: PeripheralHandlers = {
    subscribed: () => peripheral.disconnect(),
    written: () => {},
    room: () => {},
    disconnected: () => {},
  };
  let handlers = absent;
  let life: Life | null = null;
  let pins: Pins | null = null;
  let switchOff = () => {};
  let poweredMs = 0;
  let isPowered = false;
  let isAsleep = false;
  /** Settles when the radio has done what it was last told to. */
  let radioed = Promise.resolve();
  let cancelBoot = () => {};

  function end(reason: string): void {
    life?.end();
    life = null;
    pins = null;
    handlers = absent;
    switchOff();
    levels.delete(board.HEART_PIN);
    diary.heart(false);
    diary.note({ kind: 'off', reason });
  }

  // A reset of the chip: the connection is lost, memory is lost, flash and keys stay.
  function reboot(reason: string): void {
    end(reason);
    peripheral.disconnect();
    cancelBoot = clock.after(BOOT_MS, () => {
      poweredMs = clock.now();
      begin(reason, 'restart')();
    });
  }

  function failed(error: Error): void {
    errors.push(error);
    diary.note({ kind: 'error', message: error.message });
  }

  function fallAsleep(seconds: number): never {
    end('sleep');
    isAsleep = true;
    radioed = radioed.then(() => peripheral.stop()).catch(failed);
    cancelBoot = clock.after(seconds * 1000, () => wake('time'));
    throw new PowerCut();
  }

  function wake(cause: Start): void {
    isAsleep = false;
    cancelBoot();
    const run = begin(cause, cause);
    const born = life;
    radioed = radioed.then(startRadio).catch(failed);
    cancelBoot = clock.after(BOOT_MS, () => {
      void radioed.then(() => {
        if (life === born) run();
      });
    });
  }

  /** The chip starts; what is returned starts the program. */
  function begin(reason: string, cause: Start): () => void {
    diary.note({ kind: 'boot', reason });
    power.start(cause);
    const born = createLife(clock, failed);
    life = born;
    const seconds = () => (clock.now() - poweredMs) / 1000;
    const analog = (pin: number) =>
      pin === board.BATTERY_PIN
        ? (options.batteryVolts?.() ?? FULL_VOLTS) / board.BATTERY_FULL_SCALE_VOLTS
        : 0;
    const driven = (pin: number, level: number) => {
      if (pin === board.HEART_PIN) diary.heart(level === board.HEART_ACTIVE);
    };
    pins = createPins(born, { seconds, analog, driven }, levels);
    const plush = createPlush(born, {
      clock,
      microphone,
      speaker: diary.overhear(speaker),
      changed: (kind, isOpen) => diary.note({ kind, isOpen }),
      ...(options.voice === undefined ? {} : { voice: options.voice }),
    });
    switchOff = plush.off;
    if (cause === 'paw' && power.mayRecord) {
      diary.heart(true);
      plush.wake(() => diary.heart(false));
    }
    const start = whileOn(() => startPrograms(chip.whole, board, maker, cause === 'paw' || cause === 'time'));
    if (start === null) return () => {};
    if (start.module.isOnTrial())
      born.after(TRIAL_MS, () => {
        if (start.module.isOnTrial()) reboot('trial');
      });
    const modules: Record<string, object> = {
      Flash: chip.functions,
      program: start.module,
      plush: plush.functions,
      sodium: createSodium(keys),
      power: power.functions(fallAsleep),
    };
    const globals: Record<string, object> = {};
    if (board.RADIO === 'native') {
      const radio = createRadio(born, peripheral);
      modules.radio = radio.functions;
      handlers = radio.handlers;
    } else {
      const quirks = options.quirks ?? true;
      const nrf = createNrf(born, { peripheral, nowMs: clock.now, random, quirks, reboot });
      globals.NRF = nrf.functions;
      handlers = nrf.handlers;
    }
    const print = (text: string) => diary.note({ kind: 'print', text });
    const script = start.hasMaker ? start.code : options.bundle;
    const world = { seconds, pins: pins.functions, modules, globals, reboot, print };
    return () => boot(born, world, script ?? '');
  }

  function startRadio(): Promise<void> {
    return peripheral.start({
      subscribed: (mtu) => handlers.subscribed(mtu),
      written: (value) => handlers.written(value),
      room: () => handlers.room(),
      disconnected: () => handlers.disconnected(),
    });
  }

  function powerOff(reason: string): Promise<void> {
    if (!isPowered) return radioed;
    isPowered = false;
    isAsleep = false;
    cancelBoot();
    if (life !== null) end(reason);
    flash.close();
    radioed = radioed.then(() => peripheral.stop());
    return radioed;
  }

  function drivePaw(isHeld: boolean): void {
    const level = isHeld ? board.PAW_ACTIVE : 1 - board.PAW_ACTIVE;
    if (pins === null) levels.set(board.PAW_PIN, level);
    else pins.drive(board.PAW_PIN, level);
    if (isAsleep && isHeld) wake('paw');
  }

  return {
    start: async () => {
      if (isPowered) return;
      isPowered = true;
      await radioed;
      await startRadio();
      poweredMs = clock.now();
      begin('power', 'power')();
    },
    stop: () => powerOff('switch'),
    powerCut: () => powerOff('power cut'),
    restart: () => {
      if (life !== null) reboot('brown-out');
    },
    cutPowerAt: (operation) =>
      chip.cutAt(operation, () => {
        // Not awaited: the program is in the middle of a call. What fails here fails `start`, which waits for it.
        powerOff('power cut').catch(() => {});
      }),
    press: () => drivePaw(true),
    release: () => drivePaw(false),
    get isOn() {
      return life !== null;
    },
    heart: diary,
    flash: chip,
    errors,
    events: diary.events,
    onEvent: diary.onEvent,
  };
}

/** What `action` gives; null if the power is cut in the middle of it. */
function whileOn<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof PowerCut) return null;
    throw error;
  }
}

function openFlash(board: Board, storagePath: string | undefined): FlashMedium {
  const size = board.FLASH_END - flashStart(board);
  if (storagePath === undefined) return createMemoryFlash(size);
  mkdirSync(storagePath, { recursive: true, mode: 0o700 });
  return openFlashFile(join(storagePath, 'flash.bin'), size);
}

function openKeys(storagePath: string | undefined, tagSecret: Uint8Array | undefined): KeyStore {
  if (storagePath !== undefined) mkdirSync(storagePath, { recursive: true, mode: 0o700 });
  const keys = storagePath === undefined ? createMemoryKeys() : openKeyFile(join(storagePath, 'keys.bin'));
  if (tagSecret !== undefined && keys.load() === null) createSodium(keys).load(SLOT_TAG, tagSecret);
  return keys;
}

function openMaker(storagePath: string | undefined): KeyStore {
  return storagePath === undefined
    ? createMemoryKeys()
    : openKeyFile(join(storagePath, 'maker.bin'), MAKER_BYTES);
}
