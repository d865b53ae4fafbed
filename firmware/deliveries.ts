// Messages on their way to the toy: taken only with a stamp that the policy knows and that was not had before, kept sealed, counted
// as there only when the whole is what the sender signed.

import { RECORD_HEAD_BYTES } from '#protocol/ble/frame.ts';
import { NOTHING, same, view } from '#protocol/bytes.ts';
import {
  acceptClip,
  createReceiver,
  finishClip,
  type Receiver,
  refuseClip,
  resetReceiver,
  storedChunk,
} from '#protocol/clip/receiver.ts';
import {
  ACK_ALREADY_HAD,
  ACK_REFUSED,
  ACK_STORED,
  CHUNK_TO_TOY_BYTES,
  DATA_HEAD_BYTES,
  type End,
  META_TO_TOY_BYTES,
  type Offer,
} from '#protocol/clip/records.ts';
import { type Primitives, SLOT_SCRATCH } from '#protocol/link/primitives.ts';
import {
  checkStamp,
  checkStampHash,
  stampMessageId,
  stampSender,
  stampSequence,
} from '#protocol/policy/stamp.ts';
import type { ClipKeys } from './clip-key.ts';
import type { Clips } from './clips.ts';
import type { PolicyInForce } from './policy.ts';
import type { Settings } from './settings.ts';
import { expectFault } from './silence.ts';
import {
  CHUNK_BYTES,
  CHUNK_PLAIN_BYTES,
  CHUNK_SEALED_BYTES,
  KIND_MESSAGE,
  SLOT_CHUNKS,
  SLOT_OPEN,
  type Slot,
} from './slot.ts';
import type { SlotStore } from './slot-store.ts';
import type { Timers } from './timers.ts';

/** Chunks that may be under way. */
const WINDOW = 4;
/** Chunks that are checked at a time, so that the paw is never kept waiting. */
const CHECK_CHUNKS = 8;
const CHECK_MS = 20;
/** Until the one streaming hash may be free of the microphone. */
const BUSY_MS = 500;

export interface Deliveries {
  /** The receiver that the link hands OFFER, DATA and END to and asks for records. */
  receiver: Receiver;
  /** The connection is gone; half a message waits for the next one. */
  pause(): void;
  /** Forgets half a message. */
  drop(): void;
}

