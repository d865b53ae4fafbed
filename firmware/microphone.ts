// The microphone: from the native ring of packets to sealed chunks in flash. It opens at the touch and keeps what it hears in
// RAM; only when the touch turns out to be no tap does a clip begin.
import { NOTHING, view } from '#protocol/bytes.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { SLOT_CLIP } from '#protocol/link/primitives.ts';
import type { ClipKeys } from './clip-key.ts';
import type { Clips } from './clips.ts';
import type { Plush } from './native/native.d.ts';
import {
  CHUNK_BYTES,
  CHUNK_PLAIN_BYTES,
  CHUNK_SEALED_BYTES,
  KIND_RECORDING,
  SLOT_CHUNKS,
  type Slot,
} from './slot.ts';
import type { SlotStore } from './slot-store.ts';
import { PACKET_MS, type Timers } from './timers.ts';

/** Longest recording, without the packet that flushes the codec: it stops at the last look before. */
export const RECORDING_MS = 60000;
/** How often the native ring is emptied: eight packets a turn, of the sixty that it holds. */
const POLL_MS = 480;
/** So many must be free for what comes until the next look, and the end. */
const ROOM_CHUNKS = 2;
/** After closing, until the flushed packet is surely in the ring. */
const FLUSH_MS = 120;
/** Room behind a chunk for the packet that ends in the next one: at most 252 bytes (protocol/README.md section 10). */
const TAIL_BYTES = 256;
/** What sealing a chunk and its trailer write over of the tail. */
const SPARED_BYTES = CHUNK_BYTES - CHUNK_PLAIN_BYTES;

export interface MicrophoneListener {
  /** The clip has another whole chunk. */
  grew(slot: Slot): void;
  /** The clip is whole; the microphone is ready for another. */
  ended(slot: Slot): void;
  /** RECORDING_MS are over, or the slot is full; `ended` follows. */
  full(): void;
}

export interface Microphone {
  /** Opens. False while the end of the recording before is still being written. */
  open(): boolean;
  /** Makes a clip of what was heard since `open`, sealed to `clipKey`. False: no room or no good key; the microphone is closed. */
  keep(clipKey: Uint8Array): boolean;
  /** Closes. Without `keep`, what was heard is forgotten. */
  close(): void;
  isOpen(): boolean;
  /** Open, or the end of a recording is still being written. */
  isBusy(): boolean;
}

export function createMicrophone(
  plush: Plush,
  primitives: Primitives,
  timers: Timers,
  clips: Clips,
  store: SlotStore,
  keys: ClipKeys,
  listener: MicrophoneListener,
): Microphone {
  const buffer = new Uint8Array(CHUNK_PLAIN_BYTES + TAIL_BYTES);
  const tail = view(buffer, CHUNK_PLAIN_BYTES, TAIL_BYTES);
  /** The beginning of the tail, while the chunk before it is sealed. */
  const spared = new Uint8Array(SPARED_BYTES);
  let isOpen = false;
  let isEnding = false;
  let slot: Slot | null = null;
  let filled = 0;
  /** Up to here whole packets of this chunk have been counted; beyond the chunk, packets of the next. */
  let whole = 0;
  let packets = 0;
  let packetsBeyond = 0;
  let wholeBeyond = 0;
  let timer = -1;

  function count(end: number): void {
    // With names of its own, which are found soonest: this is done for every packet.
    const bytes = buffer;
    let at = wholeBeyond > 0 ? wholeBeyond : whole;
    let low = 0;
    let counted = 0;
    let beyond = 0;
    let last = whole;
    while (at < end) {
      low = bytes[at]!;
      at += low < 128 ? low + 1 : (low & 127) + bytes[at + 1]! * 128 + 2;
      if (at > CHUNK_PLAIN_BYTES) beyond++;
      else last = at;
      counted++;
    }
    whole = last;
    packets += counted - beyond;
    packetsBeyond += beyond;
    if (at > CHUNK_PLAIN_BYTES) wholeBeyond = at;
  }
  function sealChunk(clip: Slot): void {
    const wholeBytes = whole;
    const packetsSoFar = packets;
    spared.set(view(tail, 0, SPARED_BYTES));
    filled = filled > CHUNK_PLAIN_BYTES ? filled - CHUNK_PLAIN_BYTES : 0;
    whole = wholeBeyond > 0 ? wholeBeyond - CHUNK_PLAIN_BYTES : 0;
    packets += packetsBeyond;
    wholeBeyond = 0;
    packetsBeyond = 0;
    primitives.seal(SLOT_CLIP, clip.chunks, NOTHING, buffer, 0, CHUNK_PLAIN_BYTES);
    primitives.hashUpdate(buffer, 0, CHUNK_SEALED_BYTES);
    store.append(clip, buffer, wholeBytes, packetsSoFar);
    tail.set(spared);
    if (filled > 0) buffer.set(view(tail, 0, filled));
    listener.grew(clip);
  }
  function drain(): void {
    for (;;) {
      const moved = plush.read(buffer, filled, buffer.length - filled);
      filled += moved;
      if (moved > 0) count(filled);
      // With all the tail still free nothing can have been left in the ring.
      if (filled < CHUNK_PLAIN_BYTES || !slot || slot.chunks === SLOT_CHUNKS) return;
      sealChunk(slot);
    }
  }
  function end(): void {
    timer = -1;
    drain();
    const clip = slot!;
    slot = null;
    isEnding = false;
    if (filled > 0 && clip.chunks < SLOT_CHUNKS) {
      buffer.fill(0, filled);
      sealChunk(clip);
    }
    const hash = new Uint8Array(32);
    primitives.hashEnd(hash);
    primitives.clear(SLOT_CLIP);
    store.end(clip, clip.packets * PACKET_MS, hash);
    listener.ended(clip);
  }
  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    plush.stop();
    timers.cancel(timer);
    if (!slot) {
      while (plush.read(buffer, 0, buffer.length) > 0) {}
      return;
    }
    isEnding = true;
    drain();
    timer = timers.after(end, FLUSH_MS);
  }
  function poll(): void {
    drain();
    if (slot && (plush.recordedMs() + POLL_MS > RECORDING_MS || slot.chunks >= SLOT_CHUNKS - ROOM_CHUNKS)) {
      close();
      listener.full();
    } else timer = timers.after(poll, POLL_MS);
  }

  return {
    open: () => {
      if (isOpen || isEnding) return false;
      isOpen = true;
      filled = 0;
      whole = 0;
      packets = 0;
      wholeBeyond = 0;
      packetsBeyond = 0;
      plush.record();
      timer = timers.after(poll, POLL_MS);
      return true;
    },
    keep: (clipKey) => {
      if (!isOpen) return false;
      const id = new Uint8Array(16);
      const ephemeral = new Uint8Array(32);
      primitives.random(id);
      if (keys.forRecording(id, clipKey, ephemeral)) slot = clips.begin(KIND_RECORDING, id, ephemeral);
      if (!slot) {
        close();
        return false;
      }
      slot.beganAt = timers.now();
      primitives.hashStart();
      return true;
    },
    close: close,
    isBusy: () => isOpen || isEnding,
    isOpen: () => isOpen,
  };
}
