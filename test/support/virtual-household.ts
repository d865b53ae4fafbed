// A paired toy and a bridge in virtual time, joined by the in-memory radio: hundreds of lives in a minute. The toy runs the shipped
// program on flash and keys that were paired once, the bridge is all of bridge/ but for the relay, which does not answer.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { wallClock } from '#bridge/clock.ts';
import { type Device, deviceWith } from '#bridge/device.ts';
import { grantOf, keepGrant } from '#bridge/grants.ts';
import { signWith } from '#bridge/keys.ts';
import { type Mailbox, RelayUnreachable } from '#bridge/mailbox.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import type { Programs } from '#bridge/programs.ts';
import { openRecording, wholeRecordings } from '#bridge/recordings.ts';
import { keepVoice } from '#bridge/voices.ts';
import { createRoom } from '#cli/room.ts';
import type { ToyEvent } from '#firmware/simulator/diary.ts';
import {
  createMicrophone,
  createRememberingSpeaker,
  type RememberingSpeaker,
} from '#firmware/simulator/sound.ts';
import { createToy, type Toy } from '#firmware/simulator/toy.ts';
import { validateStream } from '#protocol/audio/stream.ts';
import type { Grant } from '#protocol/envelope/content.ts';
import { encodeStamp, putStampSignature } from '#protocol/policy/encode.ts';
import { stampSigningBytes } from '#protocol/policy/stamp.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { createMemoryAir } from '#test/air/memory-radio.ts';
import { seededRandom } from '#test/firmware/seeded-random.ts';
import { builtToy } from './built-toys.ts';
import { beginJourney, SAID } from './journey.ts';
import { createMemoryStore } from './memory-store.ts';

const STEP_MS = 20;
/** Rounds of the event loop in a step: values, answers to them, and what those set off. */
const TURNS = 4;
const turn = setImmediate;

/** What pairing left behind: the same for all lives. */
export interface PairedFamily {
  /** Begins a life, in which the toy is off. `seed` chooses what a power cut leaves in flash. */
  begin(seed: number, signed?: SignedLife): Promise<VirtualLife>;
  close(): void;
}

/** A life with signed programs: what the maker did to the toy, and what the bridge has for it. */
export interface SignedLife {
  made: { maker: Uint8Array; program: Uint8Array };
  programs: Programs;
}

export interface VirtualLife {
  readonly toy: Toy;
  readonly speaker: RememberingSpeaker;
  readonly toyEvents: ToyEvent[];
  readonly bridgeEvents: BridgeEvent[];
  /** The toy's flash as it is now. */
  flash(): Uint8Array;
  /** Virtual time passes. */
  pass(ms: number): Promise<void>;
  /** Virtual time passes until something is so. False: it was not within `withinMs`. */
  passUntil(isSo: () => boolean, withinMs: number): Promise<boolean>;
  setInRange(isInRange: boolean): void;
  /** Calls `broken` in the place of the `count`-th value from now that goes through the air, which is lost with the link. */
  breakLinkAt(count: number, broken: () => void): void;
  /** A message for the toy is on the bridge's disk. What is returned puts it there again. */
  leaveMessage(sequence: number, stream: Uint8Array): Promise<() => Promise<void>>;
  /** The packet streams of all recordings that the bridge has whole, in the order of their arrival. */
  recordings(): Promise<Uint8Array[]>;
  close(): Promise<void>;
}

/** Longer than a toy takes to erase all its slots for the first time. */
const FIRST_TIDY_MS = 30_000;

