// The receiving half of a clip transfer, on the toy and on the bridge alike (protocol/README.md section 7).
import { same, u16 } from '../bytes.ts';
import {
  ACK_ALREADY_HAD,
  ACK_REFUSED,
  ACK_STORED,
  CLIP_HASH_BYTES,
  CLIP_ID_BYTES,
  checkData,
  DATA_HEAD_BYTES,
  decodeEnd,
  decodeOffer,
  type End,
  encodeAck,
  encodePull,
  type Offer,
} from './records.ts';

/** A receiver that still lacks chunks pulls again, with rewind, when nothing new came for this long. */
export const SILENCE_MS = 1000;

/** States of a receiver. */
export const RECEIVER_IDLE = 0;
/** The host was told of an OFFER and has not answered. */
export const RECEIVER_ASKING = 1;
export const RECEIVER_MOVING = 2;
/** All chunks are stored; the host is checking the whole. */
export const RECEIVER_FINISHING = 3;
/** Answered with an ACK, which is repeated when asked for. */
export const RECEIVER_DONE = 4;

/**
 * What the receiver asks of its host. Every call may be answered at once or later; the answer carries the same `transfer`, so
 * that one that comes too late changes nothing. Views are good until the call returns.
 */
export interface ReceiverHost {
  /** Answer with `acceptClip` or `refuseClip`. */
  offered: (transfer: number, offer: Offer) => void;
  /** Keep chunk `index`, then answer with `storedChunk`. The same index may come again. */
  store: (transfer: number, index: number, chunk: Uint8Array) => void;
  /** Every chunk is stored: check the hash, make the clip durable, then answer with `finishClip` or `restartClip`. */
  finish: (transfer: number, end: End) => void;
}

export interface Receiver {
  host: ReceiverHost;
  chunkBytes: number;
  metaBytes: number;
  /** Chunks that may be under way or not yet stored: 1-255. */
  window: number;
  maxChunks: number;
  /** Chunks that this clip can have: what OFFER said, or `maxChunks` while it is being recorded. */
  boundChunks: number;
  state: number;
  transfer: number;
  handle: number;
  id: Uint8Array;
  /** Chunks taken in order, chunks stored, and the first chunk that has not been pulled. */
  taken: number;
  stored: number;
  until: number;
  /** Index that came last, and whether a gap has been answered by a rewind since the last chunk in order. */
  lastIndex: number;
  isRewinding: boolean;
  isRewindDue: boolean;
  isPullDue: boolean;
  isAckDue: boolean;
  ackCode: number;
  /** What END said; null before. */
  end: End | null;
  hash: Uint8Array;
  /** When something new last came. */
  heardMs: number;
}

/** A receiver without a clip. `chunkBytes` and `metaBytes` are those of the direction; `maxChunks` bounds what it will ever take. */
export function createReceiver(
  host: ReceiverHost,
  chunkBytes: number,
  metaBytes: number,
  window: number,
  maxChunks: number,
): Receiver {
  return {
    host: host,
    chunkBytes: chunkBytes,
    metaBytes: metaBytes,
    window: window,
    maxChunks: maxChunks,
    boundChunks: maxChunks,
    state: RECEIVER_IDLE,
    transfer: 0,
    handle: 0,
    id: new Uint8Array(CLIP_ID_BYTES),
    taken: 0,
    stored: 0,
    until: 0,
    lastIndex: -1,
    isRewinding: false,
    isRewindDue: false,
    isPullDue: false,
    isAckDue: false,
    ackCode: ACK_STORED,
    end: null,
    hash: new Uint8Array(CLIP_HASH_BYTES),
    heardMs: 0,
  };
}

/** Forgets the transfer: the connection is gone, or the host cannot go on. What was stored stays with the host. */
export function resetReceiver(receiver: Receiver): void {
  receiver.state = RECEIVER_IDLE;
  receiver.transfer++;
  receiver.isRewindDue = false;
  receiver.isPullDue = false;
  receiver.isAckDue = false;
}

