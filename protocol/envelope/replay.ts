// Which sequences of one sender this device has taken: a window of 1024, so that messages may come out of order and none twice. One
// state for each sender; a device that has lost one must become a new device, because it cannot tell new from old.
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';

export const REPLAY_WINDOW = 1024;
const REPLAY_VERSION = 1;
const U32_MAX = 0xffffffff;

/** Never changed in place. */
export interface ReplayState {
  /** Highest sequence taken; 0 before the first. */
  readonly highest: number;
  /** Bit `sequence mod 1024` is set if it was taken, for the 1024 sequences up to the highest. */
  readonly taken: Uint8Array;
}

/** Of a sender from whom nothing has come. */
export const NOTHING_TAKEN: ReplayState = { highest: 0, taken: new Uint8Array(REPLAY_WINDOW / 8) };

/** The state after `sequence` (from 1). Fault `envelope-replay` if it was taken before, or is older than the window. */
export function takeSequence(state: ReplayState, sequence: number): ReplayState {
  if (sequence < 1 || sequence > U32_MAX || state.highest - sequence >= REPLAY_WINDOW)
    throw fault('envelope-replay');
  if (sequence <= state.highest && isTaken(state.taken, sequence)) throw fault('envelope-replay');
  const taken = state.taken.slice();
  // The places between were used by sequences that now fall out of the window.
  const from = Math.max(state.highest + 1, sequence - REPLAY_WINDOW + 1);
  for (let skipped = from; skipped < sequence; skipped++) taken[place(skipped)]! &= ~bit(skipped);
  taken[place(sequence)]! |= bit(sequence);
  return { highest: Math.max(state.highest, sequence), taken };
}

export function encodeReplay(state: ReplayState): Uint8Array {
  return encodeCbor([REPLAY_VERSION, state.highest, state.taken]);
}

/** Fault `replay-lost`: no message is at fault, this device must become a new one. */
export function decodeReplay(bytes: Uint8Array): ReplayState {
  const [version, highest, taken] = asTuple(decodeCbor(bytes, 'replay-lost'), 3, 'replay-lost');
  if (version !== REPLAY_VERSION) throw fault('replay-lost');
  return {
    highest: asInteger(highest, 0, U32_MAX, 'replay-lost'),
    taken: asBytes(taken, REPLAY_WINDOW / 8, 'replay-lost'),
  };
}

function isTaken(taken: Uint8Array, sequence: number): boolean {
  return (taken[place(sequence)]! & bit(sequence)) !== 0;
}

function place(sequence: number): number {
  return (sequence % REPLAY_WINDOW) >>> 3;
}

function bit(sequence: number): number {
  return 1 << (sequence & 7);
}