/** Pairs a toy in real time, and lets it make itself at home in virtual time. */
export async function pairFamily(): Promise<PairedFamily> {
  const journey = await beginJourney({ board: 'c3-plush', room: createRoom('memory'), hasBridge: false });
  const { household, toyId } = journey;
  const { adult, bridge } = household;
  const own = (await grantOf(adult, toyId))!;
  const linkPsk = bridgePsk(own.toyRoot!, bridge.member.linkKey!);
  const grant: Grant = { ...own, deviceId: bridge.member.id, linkPsk, toyRoot: null };
  const { roster } = adult.family;
  const paired = mkdtempSync(join(tmpdir(), 'pawpost-paired-'));
  await household.toy.stop();
  cpSync(join(journey.directory, 'toy'), paired, { recursive: true });
  await journey.close();
  const bundle = (await builtToy('c3-plush')).code;

  async function openBridge(): Promise<Device> {
    const store = createMemoryStore().open();
    const parts = {
      keys: bridge.keys,
      relay: 'http://relay.invalid',
      familyId: roster.familyId,
      store,
      clock: wallClock,
    };
    const family = {
      roster,
      isForked: false,
      noteFork: async () => {},
      refresh: async () => false,
      restorations: 0,
      append: unreachable,
    };
    const device = deviceWith(parts, silentRelay(), family);
    await store.write([keepGrant(device, toyId, grant)]);
    return device;
  }

  async function live(seed: number, signed?: SignedLife): Promise<VirtualLife & { directory: string }> {
    const directory = mkdtempSync(join(tmpdir(), 'pawpost-life-'));
    cpSync(paired, directory, { recursive: true });
    const random = seededRandom(seed);
    const air = createMemoryAir({ seed });
    const peripheral = air.createPeripheral();
    const speaker = createRememberingSpeaker();
    const toy = createToy({
      ...(signed === undefined ? { bundle } : { made: signed.made }),
      board,
      peripheral,
      microphone: createMicrophone(SAID),
      speaker,
      storagePath: directory,
      random,
    });
    const toyEvents: ToyEvent[] = [];
    toy.onEvent((event) => toyEvents.push(event));
    const bridgeEvents: BridgeEvent[] = [];
    const device = await openBridge();
    const stop = new AbortController();
    const radio = air.createRadio();
    const ended = runBridge(
      {
        device,
        radio,
        random,
        ...(signed === undefined ? {} : { programs: signed.programs }),
        tell: (event) => bridgeEvents.push(event),
      },
      stop.signal,
    );

    async function pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        vi.advanceTimersByTime(STEP_MS);
        for (let i = 0; i < TURNS; i++) await new Promise((resolve) => turn(resolve));
      }
    }

    return {
      directory,
      toy,
      speaker,
      toyEvents,
      bridgeEvents,
      flash: () => new Uint8Array(readFileSync(join(directory, 'flash.bin'))),
      pass,
      async passUntil(isSo, withinMs) {
        for (let passed = 0; passed < withinMs && !isSo(); passed += STEP_MS) await pass(STEP_MS);
        return isSo();
      },
      setInRange: (isInRange) => air.setInRange(peripheral, isInRange),
      breakLinkAt(count, broken) {
        let left = count;
        const forget = air.onPacket(({ kind }) => {
          if (kind !== 'value' || --left > 0) return;
          forget();
          air.setInRange(peripheral, false);
          broken();
        });
      },
      async leaveMessage(sequence, stream) {
        const messageId = sodium.randombytes_buf(16);
        const hash = sodium.crypto_generichash(32, stream, null);
        const sender = adult.member.signKey!;
        const stamp = encodeStamp({ toyId, messageId, sender, sequence, hash });
        putStampSignature(stamp, signWith(adult.keys, stampSigningBytes(stamp)));
        const { packets, durationMs } = validateStream(stream);
        const voice = { messageId, toyId, senderId: adult.member.id, sentAt: sequence, durationMs, packets };
        const leave = () =>
          device.store.write([keepVoice(device.keys, 'waiting', { ...voice, stamp, stream })]);
        await leave();
        return leave;
      },
      async recordings() {
        const whole = await wholeRecordings(device.store);
        const order = bridgeEvents.flatMap((told) => (told.event === 'recorded' ? [told.message] : []));
        const nameOf = (id: Uint8Array) => Buffer.from(id).toString('hex');
        whole.sort((a, b) => order.indexOf(nameOf(a.id)) - order.indexOf(nameOf(b.id)));
        return Promise.all(whole.map((recording) => openRecording(device.store, recording, own.clipSecret)));
      },
      async close() {
        stop.abort();
        await toy.stop();
        await radio.close();
        await pass(STEP_MS);
        await ended;
        air.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  }

  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const first = await live(0);
  await first.toy.start();
  await first.pass(FIRST_TIDY_MS);
  await first.toy.stop();
  cpSync(first.directory, paired, { recursive: true });
  await first.close();

  return {
    begin: live,
    close() {
      vi.useRealTimers();
      rmSync(paired, { recursive: true, force: true });
    },
  };
}

async function unreachable(): Promise<never> {
  throw new RelayUnreachable('http://relay.invalid', { code: 'ENOTFOUND' });
}

/** A relay that is never there. */
function silentRelay(): Mailbox {
  return new Proxy({} as Mailbox, { get: () => unreachable });
}
