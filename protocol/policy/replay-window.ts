// Which stamps of one sender a toy has already had: 12 bytes for each sender (protocol/README.md section 9).
import { putU32, u32 } from '../bytes.ts';

/** One window: the highest sequence marked (u32), then bit i of 64 for the sequence i + 1 below it. All zeros: none marked. */
export const REPLAY_WINDOW_BYTES = 12;
export const REPLAY_BITS_AT = 4;
/** Sequences below the highest that are told apart; older ones count as seen. */
export const REPLAY_WINDOW = 64;

/** True if `sequence` (from 1) was marked in the window at `offset`, or is too old to tell. */
export function seen(windows: Uint8Array, offset: number, sequence: number): boolean {
  const below = u32(windows, offset) - sequence;
  if (below < 0) return false;
  if (below === 0 || below > REPLAY_WINDOW) return true;
  const bit = below - 1;
  return (windows[offset + REPLAY_BITS_AT + (bit >> 3)]! & (1 << (bit & 7))) !== 0;
}

function setBit(windows: Uint8Array, offset: number, bit: number): void {
  const at = offset + REPLAY_BITS_AT + (bit >> 3);
  windows[at] = windows[at]! | (1 << (bit & 7));
}

/** Moves the 64 bits up by `steps` places, 1 or more. */
function shift(windows: Uint8Array, offset: number, steps: number): void {
  const bytes = steps >> 3;
  const bits = steps & 7;
  const first = offset + REPLAY_BITS_AT;
  for (let i = 7; i >= 0; i--) {
    const high = i - bytes >= 0 ? windows[first + i - bytes]! : 0;
    const low = i - bytes - 1 >= 0 ? windows[first + i - bytes - 1]! : 0;
    windows[first + i] = ((high << bits) | (low >> (8 - bits))) & 255;
  }
}

/** Marks `sequence` as seen in the window at `offset`. One that is too old changes nothing. */
export function mark(windows: Uint8Array, offset: number, sequence: number): void {
  const highest = u32(windows, offset);
  const above = sequence - highest;
  if (above <= 0) {
    if (above < 0 && -above <= REPLAY_WINDOW) setBit(windows, offset, -above - 1);
    return;
  }
  shift(windows, offset, Math.min(above, REPLAY_WINDOW + 1));
  if (highest > 0 && above <= REPLAY_WINDOW) setBit(windows, offset, above - 1);
  putU32(windows, offset, sequence);
}
