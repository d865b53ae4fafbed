// The least family a toy can have, around the real bridge code: an adult who pairs it, a bridge that visits it, a sender who speaks.
// No relay and no roster: those have their own tests.

import { wallClock } from '#bridge/clock.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import type { SignedProgram } from '#bridge/programs.ts';
import type { Channel, Radio } from '#bridge/radio.ts';
import {
  chunkChange,
  completeRecording,
  openRecording,
  welcomeRecording,
  wholeRecordings,
} from '#bridge/recordings.ts';
import { openDailyLink, openPairingLink, type ToyLink } from '#bridge/toy-link.ts';
import { type Delivery, type Session, startSession } from '#bridge/toy-session.ts';
import type { Refusal } from '#bridge/update.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import type { Status } from '#protocol/ble/records.ts';
import { idText } from '#protocol/family/member.ts';
import { toyIdOf } from '#protocol/link/toy-id.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { blake2b } from '#protocol/sodium/hkdf.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { performPairing } from './household-pairing.ts';
import { signWith, toyPolicy, toyStamp } from './household-papers.ts';

const NEVER = new AbortController().signal;
const PACKET_MS = 60;

export interface Household {
  /** Pairs the toy whose paw is held; `tag` is its tag's secret. */
  pair(radio: Radio, tag: Uint8Array): Promise<void>;
  /** Connects and keeps the link open; brings the toy what there is to bring. */
  visit(radio: Radio, gifts?: Gifts): Promise<Visit>;
}

export interface Gifts {
  program?: SignedProgram;
  /** A policy newer than any before. */
  hasPolicy?: boolean;
}

export interface Visit {
  /** Resolves with the packet stream of the next recording that is whole, opened with the family's key. */
  recording(): Promise<Uint8Array>;
  /** Sends a packet stream to the toy; resolves with its id when the toy has it. */
  deliver(packets: Uint8Array): Promise<Uint8Array>;
  /** Resolves with the age in seconds when the toy has said that this message was heard. */
  heard(id: Uint8Array): Promise<number>;
  /** What the toy has said of itself when the link opened. */
  status(): Promise<Status>;
  /** The toy obeys the newer policy. Only with one to bring. */
  obeyed(): Promise<boolean>;
  /** How the toy took the program: READY, or why it refused. Only with a program to bring. */
  brought(): Promise<'ready' | Refusal>;
  leave(): Promise<void>;
}

function exchangeKeys(): { privateKey: Uint8Array; publicKey: Uint8Array } {
  const privateKey = sodium.randombytes_buf(32);
  return { privateKey, publicKey: sodium.crypto_scalarmult_base(privateKey) };
}

function promised<T>(): { value: Promise<T>; keep(value: T): void } {
  let keep: (value: T) => void = () => {};
  const value = new Promise<T>((resolve) => {
    keep = resolve;
  });
  return { value, keep: (kept) => keep(kept) };
}

