// The sending side of fragments: cuts one frame at a time into values, without copying it (protocol/README.md section 3).
import { fault } from '../fault.ts';
import {
  CREDIT_TIMEOUT_MS,
  FIRST_WINDOW,
  HEAD_FIRST,
  HEAD_JOINT,
  HEAD_LAST,
  MAX_VALUE_BYTES,
  MIN_VALUE_BYTES,
  SEQUENCE_MASK,
  type SendValue,
} from './fragment.ts';
import { MAX_FRAME_BYTES } from './frame.ts';

/** Where in `splitter.buffer` each frame is written: the room before it takes heads and the held end of the frame before. */
export const FRAME_AT = 244;

export interface Splitter {
  /** The caller writes each frame at FRAME_AT, once `pump` has said that the one before is gone. */
  buffer: Uint8Array;
  limitBytes: number;
  window: number;
  /** Next byte to send, and the end of the frame in hand; equal when there is none. */
  at: number;
  end: number;
  /** Bytes of the frame before that stand right before FRAME_AT and go with the next frame's first fragment. */
  held: number;
  hasMore: boolean;
  sequence: number;
  /** Fragments sent and not yet credited. */
  underWay: number;
  /** When `pump` first found the window full; -1 while it is not. */
  fullSinceMs: number;
}

/** The sending side of one connection. Until `setLimits`, values of at most 20 bytes and a window of FIRST_WINDOW. */
export function createSplitter(): Splitter {
  return {
    buffer: new Uint8Array(FRAME_AT + MAX_FRAME_BYTES),
    limitBytes: MIN_VALUE_BYTES,
    window: FIRST_WINDOW,
    at: FRAME_AT,
    end: FRAME_AT,
    held: 0,
    hasMore: false,
    sequence: 0,
    underWay: 0,
    fullSinceMs: -1,
  };
}

/** Forgets a connection: as new, with the same buffer. */
export function resetSplitter(splitter: Splitter): void {
  splitter.limitBytes = MIN_VALUE_BYTES;
  splitter.window = FIRST_WINDOW;
  splitter.at = FRAME_AT;
  splitter.end = FRAME_AT;
  splitter.held = 0;
  splitter.sequence = 0;
  splitter.underWay = 0;
  splitter.fullSinceMs = -1;
}

/** What the other side takes: values of `limitBytes` (its limit, or ATT_MTU - 3 if that is less), `window` fragments. Between frames only. */
export function setLimits(splitter: Splitter, limitBytes: number, window: number): void {
  splitter.limitBytes = Math.min(limitBytes, MAX_VALUE_BYTES);
  splitter.window = window;
}

/**
 * Takes the frame `buffer[FRAME_AT, FRAME_AT + length)`. Call only after `pump` has returned true. With `hasMore` the caller
 * means to start another frame at once: the end of this one is then held and shares a fragment with it; should no other
 * come, the next `pump` sends it. Faults: frame-long; frame-short below 2 bytes,
 * as a frame of one byte could be a credit.
 */
export function startFrame(splitter: Splitter, length: number, hasMore: boolean): void {
  if (length < 2) throw fault('frame-short');
  if (length > MAX_FRAME_BYTES) throw fault('frame-long');
  splitter.at = FRAME_AT;
  splitter.end = FRAME_AT + length;
  splitter.hasMore = hasMore;
}

/**
 * Sends full values from the middle of a frame, as far as the window goes: most values are, and the toy pays for every statement and
 * for every look into an object. False: the radio has no room.
 */