function moveFrom(receiver: Receiver, chunk: number, nowMs: number): void {
  receiver.state = RECEIVER_MOVING;
  receiver.taken = chunk;
  receiver.stored = chunk;
  receiver.until = chunk;
  receiver.lastIndex = -1;
  receiver.isRewinding = false;
  receiver.isRewindDue = true;
  receiver.end = null;
  receiver.heardMs = nowMs;
}

function answer(receiver: Receiver, code: number): void {
  receiver.state = RECEIVER_DONE;
  receiver.ackCode = code;
  receiver.isAckDue = true;
}

/** Answers `offered`: pull from `firstMissing`, the first chunk that is not stored. */
export function acceptClip(receiver: Receiver, transfer: number, firstMissing: number, nowMs: number): void {
  if (transfer !== receiver.transfer || receiver.state !== RECEIVER_ASKING) return;
  moveFrom(receiver, firstMissing, nowMs);
}

/** Answers `offered`: ACK_ALREADY_HAD or ACK_REFUSED. */
export function refuseClip(receiver: Receiver, transfer: number, code: number): void {
  if (transfer !== receiver.transfer || receiver.state !== RECEIVER_ASKING) return;
  answer(receiver, code);
}

/** Answers `finish`: the clip is durable (ACK_STORED), or never will be (ACK_REFUSED). */
export function finishClip(receiver: Receiver, transfer: number, code: number): void {
  if (transfer !== receiver.transfer || receiver.state !== RECEIVER_FINISHING) return;
  answer(receiver, code);
}

/** Answers `finish`: what is stored does not make the whole; pull again from `firstMissing`. */
export function restartClip(receiver: Receiver, transfer: number, firstMissing: number, nowMs: number): void {
  if (transfer !== receiver.transfer || receiver.state !== RECEIVER_FINISHING) return;
  moveFrom(receiver, firstMissing, nowMs);
}

function reach(receiver: Receiver): number {
  return Math.min(receiver.stored + receiver.window, receiver.boundChunks);
}

function finishIfWhole(receiver: Receiver): void {
  if (!receiver.end || receiver.stored < receiver.end.chunks) return;
  receiver.state = RECEIVER_FINISHING;
  receiver.isPullDue = false;
  receiver.isRewindDue = false;
  receiver.host.finish(receiver.transfer, receiver.end);
}

/** Answers `store`: chunk `index` is kept. */
export function storedChunk(receiver: Receiver, transfer: number, index: number, nowMs: number): void {
  if (transfer !== receiver.transfer || receiver.state !== RECEIVER_MOVING) return;
  if (index !== receiver.stored || index >= receiver.taken) return;
  receiver.stored++;
  receiver.heardMs = nowMs;
  // The window slides before it is empty, so that the sender never waits for a PULL.
  const isHalfUsed = (receiver.until - receiver.stored) * 2 <= receiver.window;
  if (isHalfUsed && reach(receiver) > receiver.until) receiver.isPullDue = true;
  finishIfWhole(receiver);
}

/** Takes an OFFER record. Another clip than the one under way replaces it. Faults: as `decodeOffer`. */
export function takeOffer(receiver: Receiver, record: Uint8Array): void {
  const offer = decodeOffer(record, receiver.metaBytes);
  receiver.boundChunks = offer.chunks > 0 ? Math.min(offer.chunks, receiver.maxChunks) : receiver.maxChunks;
  if (receiver.state === RECEIVER_IDLE || !same(offer.id, receiver.id)) {
    resetReceiver(receiver);
    receiver.state = RECEIVER_ASKING;
    receiver.handle = offer.handle;
    receiver.id.set(offer.id, 0);
    receiver.host.offered(receiver.transfer, offer);
    return;
  }
  if (receiver.state === RECEIVER_DONE) {
    receiver.isAckDue = true;
    if (receiver.ackCode === ACK_STORED) receiver.ackCode = ACK_ALREADY_HAD;
  } else if (receiver.state === RECEIVER_MOVING && receiver.handle !== offer.handle) {
    receiver.isRewinding = false;
    receiver.isRewindDue = true;
  }
  receiver.handle = offer.handle;
}