/** A family with fresh keys; its bridge keeps recordings in a file at `storePath`. */
export function createHousehold(storePath: string): Household {
  const adult = sodium.crypto_sign_keypair();
  const root = sodium.crypto_sign_keypair();
  const bridge = exchangeKeys();
  const clip = exchangeKeys();
  const store = openSqliteStore(storePath);
  const parts = { linkSecret: bridge.privateKey, nowMs: () => performance.now() };
  let toyKey = new Uint8Array(32);
  let toyRoot = new Uint8Array(32);
  const toyId = new Uint8Array(16);
  let sequence = 0;
  let counter = 0;
  const unheard = new Map<string, Uint8Array>();

  async function connect(radio: Radio): Promise<Channel> {
    const stop = new AbortController();
    await radio.scan(() => stop.abort(), stop.signal);
    return radio.connect('espruino', NEVER);
  }

  /** One newer than the last. */
  function nextPolicy(): Uint8Array {
    const keys = {
      toyId,
      root: root.publicKey,
      adult: adult.publicKey,
      bridge: bridge.publicKey,
      clipKey: clip.publicKey,
    };
    const policy = toyPolicy(keys, ++counter);
    signWith(adult.privateKey, policy);
    return policy;
  }

  async function pair(radio: Radio, tag: Uint8Array): Promise<void> {
    const met = await openPairingLink(await connect(radio), parts, tag);
    toyKey = Uint8Array.from(met.toyKey);
    toyIdOf(createPrimitives(), toyKey, toyId);
    counter = 0;
    const policy = nextPolicy();
    toyRoot = Uint8Array.from(await performPairing(met, root.publicKey, adult.publicKey, policy));
    await met.link.close();
  }

  async function visit(radio: Radio, gifts: Gifts = {}): Promise<Visit> {
    const psk = bridgePsk(toyRoot, bridge.publicKey);
    const link: ToyLink = await openDailyLink(await connect(radio), parts, toyKey, psk);
    const recordings: Uint8Array[] = [];
    let gotRecording = () => {};
    let next: Delivery | null = null;
    let delivered = () => {};
    const status = promised<Status>();
    const brought = promised<'ready' | Refusal>();
    const obeyed = promised<boolean>();
    let newer = gifts.hasPolicy ? nextPolicy() : null;
    let gotHeard = () => {};
    const ages = new Map<string, number>();
    let trouble: unknown;
    const session: Session = startSession(
      link,
      {
        status: status.keep,
        policyFor: async () => newer,
        policyResult: (isObeyed) => {
          newer = null;
          obeyed.keep(isObeyed);
        },
        offered: ({ id, meta }) => welcomeRecording(store, { id, toyId, ephemeralKey: meta, recordedAtS: 0 }),
        storeChunks: (chunks) =>
          store.write(chunks.map(({ id, index, chunk }) => chunkChange(id, index, chunk))),
        completed: async (id, end) => {
          const isWhole = await completeRecording(store, id, end);
          const whole = (await wholeRecordings(store)).find((one) => Buffer.from(one.id).equals(id));
          if (isWhole && whole) recordings.push((await openRecording(store, whole, clip.privateKey)).slice());
          gotRecording();
          return isWhole;
        },
        nextDelivery: async () => next,
        delivered: async (_, isRefused) => {
          next = null;
          if (isRefused) trouble = new Error('the toy refused a message');
          delivered();
        },
        heard: async (id, ageS) => {
          unheard.delete(idText(id));
          ages.set(idText(id), ageS);
          gotHeard();
          return true;
        },
        unheard: async () => [...unheard.values()],
        update: {
          newerThan: async () => gifts.program ?? null,
          moved: () => {},
          ready: () => brought.keep('ready'),
          refused: (_, why) => brought.keep(why),
        },
        failed: (error) => {
          trouble = error;
        },
      },
      wallClock,
    );
    return {
      recording: async () => {
        while (recordings.length === 0)
          await new Promise<void>((resolve) => {
            gotRecording = resolve;
          });
        return recordings.shift()!;
      },
      deliver: async (packets) => {
        const count = splitPackets(packets).length;
        const id = sodium.randombytes_buf(16);
        const hash = blake2b(32, null, packets, new Uint8Array(0));
        const stamp = toyStamp({ toyId, messageId: id, sender: adult.publicKey, sequence: ++sequence, hash });
        signWith(adult.privateKey, stamp);
        const end = { bytes: packets.length, packets: count, durationMs: count * PACKET_MS, hash };
        const arrived = new Promise<void>((resolve) => {
          delivered = resolve;
        });
        next = { id, stamp, packets, end };
        session.wake();
        await arrived;
        if (trouble) throw trouble;
        unheard.set(idText(id), id);
        return id;
      },
      heard: async (id) => {
        while (!ages.has(idText(id)))
          await new Promise<void>((resolve) => {
            gotHeard = resolve;
          });
        return ages.get(idText(id))!;
      },
      status: () => status.value,
      obeyed: () => obeyed.value,
      brought: () => brought.value,
      leave: async () => {
        await link.close();
        await session.ended;
        if (trouble) throw trouble;
      },
    };
  }

  return { pair, visit };
}