function sendMiddle(splitter: Splitter, send: SendValue): boolean {
  const buffer = splitter.buffer;
  const limitBytes = splitter.limitBytes;
  const lastAt = splitter.end - limitBytes;
  let at = splitter.at;
  let sequence = splitter.sequence;
  let free = splitter.window - splitter.underWay;
  let hasRoom = true;
  while (hasRoom && free > 0 && at <= lastAt) {
    buffer[at - 1] = sequence;
    hasRoom = send(buffer, at - 1, limitBytes);
    if (hasRoom) {
      at += limitBytes - 1;
      sequence = (sequence + 1) & SEQUENCE_MASK;
      free--;
    }
  }
  splitter.at = at;
  splitter.sequence = sequence;
  splitter.underWay = splitter.window - free;
  return hasRoom;
}

/** The end of a frame after which another comes at once waits for that one: five values for each chunk of voice become four and a quarter. */
function holdEnd(splitter: Splitter, left: number): void {
  splitter.buffer.set(splitter.buffer.subarray(splitter.at, splitter.end), FRAME_AT - left);
  splitter.held = left;
  splitter.at = splitter.end;
}

/** Sends the first or the last fragment of a frame, or one that it shares with the frame before. False: the radio has no room. */
function sendEdge(splitter: Splitter, left: number, send: SendValue): boolean {
  const at = splitter.at;
  const held = splitter.held;
  let headAt = at - 1;
  let take = splitter.limitBytes - 1;
  let head = splitter.sequence;
  if (held > 0) {
    headAt = FRAME_AT - held - 1;
    take = left;
    if (left > 0) {
      headAt--;
      take = splitter.limitBytes - 2 - held;
      splitter.buffer[headAt + 1] = held;
      head |= HEAD_JOINT | HEAD_FIRST;
    } else head |= HEAD_LAST;
  } else if (at === FRAME_AT) head |= HEAD_FIRST;
  if (left > 0 && left <= take) {
    take = left;
    head |= HEAD_LAST;
  }
  splitter.buffer[headAt] = head;
  if (!send(splitter.buffer, headAt, (left > 0 ? at : FRAME_AT) + take - headAt)) return false;
  splitter.at = at + take;
  splitter.held = 0;
  splitter.sequence = (splitter.sequence + 1) & SEQUENCE_MASK;
  splitter.underWay++;
  return true;
}

/** True while the window is full and what is under way may still arrive. */
function isFull(splitter: Splitter, nowMs: number): boolean {
  if (splitter.fullSinceMs < 0) splitter.fullSinceMs = nowMs;
  if (nowMs - splitter.fullSinceMs < CREDIT_TIMEOUT_MS) return true;
  splitter.underWay = 0;
  splitter.fullSinceMs = -1;
  return false;
}

/**
 * Sends what can be sent. True: ready for another frame. False: the window is full or the radio has no room; call again on a
 * credit, when there is room, and at least every second. A head is written over the byte before its fragment, which has gone.
 */
export function pump(splitter: Splitter, nowMs: number, send: SendValue): boolean {
  // Short, with all that is not always done elsewhere: the toy reads through the whole text of a loop even if it carries out none of it.
  while (splitter.at < splitter.end || splitter.held > 0) {
    if (splitter.underWay >= splitter.window && isFull(splitter, nowMs)) return false;
    const left = splitter.end - splitter.at;
    const isInside = splitter.at > FRAME_AT;
    if (isInside && left >= splitter.limitBytes) {
      if (!sendMiddle(splitter, send)) return false;
    } else if (isInside && splitter.hasMore && left > 0 && left < splitter.limitBytes - 2) {
      holdEnd(splitter, left);
      return true;
    } else if (!sendEdge(splitter, left, send)) return false;
  }
  return true;
}

/** True if anything waits for the window or the radio. */
export function isWaiting(splitter: Splitter): boolean {
  return splitter.at < splitter.end || splitter.held > 0;
}

/** Takes a credit: the other side has consumed everything before sequence `next`. One that names nothing under way is ignored. */
export function takeCredit(splitter: Splitter, next: number): void {
  const underWay = (splitter.sequence - next) & SEQUENCE_MASK;
  if (underWay > splitter.underWay) return;
  splitter.underWay = underWay;
  splitter.fullSinceMs = -1;
}