function noticeGap(receiver: Receiver, index: number): void {
  // What was under way when the rewind was asked for still arrives, in rising order. Only when the indexes have gone back has
  // the sender heard of it, and a gap after that is a new one.
  if (!receiver.isRewinding || index <= receiver.lastIndex) {
    receiver.isRewinding = true;
    receiver.isRewindDue = true;
  }
  receiver.lastIndex = index;
}

/** Takes a DATA record. Faults: record-short, record-long, record-op. */
export function takeData(receiver: Receiver, record: Uint8Array, nowMs: number): void {
  checkData(record, receiver.chunkBytes);
  if (receiver.state !== RECEIVER_MOVING || record[1] !== receiver.handle) return;
  const index = u16(record, 2);
  if (index !== receiver.taken) {
    if (index > receiver.taken) noticeGap(receiver, index);
    else receiver.lastIndex = index;
    return;
  }
  // More than was pulled: what the host could not hold.
  if (index >= receiver.until) return;
  receiver.taken++;
  receiver.lastIndex = index;
  receiver.isRewinding = false;
  receiver.isRewindDue = false;
  receiver.heardMs = nowMs;
  receiver.host.store(receiver.transfer, index, record.subarray(DATA_HEAD_BYTES));
}

/** Takes an END record. Faults: as `decodeEnd`. */
export function takeEnd(receiver: Receiver, record: Uint8Array, nowMs: number): void {
  const end = decodeEnd(record);
  if (end.handle !== receiver.handle) return;
  if (receiver.state === RECEIVER_DONE) receiver.isAckDue = true;
  if (receiver.state !== RECEIVER_MOVING) return;
  if (end.chunks > receiver.boundChunks || end.chunks < receiver.taken) {
    answer(receiver, ACK_REFUSED);
    return;
  }
  if (end.chunks > receiver.taken) {
    noticeGap(receiver, end.chunks);
    return;
  }
  receiver.heardMs = nowMs;
  receiver.hash.set(end.hash, 0);
  end.hash = receiver.hash;
  receiver.end = end;
  finishIfWhole(receiver);
}

function noticeSilence(receiver: Receiver, nowMs: number): void {
  if (receiver.state !== RECEIVER_MOVING || receiver.taken !== receiver.stored) return;
  if (nowMs - receiver.heardMs < SILENCE_MS) return;
  receiver.heardMs = nowMs;
  receiver.isRewinding = false;
  receiver.isRewindDue = true;
}

/** True if `writeFromReceiver` would write a record. */
export function receiverHasRecord(receiver: Receiver, nowMs: number): boolean {
  noticeSilence(receiver, nowMs);
  return receiver.isAckDue || receiver.isRewindDue || receiver.isPullDue;
}

/** Writes the record that is due (ACK or PULL) at `out[offset]` and returns its length; 0 when none is. Call until 0, on every event and tick. */
export function writeFromReceiver(
  receiver: Receiver,
  nowMs: number,
  out: Uint8Array,
  offset: number,
): number {
  if (!receiverHasRecord(receiver, nowMs)) return 0;
  if (receiver.isAckDue) {
    receiver.isAckDue = false;
    return encodeAck({ handle: receiver.handle, id: receiver.id, code: receiver.ackCode }, out, offset);
  }
  const isRewind = receiver.isRewindDue;
  const chunk = receiver.taken;
  receiver.isRewindDue = false;
  receiver.isPullDue = false;
  receiver.until = Math.max(chunk, reach(receiver));
  return encodePull(
    { handle: receiver.handle, chunk: chunk, credits: receiver.until - chunk, isRewind: isRewind },
    out,
    offset,
  );
}
