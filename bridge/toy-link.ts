// The encrypted session with one toy, from the bridge's side: handshake, then numbered records (protocol/README.md section 5).
import {
  decodeHello,
  FRAME_HANDSHAKE_1,
  FRAME_HANDSHAKE_2,
  FRAME_HANDSHAKE_3,
  FRAME_HELLO,
  FRAME_RECORD,
  helloBody,
  RECORD_HEAD_BYTES,
} from '#protocol/ble/frame.ts';
import { callDaily, finishDaily } from '#protocol/link/daily.ts';
import type { Handshake } from '#protocol/link/noise.ts';
import { callPairing, finishPairing, PAIRING_FINISH_BYTES } from '#protocol/link/pairing.ts';
import {
  type Primitives,
  SLOT_IDENTITY,
  SLOT_SHARED,
  SLOT_TAG,
  TAG_BYTES,
} from '#protocol/link/primitives.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import { closeLink, type Link, openLink, openRecord, sealRecord } from '#protocol/link/records.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { type Channel, RadioError } from './radio.ts';
import { createWire, HOST_WINDOW, type Wire } from './wire.ts';

/** A toy answers within a few connection intervals; longer silence is a refusal. */
const ANSWER_MS = 8_000;

/** The toy would not talk: silence, which is all it says to a stranger, an old bridge, or a wrong tag. */
export class LinkRefused extends Error {
  readonly code: 'no-hello' | 'not-pairing' | 'silence' | 'not-genuine';
  readonly advice: string;
  constructor(code: LinkRefused['code'], advice: string) {
    super(`link: ${code}`);
    this.name = 'LinkRefused';
    this.code = code;
    this.advice = advice;
  }
}

