// The receiving side of fragments: joins values to frames and says when a credit is due (protocol/README.md section 3).
import { HEAD_CREDIT, HEAD_FIRST, HEAD_JOINT, HEAD_LAST, SEQUENCE_MASK, type SendValue } from './fragment.ts';
import { FRAME_CREDIT, MAX_FRAME_BYTES } from './frame.ts';
import { type Splitter, takeCredit } from './splitter.ts';

export interface Joiner {
  /** The frame being joined, and after MAX_FRAME_BYTES the two bytes of a credit. */
  buffer: Uint8Array;
  /** Bytes joined so far; -1 while no frame is being joined. */
  joined: number;
  /** Sequence expected next. */
  expected: number;
  /** Sequence up to which the other side has been credited. */
  credited: number;
  /** Fragments this side takes before it must be asked. */
  window: number;
  splitter: Splitter;
  onFrame: (buffer: Uint8Array, length: number) => void;
}

/**
 * The receiving side of one connection. `onFrame` gets each whole frame as `buffer[0, length)`, which is good until it
 * returns. Credits from the other side go to `splitter`, the sending side of the same connection.
 */
export function createJoiner(
  window: number,
  splitter: Splitter,
  onFrame: (buffer: Uint8Array, length: number) => void,
): Joiner {
  return {
    buffer: new Uint8Array(MAX_FRAME_BYTES + 2),
    joined: -1,
    expected: 0,
    credited: 0,
    window: window,
    splitter: splitter,
    onFrame: onFrame,
  };
}

/** Forgets a connection: as new, with the same buffers. */
export function resetJoiner(joiner: Joiner): void {
  joiner.joined = -1;
  joiner.expected = 0;
  joiner.credited = 0;
}

function append(joiner: Joiner, value: Uint8Array, from: number, to: number, isLast: boolean): void {
  const before = joiner.joined;
  if (before < 0) return;
  const length = before + to - from;
  if (length > MAX_FRAME_BYTES) {
    joiner.joined = -1;
    return;
  }
  joiner.buffer.set(value.subarray(from, to), before);
  joiner.joined = length;
  if (!isLast) return;
  joiner.joined = -1;
  joiner.onFrame(joiner.buffer, length);
}

/** Takes one value from the radio; `value` is not kept. A value that makes no sense costs at most the frame in hand. */
export function join(joiner: Joiner, value: Uint8Array): void {
  const size = value.length;
  if (size < 2) return;
  const head = value[0]!;
  const joined = joiner.joined;
  if (head === joiner.expected && joined > 0 && joined + size <= MAX_FRAME_BYTES + 1) {
    // The middle of a frame, in order: most values are, and the toy pays for every statement.
    joiner.buffer.set(value.subarray(1), joined);
    joiner.joined = joined + size - 1;
    joiner.expected = (head + 1) & SEQUENCE_MASK;
    return;
  }
  if (size === 2 && (head & ~SEQUENCE_MASK) === HEAD_CREDIT && value[1] === FRAME_CREDIT) {
    takeCredit(joiner.splitter, head & SEQUENCE_MASK);
    return;
  }
  if ((head & SEQUENCE_MASK) !== joiner.expected) joiner.joined = -1;
  joiner.expected = (head + 1) & SEQUENCE_MASK;
  let from = 1;
  if (head & HEAD_JOINT) {
    from = 2 + value[1]!;
    if (from === 2 || from >= size) {
      joiner.joined = -1;
      return;
    }
    append(joiner, value, 2, from, true);
  }
  if (head & HEAD_FIRST) joiner.joined = 0;
  append(joiner, value, from, size, (head & HEAD_LAST) !== 0);
}

/** True when half a window has been consumed (lost fragments count) since the last credit. */
export function creditDue(joiner: Joiner): boolean {
  return ((joiner.expected - joiner.credited) & SEQUENCE_MASK) * 2 >= joiner.window;
}

/** Sends a credit if one is due. False: it is due and the radio had no room; call again. */
export function sendCredit(joiner: Joiner, send: SendValue): boolean {
  if (!creditDue(joiner)) return true;
  joiner.buffer[MAX_FRAME_BYTES] = HEAD_CREDIT | joiner.expected;
  joiner.buffer[MAX_FRAME_BYTES + 1] = FRAME_CREDIT;
  if (!send(joiner.buffer, MAX_FRAME_BYTES, 2)) return false;
  joiner.credited = joiner.expected;
  return true;
}
