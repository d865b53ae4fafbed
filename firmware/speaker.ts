// The speaker: from sealed chunks in flash to the native player, and the built-in sounds.
import { NOTHING } from '#protocol/bytes.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { SLOT_SCRATCH } from '#protocol/link/primitives.ts';
import type { ClipKeys } from './clip-key.ts';
import type { Clips } from './clips.ts';
import type { Plush } from './native/native.d.ts';
import { CHUNK_PLAIN_BYTES, CHUNK_SEALED_BYTES, type Slot } from './slot.ts';
import type { Timers } from './timers.ts';

const POLL_MS = 120;

export interface Speaker {
  /** Plays a message at `volume` percent, then calls `finished`. */
  play(slot: Slot, volume: number): void;
  /** Silence at once; `finished` is not called. */
  halt(): void;
  isPlaying(): boolean;
}

/** `finished(slot, isWhole)`: heard to its end, or, if not `isWhole`, not readable. */
export function createSpeaker(
  plush: Plush,
  primitives: Primitives,
  timers: Timers,
  clips: Clips,
  keys: ClipKeys,
  finished: (slot: Slot, isWhole: boolean) => void,
): Speaker {
  let slot: Slot | null = null;
  let chunk = NOTHING;
  let index = 0;
  let offset = 0;
  let end = 0;
  let isWritten = false;
  let timer = -1;

  function finish(isWhole: boolean): void {
    const played = slot!;
    slot = null;
    chunk = NOTHING;
    finished(played, isWhole);
  }
  /** Opens chunk `index` of the message. False if it is not as it was written. */
  function load(message: Slot): boolean {
    chunk = clips.read(message, index);
    keys.forMessage(message.id);
    const isGenuine = primitives.open(SLOT_SCRATCH, index, NOTHING, chunk, 0, CHUNK_SEALED_BYTES);
    primitives.clear(SLOT_SCRATCH);
    const left = message.bytes - index * CHUNK_PLAIN_BYTES;
    offset = 0;
    end = Math.min(left, CHUNK_PLAIN_BYTES);
    return isGenuine;
  }
  function poll(): void {
    const message = slot!;
    while (!isWritten) {
      if (offset === end) {
        index++;
        if (index === message.chunks) {
          isWritten = true;
          plush.end();
          break;
        }
        if (!load(message)) {
          plush.halt();
          finish(false);
          return;
        }
      }
      offset += plush.write(chunk, offset, end - offset);
      if (offset < end) break;
    }
    if (isWritten && !plush.isPlaying()) finish(true);
    else timer = timers.after(poll, POLL_MS);
  }

  return {
    play: (message, volume) => {
      slot = message;
      index = -1;
      offset = 0;
      end = 0;
      isWritten = false;
      plush.play(volume);
      poll();
    },
    halt: () => {
      if (!slot) return;
      timers.cancel(timer);
      plush.halt();
      slot = null;
      chunk = NOTHING;
    },
    isPlaying: () => slot !== null,
  };
}