export interface ToyLink {
  /** Seals and queues one plaintext record: op and body. */
  send(record: Uint8Array): void;
  /** True if a record given now would leave soon. */
  hasRoom(): boolean;
  /** Set before the first `send`. The record is good until the listener returns. */
  onRecord(listener: (record: Uint8Array) => void): void;
  onRoom(listener: () => void): void;
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

/** The link and what pairing needs of its handshake. */
export interface PairingLink {
  link: ToyLink;
  primitives: Primitives;
  /** The toy's X25519 public key. */
  toyKey: Uint8Array;
  /** Handshake hash, 64 bytes. */
  transcript: Uint8Array;
}

export interface LinkParts {
  /** The bridge's X25519 secret, 32 bytes. */
  linkSecret: Uint8Array;
  nowMs: () => number;
  /** Defaults to the system's generator. */
  random?: (out: Uint8Array) => void;
}

/**
 * Opens the link of every day over a fresh channel. `psk` and `toyKey` come from the toy's grant.
 * @throws LinkRefused; RadioError `closed` if the channel ends first. The channel is closed by then.
 */
export async function openDailyLink(
  channel: Channel,
  parts: LinkParts,
  toyKey: Uint8Array,
  psk: Uint8Array,
): Promise<ToyLink> {
  const talk = await meet(channel, parts);
  return talk.attempt(async () => {
    talk.primitives.load(SLOT_SHARED, psk);
    const call = new Uint8Array(1 + CALL_BYTES);
    call[0] = FRAME_HANDSHAKE_1;
    const handshake = callDaily(
      talk.primitives,
      talk.hello,
      channel.mtu,
      HOST_WINDOW,
      toyKey,
      call.subarray(1),
    );
    const reply = await talk.exchange(call, FRAME_HANDSHAKE_2);
    genuine(() => finishDaily(handshake, reply));
    return talk.open();
  });
}

/**
 * Opens the link of pairing with a toy whose paw is held. `tag` is the 32-byte secret of its tag.
 * @throws LinkRefused, RadioError as above.
 */
export async function openPairingLink(
  channel: Channel,
  parts: LinkParts,
  tag: Uint8Array,
): Promise<PairingLink> {
  const talk = await meet(channel, parts);
  return talk.attempt(async () => {
    if (!talk.isPairingOpen) {
      throw new LinkRefused(
        'not-pairing',
        'Hold the paw for three seconds until the heart blinks, then try again.',
      );
    }
    talk.primitives.load(SLOT_TAG, tag);
    const call = new Uint8Array(1 + CALL_BYTES);
    call[0] = FRAME_HANDSHAKE_1;
    const handshake: Handshake = callPairing(
      talk.primitives,
      talk.hello,
      channel.mtu,
      HOST_WINDOW,
      call.subarray(1),
    );
    const reply = await talk.exchange(call, FRAME_HANDSHAKE_2);
    const finish = new Uint8Array(1 + PAIRING_FINISH_BYTES);
    finish[0] = FRAME_HANDSHAKE_3;
    genuine(() => finishPairing(handshake, reply, finish.subarray(1)));
    talk.primitives.clear(SLOT_TAG);
    const toyKey = handshake.remote!.slice();
    const transcript = handshake.transcript.slice();
    talk.wire.send(finish);
    return { link: talk.open(), primitives: talk.primitives, toyKey, transcript };
  });
}

interface Talk {
  wire: Wire;
  primitives: Primitives;
  hello: Uint8Array;
  isPairingOpen: boolean;
  /** Sends a frame and gives the body of the next frame of that type. */
  exchange(frame: Uint8Array, type: number): Promise<Uint8Array>;
  /** Runs a step; the channel does not outlive its failure. */
  attempt<T>(step: () => Promise<T>): Promise<T>;
  open(): ToyLink;
}

/** Waits for the hello. */
async function meet(channel: Channel, parts: LinkParts): Promise<Talk> {
  const wire = createWire(channel, parts.nowMs);
  const primitives = createPrimitives(parts.random);
  primitives.load(SLOT_IDENTITY, parts.linkSecret);

  function next(type: number, code: LinkRefused['code'], advice: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new LinkRefused(code, advice)), ANSWER_MS);
      wire.onFrame((frame) => {
        if (frame[0] !== type) return;
        clearTimeout(timer);
        resolve(frame.slice());
      });
      wire.onClose(() => {
        clearTimeout(timer);
        reject(new RadioError('closed', 'The toy went away. Bring it nearer.'));
      });
    });
  }

  async function attempt<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      await wire.close().catch(() => {});
      throw error;
    }
  }

  return attempt(async () => {
    const frame = await next(FRAME_HELLO, 'no-hello', 'That is not a Pawpost toy, or it is busy. Try again.');
    const hello = genuine(() => decodeHello(frame));
    wire.setLimits(hello.limitBytes, hello.window);
    return {
      wire,
      primitives,
      hello: helloBody(frame),
      isPairingOpen: hello.isPairingOpen,
      async exchange(message, type) {
        const answer = next(
          type,
          'silence',
          'The toy does not know this bridge, or the tag is another toy’s.',
        );
        wire.send(message);
        return (await answer).subarray(1);
      },
      attempt,
      open: () => recordsOver(wire, openLink(primitives, true)),
    };
  });
}

function recordsOver(wire: Wire, link: Link): ToyLink {
  wire.onClose(() => closeLink(link));
  return {
    send(record) {
      if (!link.isOpen) return;
      const frame = new Uint8Array(RECORD_HEAD_BYTES + record.length + TAG_BYTES);
      frame[0] = FRAME_RECORD;
      frame.set(record, RECORD_HEAD_BYTES);
      sealRecord(link, frame, RECORD_HEAD_BYTES, record.length);
      wire.send(frame);
    },
    hasRoom: () => wire.hasRoom(),
    onRecord(listener) {
      wire.onFrame((frame) => {
        if (frame[0] !== FRAME_RECORD) return;
        const length = openRecord(link, frame, 1, frame.length - 1);
        if (length > 0) listener(frame.subarray(RECORD_HEAD_BYTES, RECORD_HEAD_BYTES + length));
      });
    },
    onRoom: (listener) => wire.onRoom(listener),
    onClose: (listener) => wire.onClose(listener),
    close: () => wire.close(),
  };
}

function genuine<T>(step: () => T): T {
  try {
    return step();
  } catch {
    throw new LinkRefused('not-genuine', 'What answered is not this family’s toy.');
  }
}
