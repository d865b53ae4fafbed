// A bridge beside one toy, for tests of the whole program: pairs, connects, takes recordings, delivers messages, all in virtual time.
// Built on the protocol folders alone, so that a mistake in bridge/ cannot hide one in firmware/.
import {
  decodeHello,
  FRAME_HANDSHAKE_1,
  FRAME_HANDSHAKE_2,
  FRAME_HANDSHAKE_3,
  FRAME_HELLO,
  FRAME_RECORD,
  type Hello,
  helloBody,
} from '#protocol/ble/frame.ts';
import { createJoiner, join, resetJoiner, sendCredit } from '#protocol/ble/joiner.ts';
import { encodeReady, OP_ACK, OP_DATA, OP_END, OP_OFFER, OP_PULL } from '#protocol/ble/records.ts';
import {
  createSplitter,
  FRAME_AT,
  pump,
  resetSplitter,
  setLimits,
  startFrame,
} from '#protocol/ble/splitter.ts';
import {
  acceptClip,
  createReceiver,
  finishClip,
  resetReceiver,
  storedChunk,
  takeData,
  takeEnd,
  takeOffer,
  writeFromReceiver,
} from '#protocol/clip/receiver.ts';
import {
  ACK_STORED,
  CHUNK_FROM_TOY_BYTES,
  CHUNK_TO_TOY_BYTES,
  type ClipEnd,
  type End,
  META_FROM_TOY_BYTES,
} from '#protocol/clip/records.ts';
import {
  createSender,
  resumeSender,
  startClip,
  takeAck,
  takePull,
  writeFromSender,
} from '#protocol/clip/sender.ts';
import { callDaily, finishDaily } from '#protocol/link/daily.ts';
import type { Handshake } from '#protocol/link/noise.ts';
import { callPairing, finishPairing, PAIRING_FINISH_BYTES } from '#protocol/link/pairing.ts';
import { SLOT_IDENTITY, SLOT_SHARED, SLOT_TAG } from '#protocol/link/primitives.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import { type Link, openLink, openRecord, sealRecord } from '#protocol/link/records.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import type { FakePeripheral } from './simulator/fake-peripheral.ts';

const MTU = 247;
const WINDOW = 30;
const PLAIN = 5;

/** A recording as the bridge has it. */
export interface Taken {
  id: Uint8Array;
  ephemeral: Uint8Array;
  chunks: Uint8Array[];
  end: End | null;
}

export interface NearBridge {
  readonly hello: Hello | null;
  readonly isOpen: boolean;
  /** Control records from the toy, oldest first. */
  readonly said: Uint8Array[];
  readonly taken: Taken[];
  /** ACK codes of what was delivered. */
  readonly delivered: number[];
  /** Chunks it takes of a recording before it stops storing; Infinity by default. */
  stallAt: number;
  connect(): void;
  /** Connects every day: needs the toy's key and the psk. */
  callDaily(toyKey: Uint8Array, psk: Uint8Array): Handshake;
  callPairing(tag: Uint8Array): Handshake;
  /** Some time after the call: reads the answer. Throws if the toy was silent. */
  finishDaily(handshake: Handshake): void;
  finishPairing(handshake: Handshake): void;
  sayReady(unixS: number): void;
  say(plain: Uint8Array): void;
  deliver(id: Uint8Array, stamp: Uint8Array, stream: Uint8Array, end: ClipEnd): void;
  /** Carries values both ways, at this moment. */
  carry(): void;
}

