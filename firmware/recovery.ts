// After a power cut: recordings that were being made end at their last whole chunk, and no message that is here can come again.
import type { Primitives } from '#protocol/link/primitives.ts';
import { stampSender, stampSequence } from '#protocol/policy/stamp.ts';
import type { Clips } from './clips.ts';
import type { PolicyInForce } from './policy.ts';
import type { Settings } from './settings.ts';
import {
  CHUNK_SEALED_BYTES,
  KIND_MESSAGE,
  KIND_RECORDING,
  SLOT_OPEN,
  SLOT_TOLD,
  SLOT_WHOLE,
} from './slot.ts';
import type { SlotStore } from './slot-store.ts';
import { PACKET_MS } from './timers.ts';

/** Ends interrupted recordings. Call at boot, after `clips.load`. */
export function endInterrupted(primitives: Primitives, clips: Clips, store: SlotStore): void {
  const hash = new Uint8Array(32);
  let slot = clips.next(KIND_RECORDING, SLOT_OPEN, 0);
  while (slot) {
    primitives.hashStart();
    for (let i = 0; i < slot.chunks; i++) primitives.hashUpdate(clips.read(slot, i), 0, CHUNK_SEALED_BYTES);
    primitives.hashEnd(hash);
    store.end(slot, slot.packets * PACKET_MS, hash);
    slot = clips.next(KIND_RECORDING, SLOT_OPEN, slot.order);
  }
}

/** Remembers the stamps of all messages in flash: power may have been cut between the message and the settings. */
export function rememberMessages(
  clips: Clips,
  store: SlotStore,
  settings: Settings,
  policy: PolicyInForce,
): void {
  for (let state = SLOT_WHOLE; state <= SLOT_TOLD; state++) {
    let slot = clips.next(KIND_MESSAGE, state, 0);
    while (slot) {
      const stamp = store.metaOf(slot);
      if (!settings.hasSeen(stampSender(stamp), stampSequence(stamp))) {
        settings.remember(stampSender(stamp), stampSequence(stamp), policy.isSender);
      }
      slot = clips.next(KIND_MESSAGE, state, slot.order);
    }
  }
}
