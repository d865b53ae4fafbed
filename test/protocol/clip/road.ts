// Two ends of a link with clips to move, on a modelled radio: connection events, loss, repeats, swaps, cuts and broken connections. Time is a number.
import { createHash } from 'node:crypto';
import { MAX_WINDOW } from '#protocol/ble/fragment.ts';
import { createJoiner, type Joiner, join, resetJoiner, sendCredit } from '#protocol/ble/joiner.ts';
import { OP_ACK, OP_DATA, OP_END, OP_OFFER, OP_PULL } from '#protocol/ble/records.ts';
import {
  createSplitter,
  FRAME_AT,
  pump,
  resetSplitter,
  type Splitter,
  setLimits,
  startFrame,
} from '#protocol/ble/splitter.ts';
import { putU32, u32 } from '#protocol/bytes.ts';
import {
  acceptClip,
  createReceiver,
  finishClip,
  type Receiver,
  receiverHasRecord,
  refuseClip,
  resetReceiver,
  restartClip,
  storedChunk,
  takeData,
  takeEnd,
  takeOffer,
  writeFromReceiver,
} from '#protocol/clip/receiver.ts';
import { ACK_ALREADY_HAD, ACK_REFUSED, ACK_STORED } from '#protocol/clip/records.ts';
import {
  createSender,
  type OutgoingClip,
  resumeSender,
  type Sender,
  senderHasRecord,
  takeAck,
  takePull,
  writeFromSender,
} from '#protocol/clip/sender.ts';

export const EVENT_MS = 30;
export const PACKETS_PER_EVENT = 4;
const TAG_BYTES = 16;
const PLAIN_AT = FRAME_AT + 5;

export const hashOf = (chunks: Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return new Uint8Array(hash.digest());
};

/** Stands in for the AEAD: what was cut, swapped or joined wrongly does not open. */
const tagOf = (frame: Uint8Array, length: number): Buffer =>
  createHash('md5').update(frame.subarray(1, length)).digest();

export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
};

export interface Ills {
  loss: number;
  repeat: number;
  swap: number;
  cut: number;
  /** The radio says it has room and loses what comes while this many values wait. */
  liesAbove: number;
}

export const HEALTHY: Ills = { loss: 0, repeat: 0, swap: 0, cut: 0, liesAbove: 1000 };

export interface Kept {
  chunks: Uint8Array[];
  finished: number;
  isDurable: boolean;
}

export class End {
  readonly splitter: Splitter = createSplitter();
  readonly joiner: Joiner;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly kept = new Map<string, Kept>();
  readonly acknowledged: number[] = [];
  readonly outgoing: Uint8Array[] = [];
  readonly later: { atMs: number; act: () => void }[] = [];
  outgoingChunks: Uint8Array[] = [];
  /** How long this end's disk takes for a chunk. 0: at once. */
  storeMs = 0;
  nowMs = 0;
  ills: Ills = HEALTHY;
  #number = 0;
  #taken = -1;