export function createNearBridge(
  peripheral: FakePeripheral,
  linkSecret: Uint8Array,
  nowMs: () => number,
): NearBridge {
  const primitives = createPrimitives();
  primitives.load(SLOT_IDENTITY, linkSecret);
  const splitter = createSplitter();
  const frames: Uint8Array[] = [];
  const queue: Uint8Array[] = [];
  let link: Link | null = null;
  let stream: Uint8Array = new Uint8Array(0);

  const joiner = createJoiner(WINDOW, splitter, (buffer, length) => {
    if (buffer[0] !== FRAME_RECORD) {
      frames.push(buffer.slice(0, length));
      return;
    }
    if (!link) return;
    const plain = openRecord(link, buffer, 1, length - 1);
    if (plain >= 0) take(buffer.slice(PLAIN, PLAIN + plain));
  });
  const receiver = createReceiver(
    {
      offered: (transfer, offer) => {
        let taken = self.taken.find(({ id }) => Buffer.compare(id, offer.id) === 0);
        if (!taken) {
          taken = { id: offer.id.slice(), ephemeral: offer.meta.slice(), chunks: [], end: null };
          self.taken.push(taken);
        }
        acceptClip(receiver, transfer, taken.chunks.length, nowMs());
      },
      store: (transfer, index, chunk) => {
        const taken = self.taken.at(-1)!;
        if (index >= self.stallAt) return;
        taken.chunks[index] = chunk.slice();
        storedChunk(receiver, transfer, index, nowMs());
      },
      finish: (transfer, end) => {
        self.taken.at(-1)!.end = { ...end, hash: end.hash.slice() };
        finishClip(receiver, transfer, ACK_STORED);
      },
    },
    CHUNK_FROM_TOY_BYTES,
    META_FROM_TOY_BYTES,
    16,
    200,
  );
  const sender = createSender(
    {
      readChunk: (index, out, offset) => {
        const chunk = new Uint8Array(CHUNK_TO_TOY_BYTES);
        chunk.set(stream.subarray(index * CHUNK_TO_TOY_BYTES, (index + 1) * CHUNK_TO_TOY_BYTES));
        out.set(chunk, offset);
      },
      acknowledged: (code) => {
        self.delivered.push(code);
      },
    },
    CHUNK_TO_TOY_BYTES,
  );

  function take(plain: Uint8Array): void {
    const op = plain[0];
    if (op === OP_OFFER) takeOffer(receiver, plain);
    else if (op === OP_DATA) takeData(receiver, plain, nowMs());
    else if (op === OP_END) takeEnd(receiver, plain, nowMs());
    else if (op === OP_PULL) takePull(sender, plain, nowMs());
    else if (op === OP_ACK) takeAck(sender, plain);
    else self.said.push(plain);
  }
  function send(buffer: Uint8Array, offset: number, length: number): boolean {
    peripheral.write(buffer.slice(offset, offset + length));
    return true;
  }
  function nextPlain(): number {
    const at = FRAME_AT + PLAIN;
    const first = queue.shift();
    if (first) {
      splitter.buffer.set(first, at);
      return first.length;
    }
    return (
      writeFromReceiver(receiver, nowMs(), splitter.buffer, at) ||
      writeFromSender(sender, nowMs(), splitter.buffer, at)
    );
  }
  function sendFrame(frame: Uint8Array): void {
    splitter.buffer.set(frame, FRAME_AT);
    startFrame(splitter, frame.length, false);
    pump(splitter, nowMs(), send);
  }
  function answerTo(type: number): Uint8Array {
    self.carry();
    const frame = frames.findLast((found) => found[0] === type);
    if (!frame) throw new Error('the toy was silent');
    return frame;
  }
  function call(handshakeOf: (hello: Uint8Array, out: Uint8Array) => Handshake): Handshake {
    const frame = new Uint8Array(1 + CALL_BYTES);
    frame[0] = FRAME_HANDSHAKE_1;
    const handshake = handshakeOf(helloBody(answerTo(FRAME_HELLO)), frame.subarray(1));
    sendFrame(frame);
    return handshake;
  }

  const self: NearBridge = {
    get hello() {
      const frame = frames.findLast((found) => found[0] === FRAME_HELLO);
      return frame ? decodeHello(frame) : null;
    },
    get isOpen() {
      return link !== null;
    },
    said: [],
    taken: [],
    delivered: [],
    stallAt: Number.POSITIVE_INFINITY,
    connect: () => {
      peripheral.leave();
      link = null;
      frames.length = 0;
      queue.length = 0;
      peripheral.notified.length = 0;
      resetSplitter(splitter);
      resetJoiner(joiner);
      resetReceiver(receiver);
      peripheral.subscribe(MTU);
    },
    callDaily: (toyKey, psk) => {
      primitives.load(SLOT_SHARED, psk);
      return call((hello, out) => callDaily(primitives, hello, MTU, WINDOW, toyKey, out));
    },
    finishDaily: (handshake) => {
      finishDaily(handshake, answerTo(FRAME_HANDSHAKE_2).subarray(1));
      setLimits(splitter, self.hello!.limitBytes, self.hello!.window);
      link = openLink(primitives, true);
      resumeSender(sender, nowMs());
    },
    callPairing: (tag) => {
      primitives.load(SLOT_TAG, tag);
      return call((hello, out) => callPairing(primitives, hello, MTU, WINDOW, out));
    },
    finishPairing: (handshake) => {
      const frame = new Uint8Array(1 + PAIRING_FINISH_BYTES);
      frame[0] = FRAME_HANDSHAKE_3;
      finishPairing(handshake, answerTo(FRAME_HANDSHAKE_2).subarray(1), frame.subarray(1));
      sendFrame(frame);
      setLimits(splitter, self.hello!.limitBytes, self.hello!.window);
      link = openLink(primitives, true);
    },
    sayReady: (unixS) => {
      const plain = new Uint8Array(5);
      encodeReady(unixS, plain, 0);
      self.say(plain);
    },
    say: (plain) => {
      queue.push(plain);
      self.carry();
    },
    deliver: (id, stamp, packets, end) => {
      stream = packets;
      const chunks = Math.ceil(packets.length / CHUNK_TO_TOY_BYTES);
      startClip(sender, { id, meta: stamp, chunks, end, beganMs: -1 }, nowMs());
    },
    carry: () => {
      for (const value of peripheral.notified.splice(0)) join(joiner, value);
      sendCredit(joiner, send);
      while (pump(splitter, nowMs(), send) && link) {
        const length = nextPlain();
        if (length === 0) break;
        splitter.buffer[FRAME_AT] = FRAME_RECORD;
        startFrame(splitter, 1 + sealRecord(link, splitter.buffer, FRAME_AT + PLAIN, length), false);
      }
    },
  };
  return self;
}
