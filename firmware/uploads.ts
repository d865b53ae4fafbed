// Recordings on their way to the bridge, the oldest first; the one being made leaves while it is being made.

import { view } from '#protocol/bytes.ts';
import {
  ACK_REFUSED,
  CHUNK_FROM_TOY_BYTES,
  type ClipEnd,
  META_FROM_TOY_BYTES,
} from '#protocol/clip/records.ts';
import {
  createSender,
  dropClip,
  endClip,
  growClip,
  resumeSender,
  type Sender,
  startClip,
} from '#protocol/clip/sender.ts';
import type { Clips } from './clips.ts';
import { KIND_RECORDING, SLOT_DONE, SLOT_OPEN, SLOT_WHOLE, type Slot } from './slot.ts';
import type { SlotStore } from './slot-store.ts';
import type { Timers } from './timers.ts';

export interface Uploads {
  /** The sender that the link asks for records and hands PULL and ACK to. */
  sender: Sender;
  /** A connection has opened. */
  resume(): void;
  /** A recording has another chunk. */
  grew(slot: Slot): void;
  /** A recording is whole. */
  ended(slot: Slot): void;
  /** Offers the next recording, if none is under way. */
  next(): void;
  /** Forgets the recording under way: it was deleted. */
  drop(): void;
}

/** `sent()`: the bridge has a recording for good. `refused()`: it does not want it. */
export function createUploads(
  clips: Clips,
  store: SlotStore,
  timers: Timers,
  sent: () => void,
  refused: () => void,
): Uploads {
  let slot: Slot | null = null;
  let lastOpen = -1;
  /** There may be a recording that was not looked at: looking costs 900 thousand instructions, too much for every turn of an idle link. */
  let mayHaveMore = true;

  const sender = createSender(
    {
      readChunk: (index, out, offset) => {
        out.set(clips.read(slot!, index), offset);
      },
      acknowledged: (code) => {
        const done = slot!;
        slot = null;
        mayHaveMore = true;
        // One that is still being made is judged when it is whole.
        if (done.state !== SLOT_WHOLE) {
          lastOpen = done.order;
          return;
        }
        store.mark(done, SLOT_DONE);
        if (code === ACK_REFUSED) refused();
        else sent();
      },
    },
    CHUNK_FROM_TOY_BYTES,
  );

  function endOf(clip: Slot): ClipEnd {
    return {
      bytes: clip.bytes,
      packets: clip.packets,
      durationMs: clip.durationMs,
      hash: store.hashOf(clip),
    };
  }
  function next(): void {
    if (slot || !mayHaveMore) return;
    mayHaveMore = false;
    slot = clips.next(KIND_RECORDING, SLOT_WHOLE, 0);
    if (!slot) slot = clips.next(KIND_RECORDING, SLOT_OPEN, lastOpen);
    if (!slot) return;
    startClip(
      sender,
      {
        id: slot.id,
        meta: view(store.metaOf(slot), 0, META_FROM_TOY_BYTES),
        chunks: slot.chunks,
        end: slot.state === SLOT_WHOLE ? endOf(slot) : null,
        beganMs: slot.beganAt < 0 ? -1 : slot.beganAt * 1000,
      },
      timers.now() * 1000,
    );
  }

  return {
    sender: sender,
    resume: () => {
      resumeSender(sender, timers.now() * 1000);
      mayHaveMore = true;
      next();
    },
    grew: (grown) => {
      if (grown === slot) growClip(sender, grown.chunks);
      else {
        mayHaveMore = true;
        next();
      }
    },
    ended: (whole) => {
      if (whole === slot) endClip(sender, endOf(whole));
      else {
        mayHaveMore = true;
        next();
      }
    },
    next: next,
    drop: () => {
      dropClip(sender);
      slot = null;
      mayHaveMore = true;
    },
  };
}