/** `frameOf`: `ToyLink.frame`. `isHashBusy`: the microphone is using the streaming hash. `arrived`: another message waits to be heard. `changed`: there is something to send. */
export function createDeliveries(
  primitives: Primitives,
  timers: Timers,
  clips: Clips,
  store: SlotStore,
  keys: ClipKeys,
  policy: PolicyInForce,
  settings: Settings,
  toyId: Uint8Array,
  frameOf: () => Uint8Array,
  isHashBusy: () => boolean,
  arrived: () => void,
  changed: () => void,
): Deliveries {
  let slot: Slot | null = null;
  let bytes = 0;
  let transfer = 0;
  let durationMs = 0;
  let checked = 0;
  let timer = -1;

  function nowMs(): number {
    return timers.now() * 1000;
  }
  function stopCheck(): void {
    if (timer >= 0) timers.cancel(timer);
    timer = -1;
  }
  function drop(): void {
    stopCheck();
    if (slot) clips.discard(slot);
    slot = null;
  }
  /** The code that answers an OFFER at once, or -1. */
  function judge(offer: Offer): number {
    const known = clips.find(offer.id);
    if (known && known !== slot) return ACK_ALREADY_HAD;
    const isSized =
      offer.chunks > 0 && offer.chunks <= SLOT_CHUNKS && offer.bytes <= offer.chunks * CHUNK_PLAIN_BYTES;
    if (!isSized || offer.bytes <= (offer.chunks - 1) * CHUNK_PLAIN_BYTES) return ACK_REFUSED;
    try {
      checkStamp(primitives, offer.meta, policy.whole()!, toyId);
    } catch (error) {
      expectFault(error);
      return ACK_REFUSED;
    }
    if (!same(stampMessageId(offer.meta), offer.id)) return ACK_REFUSED;
    return settings.hasSeen(stampSender(offer.meta), stampSequence(offer.meta)) ? ACK_ALREADY_HAD : -1;
  }
  function offered(newTransfer: number, offer: Offer): void {
    transfer = newTransfer;
    stopCheck();
    // A policy that has run out takes nothing; the bridge will offer again under a newer one.
    if (!policy.isPaired() || policy.isLapsed()) {
      resetReceiver(receiver);
      return;
    }
    const code = judge(offer);
    if (code >= 0) {
      refuseClip(receiver, transfer, code);
      return;
    }
    if (slot && !(same(slot.id, offer.id) && slot.state === SLOT_OPEN && bytes === offer.bytes)) drop();
    if (!slot) slot = clips.begin(KIND_MESSAGE, offer.id, offer.meta);
    bytes = offer.bytes;
    // No room now: the OFFER will come again.
    if (slot) acceptClip(receiver, transfer, slot.chunks, nowMs());
    else resetReceiver(receiver);
  }
  function keep(newTransfer: number, index: number): void {
    if (slot && index === slot.chunks) {
      const left = bytes - index * CHUNK_PLAIN_BYTES;
      // Sealed where it was joined: the record's own tag behind it has done its work, and makes room for ours and the trailer.
      const chunk = view(frameOf(), RECORD_HEAD_BYTES + DATA_HEAD_BYTES, CHUNK_BYTES);
      keys.forMessage(slot.id);
      primitives.seal(SLOT_SCRATCH, index, NOTHING, chunk, 0, CHUNK_PLAIN_BYTES);
      primitives.clear(SLOT_SCRATCH);
      store.append(slot, chunk, Math.min(left, CHUNK_PLAIN_BYTES), 0);
    }
    storedChunk(receiver, newTransfer, index, nowMs());
  }
  function settle(clip: Slot): void {
    const stamp = store.metaOf(clip);
    const hash = new Uint8Array(32);
    primitives.hashEnd(hash);
    slot = null;
    try {
      checkStampHash(stamp, hash);
    } catch (error) {
      expectFault(error);
      clips.discard(clip);
      finishClip(receiver, transfer, ACK_REFUSED);
      return;
    }
    store.end(clip, durationMs, hash);
    // The stamp is remembered before the bridge may forget the message.
    settings.remember(stampSender(stamp), stampSequence(stamp), policy.isSender);
    finishClip(receiver, transfer, ACK_STORED);
    arrived();
  }
  /** Hashes some chunks more, as flash has them; from the first again if the microphone took the hash away. */
  function check(): void {
    timer = -1;
    const clip = slot!;
    if (isHashBusy()) {
      checked = 0;
      timer = timers.after(check, BUSY_MS);
      return;
    }
    if (checked === 0) primitives.hashStart();
    const end = Math.min(clip.chunks, checked + CHECK_CHUNKS);
    keys.forMessage(clip.id);
    while (checked < end) {
      const sealed = clips.read(clip, checked);
      if (!primitives.open(SLOT_SCRATCH, checked, NOTHING, sealed, 0, CHUNK_SEALED_BYTES)) sealed.fill(0);
      primitives.hashUpdate(sealed, 0, Math.min(CHUNK_PLAIN_BYTES, bytes - checked * CHUNK_PLAIN_BYTES));
      checked++;
    }
    primitives.clear(SLOT_SCRATCH);
    if (checked < clip.chunks) timer = timers.after(check, CHECK_MS);
    else settle(clip);
    changed();
  }
  function finish(newTransfer: number, end: End): void {
    transfer = newTransfer;
    durationMs = end.durationMs;
    if (!slot || end.bytes !== bytes) {
      drop();
      finishClip(receiver, transfer, ACK_REFUSED);
      return;
    }
    slot.packets = end.packets;
    checked = 0;
    timer = timers.after(check, 0);
  }

  const receiver = createReceiver(
    { offered: offered, store: keep, finish: finish },
    CHUNK_TO_TOY_BYTES,
    META_TO_TOY_BYTES,
    WINDOW,
    SLOT_CHUNKS,
  );
  return {
    receiver: receiver,
    pause: () => {
      stopCheck();
      resetReceiver(receiver);
    },
    drop: () => {
      drop();
      resetReceiver(receiver);
    },
  };
}