  constructor(
    window: number,
    chunkBytes: number,
    takesBytes: number,
    metaTaken: number,
    chunkWindow: number,
  ) {
    this.joiner = createJoiner(window, this.splitter, (frame, length) => this.#takeFrame(frame, length));
    this.sender = createSender(
      {
        readChunk: (index, out, offset) => out.set(this.outgoingChunks[index]!, offset),
        acknowledged: (code) => void this.acknowledged.push(code),
      },
      chunkBytes,
    );
    this.receiver = createReceiver(
      {
        offered: (transfer, offer) => {
          const name = Buffer.from(offer.id).toString('hex');
          const kept = this.kept.get(name) ?? { chunks: [], finished: 0, isDurable: false };
          this.kept.set(name, kept);
          this.#soon(() => {
            if (kept.isDurable) refuseClip(this.receiver, transfer, ACK_ALREADY_HAD);
            else acceptClip(this.receiver, transfer, kept.chunks.length, this.nowMs);
          });
        },
        store: (transfer, index, chunk) => {
          const copy = new Uint8Array(chunk);
          const kept = this.#keptNow();
          this.#soon(() => {
            if (index < kept.chunks.length) kept.chunks[index] = copy;
            else if (index === kept.chunks.length) kept.chunks.push(copy);
            else throw new Error('a chunk was stored out of order');
            storedChunk(this.receiver, transfer, index, this.nowMs);
          });
        },
        finish: (transfer, end) => {
          const kept = this.#keptNow();
          const isGood =
            Buffer.compare(hashOf(kept.chunks), end.hash) === 0 && kept.chunks.length === end.chunks;
          this.#soon(() => {
            if (!isGood) return restartClip(this.receiver, transfer, 0, this.nowMs);
            kept.finished++;
            kept.isDurable = true;
            finishClip(this.receiver, transfer, ACK_STORED);
          });
        },
      },
      takesBytes,
      metaTaken,
      chunkWindow,
      200,
    );
  }

  #keptNow(): Kept {
    return this.kept.get(Buffer.from(this.receiver.id).toString('hex'))!;
  }

  #soon(act: () => void): void {
    if (this.storeMs === 0) act();
    else this.later.push({ atMs: this.nowMs + this.storeMs, act });
  }

  readonly #send = (buffer: Uint8Array, offset: number, length: number): boolean => {
    if (this.outgoing.length >= this.ills.liesAbove) return true;
    if (this.outgoing.length >= 12) return false;
    this.outgoing.push(new Uint8Array(buffer.subarray(offset, offset + length)));
    return true;
  };

  #takeFrame(frame: Uint8Array, length: number): void {
    const plainEnd = length - TAG_BYTES;
    if (
      length < 5 + TAG_BYTES ||
      frame[0] !== 6 ||
      Buffer.compare(tagOf(frame, plainEnd), frame.subarray(plainEnd, length)) !== 0
    )
      return;
    const number = u32(frame, 1);
    if (number <= this.#taken) return;
    this.#taken = number;
    const record = frame.subarray(5, plainEnd);
    const op = record[0];
    if (op === OP_OFFER) takeOffer(this.receiver, record);
    else if (op === OP_PULL) takePull(this.sender, record, this.nowMs);
    else if (op === OP_DATA) takeData(this.receiver, record, this.nowMs);
    else if (op === OP_END) takeEnd(this.receiver, record, this.nowMs);
    else if (op === OP_ACK) takeAck(this.sender, record);
    else throw new Error('a record of no kind came through');
  }

  connect(limitBytes: number, window: number): void {
    resetSplitter(this.splitter);
    setLimits(this.splitter, limitBytes, window);
    resetJoiner(this.joiner);
    resetReceiver(this.receiver);
    resumeSender(this.sender, this.nowMs);
    this.outgoing.length = 0;
    this.#number = 0;
    this.#taken = -1;
  }

  take(value: Uint8Array): void {
    join(this.joiner, value);
  }

  /** Everything this end has to say now. */
  drain(nowMs: number): void {
    this.nowMs = nowMs;
    for (const waiting of this.later.splice(0)) {
      if (waiting.atMs <= nowMs) waiting.act();
      else this.later.push(waiting);
    }
    sendCredit(this.joiner, this.#send);
    const buffer = this.splitter.buffer;
    while (pump(this.splitter, nowMs, this.#send)) {
      const length =
        writeFromReceiver(this.receiver, nowMs, buffer, PLAIN_AT) ||
        writeFromSender(this.sender, nowMs, buffer, PLAIN_AT);
      if (length === 0) return;
      buffer[FRAME_AT] = 6;
      putU32(buffer, FRAME_AT + 1, this.#number++);
      buffer.set(tagOf(buffer.subarray(FRAME_AT), 5 + length), PLAIN_AT + length);
      const hasMore = receiverHasRecord(this.receiver, nowMs) || senderHasRecord(this.sender, nowMs);
      startFrame(this.splitter, 5 + length + TAG_BYTES, hasMore);
    }
  }
}

export interface RoadOptions {
  limitBytes: number;
  toyWindow: number;
  chunkWindow: number;
}

/** A toy and a bridge and the air between them. */
export class Road {
  readonly toy: End;
  readonly bridge: End;
  readonly options: RoadOptions;
  nowMs = 0;
  values = 0;
  #random: () => number;

  constructor(options: RoadOptions, seed: number) {
    this.options = options;
    this.#random = randomFrom(seed);
    this.toy = new End(options.toyWindow, 1008, 992, 261, options.chunkWindow);
    this.bridge = new End(MAX_WINDOW, 992, 1008, 32, options.chunkWindow);
    this.reconnect();
  }

  reconnect(): void {
    this.toy.connect(this.options.limitBytes, MAX_WINDOW);
    this.bridge.connect(this.options.limitBytes, this.options.toyWindow);
  }

  #carry(from: End, to: End, ills: Ills): void {
    const values = from.outgoing.splice(0, PACKETS_PER_EVENT);
    this.values += values.length;
    for (let i = 0; i + 1 < values.length; i++) {
      if (this.#random() < ills.swap) [values[i], values[i + 1]] = [values[i + 1]!, values[i]!];
    }
    for (const value of values) {
      if (this.#random() < ills.loss) continue;
      const size = this.#random() < ills.cut ? Math.floor(this.#random() * value.length) : value.length;
      to.take(value.subarray(0, size));
      if (this.#random() < ills.repeat) to.take(value.subarray(0, size));
    }
  }

  /** One connection event. */
  step(ills: Ills): void {
    this.toy.ills = ills;
    this.bridge.ills = ills;
    this.toy.drain(this.nowMs);
    this.bridge.drain(this.nowMs);
    this.#carry(this.bridge, this.toy, ills);
    this.#carry(this.toy, this.bridge, ills);
    this.nowMs += EVENT_MS;
  }
}

/** `count` chunks of noise and the clip that they are. */
export function makeClip(
  seed: number,
  count: number,
  chunkBytes: number,
  metaBytes: number,
): { chunks: Uint8Array[]; clip: OutgoingClip; name: string } {
  const random = randomFrom(seed);
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < count; i++)
    chunks.push(new Uint8Array(chunkBytes).map(() => Math.floor(random() * 256)));
  const id = new Uint8Array(16).map(() => Math.floor(random() * 256));
  const end = { bytes: count * 992, packets: count * 8, durationMs: count * 480, hash: hashOf(chunks) };
  const meta = new Uint8Array(metaBytes).fill(7);
  return {
    chunks,
    clip: { id, meta, chunks: count, end, beganMs: 0 },
    name: Buffer.from(id).toString('hex'),
  };
}

export { ACK_ALREADY_HAD, ACK_REFUSED, ACK_STORED };
