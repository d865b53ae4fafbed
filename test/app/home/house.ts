// A house to try the whole model in: a real relay, a room with a simulated toy, and phones whose browser is memory.
import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { effect } from '@preact/signals';
import { openModel } from '#app/home/model.ts';
import type { Platform } from '#app/home/platform.ts';
import { openDatabase } from '#app/keeping/database.ts';
import { createIndexedDbStore } from '#app/keeping/indexeddb-store.ts';
import { createVault } from '#app/keeping/vault.ts';
import type { Model, Recording } from '#app/model.ts';
import type { PhoneRadio } from '#app/radio/phone-radio.ts';
import { type Clock, wallClock } from '#bridge/clock.ts';
import type { Programs } from '#bridge/programs.ts';
import type { Store } from '#bridge/store.ts';
import { createRoom, type Room } from '#cli/room.ts';
import { encodeSpeech } from '#cli/speech.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { oggFromStream } from '#protocol/audio/ogg.ts';
import { type Relay, startRelay } from '#relay/main.ts';
import { createFinger, type Finger } from '../keeping/finger.ts';
import { addRiggedToy, type Made, type RiggedToy } from '../rig/toy.ts';

const WITHIN_MS = 40_000;

export interface House {
  readonly relay: Relay;
  readonly room: Room;
  readonly toy: RiggedToy;
  /** A phone with nothing on it, and the app open. */
  addPhone(options?: PhoneOptions): Promise<TestPhone>;
  close(): Promise<void>;
}

export interface PhoneOptions {
  /** What the app's site has for toys; left out: nothing. */
  programs?: Programs;
  /** False: it has no Bluetooth. */
  hasRadio?: boolean;
  minutesAhead?: number;
  clock?: Clock;
  /** True: another page of the same browser has the app open. */
  isTaken?: boolean;
}

export interface TestPhone {
  readonly model: Model;
  readonly finger: Finger;
  /** What the browser keeps for the app. */
  readonly store: Store;
  /** What the browser was asked: to keep the storage. */
  readonly asks: { storage: number };
  /** Waits until what is looked for in the state is there, and gives it. */
  until<T>(what: string, look: () => T | null | undefined | false): Promise<T>;
  /** The app is closed and opened again. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** What a parent says: a second of voice. */
export function recording(seconds = 1): Recording & { stream: Uint8Array } {
  const stream = encodeSpeech(createVoice(seconds));
  return { ogg: oggFromStream(stream, 7), durationMs: 1000 * seconds, stream };
}

let phones = 0;

export async function openHouse(made?: Made): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-house-'));
  const wide = { burst: 10_000, perSecond: 1_000 };
  const relay = await startRelay(
    { directory, port: 0, limits: { address: wide, device: wide, families: wide } },
    { nowMs: Date.now, log: new Writable({ write: (_chunk, _encoding, done) => done() }) },
  );
  const room = createRoom('memory');
  const toy = await addRiggedToy(room, createVoice(), made);
  const open: TestPhone[] = [];
  return {
    relay,
    room,
    toy,
    async addPhone(options = {}) {
      const phone = await openPhone(relay, room, options);
      open.push(phone);
      return phone;
    },
    async close() {
      await Promise.all(open.map((phone) => phone.close()));
      await toy.toy.stop();
      room.close();
      await relay.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openPhone(relay: Relay, room: Room, options: PhoneOptions): Promise<TestPhone> {
  const { hasRadio = true, minutesAhead = 60, isTaken = false } = options;
  const database = await openDatabase(`phone-${phones++}`);
  const finger = createFinger();
  const store = createIndexedDbStore(database);
  const asks = { storage: 0 };
  const platform = (): Platform => ({
    store,
    vault: createVault(database, finger),
    radio: hasRadio ? phoneRadio(room) : null,
    clock: options.clock ?? wallClock,
    random: Math.random,
    relay: relay.url,
    address: 'http://app.example/',
    abilities: { bluetooth: hasRadio, camera: false, microphone: false, push: false, passkey: true },
    takePlace: async () => (isTaken ? null : () => {}),
    storage: {
      isKept: async () => asks.storage > 0,
      async ask() {
        asks.storage++;
        return true;
      },
    },
    push: null,
    releases: { version: '0.0.0', watch() {}, onRefusal() {}, async apply() {} },
    programs: options.programs ?? { newerThan: async () => null },
    pictures: { shrink: async (image) => new Uint8Array(await image.arrayBuffer()) },
    consentText: () => 'The toy may listen while its paw is held.',
    minutesAhead: () => minutesAhead,
    isOnline: () => true,
    onChange() {},
  });
  let model = await openModel(platform());
  return {
    get model() {
      return model;
    },
    finger,
    store,
    asks,
    until: (what, look) => untilSo(model, what, look),
    async reopen() {
      await model.close();
      model = await openModel(platform());
    },
    async close() {
      await model.close();
      database.close();
    },
  };
}

function phoneRadio(room: Room): PhoneRadio {
  return { ...room.addRadio(), choose: async () => true, knowsToys: true };
}

/** Looks whenever a signal that `look` reads has changed. */
function untilSo<T>({ state }: Model, what: string, look: () => T | null | undefined | false): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      const { stage, trouble, pairing, joining, letters } = state;
      const told = [stage, trouble, pairing, joining, letters].map(({ value }) => JSON.stringify(value));
      reject(new Error(`no ${what} in ${WITHIN_MS / 1000} s; the state was\n${told.join('\n')}`));
    }, WITHIN_MS);
    let isFound = false;
    const stop = effect(() => {
      const found = look();
      if (isFound || found === null || found === undefined || found === false) return;
      isFound = true;
      clearTimeout(timer);
      // Not within the effect itself, which is still being set up.
      queueMicrotask(() => {
        stop();
        resolve(found);
      });
    });
  });
}
