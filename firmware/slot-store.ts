// Slots at rest: header lines and chunk trailers in flash (protocol/README.md section 8), safe against a power cut at any moment:
// a line counts only if it is whole, and what says "free" is written last.
import { NOTHING, putU32, same, u16, u32, view } from '#protocol/bytes.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import type { Flash } from './native/native.d.ts';
import {
  CHUNK_PLAIN_BYTES,
  CHUNK_SEALED_BYTES,
  chunkAddress,
  META_BYTES,
  SECTOR_BYTES,
  SLOT_CHUNKS,
  SLOT_DIRTY,
  SLOT_DONE,
  SLOT_FREE,
  SLOT_OPEN,
  SLOT_SECTORS,
  SLOT_TOLD,
  SLOT_WHOLE,
  type Slot,
  slotAddress,
} from './slot.ts';

const MAGIC = 0x31435750;
const CHECK_BYTES = 8;
const BEGIN_BYTES = 300;
const BEGIN_ID = 12;
const BEGIN_META = 28;
const END_AT = 1024;
const END_BYTES = 56;
/** Places for END: a line torn by a power cut is followed by the next one. */
const END_PLACES = 8;
const END_STEP = 64;
const DONE_AT = 2048;
const TOLD_AT = 2560;
const CLEAN_AT = 3072;

/** The layout over one flash. Holds the one scratch buffer that all slots share. */
export interface SlotStore {
  /** Reads the header into `slot`. */
  inspect(slot: Slot): void;
  /** Writes BEGIN. `meta` at most META_BYTES; the rest is zeros. */
  begin(slot: Slot, kind: number, order: number, id: Uint8Array, meta: Uint8Array): void;
  /**
   * Writes `chunk` (at least CHUNK_BYTES; the trailer is filled in here) as the next chunk. `wholeBytes`: as far as the last
   * packet that ends in it; `packets`: those that have ended so far in the clip.
   */
  append(slot: Slot, chunk: Uint8Array, wholeBytes: number, packets: number): void;
  /** Counts the whole chunks in flash, and their bytes and packets, from their trailers. */
  count(slot: Slot): void;
  /** Writes END. */
  end(slot: Slot, durationMs: number, hash: Uint8Array): void;
  /** The hash in END. */
  hashOf(slot: Slot): Uint8Array;
  metaOf(slot: Slot): Uint8Array;
  /** `state` is SLOT_DONE, or SLOT_TOLD, which comes after it. */
  mark(slot: Slot, state: number): void;
  /** Erases sector `index` of the slot, 0 first; after the last the slot is free. */
  erase(slot: Slot, index: number): void;
}

/** The check that `length` erased bytes would have. */
function hashBlank(primitives: Primitives, out: Uint8Array, length: number): void {
  const blank = new Uint8Array(length);
  blank.fill(255);
  primitives.hash(out, blank, NOTHING);
}

/** The layout over one flash. Lines are written seldom: their buffers come and go. */
export function createSlotStore(flash: Flash, primitives: Primitives): SlotStore {
  const check = new Uint8Array(CHECK_BYTES);
  const blankBegin = new Uint8Array(CHECK_BYTES);
  const blankEnd = new Uint8Array(CHECK_BYTES);
  hashBlank(primitives, blankBegin, BEGIN_BYTES);
  hashBlank(primitives, blankEnd, END_BYTES);

  function checkOf(bytes: Uint8Array, length: number): Uint8Array {
    primitives.hash(check, view(bytes, 0, length), NOTHING);
    return check;
  }
  function isWhole(bytes: Uint8Array, length: number): boolean {
    return same(checkOf(bytes, length - CHECK_BYTES), view(bytes, length - CHECK_BYTES, CHECK_BYTES));
  }
  /** The place of END: of the whole line, or with `blank` of the first blank one; -1 if there is none. */
  function findEnd(slot: Slot, blank: boolean): number {
    for (let place = 0; place < END_PLACES; place++) {
      const at = slotAddress(slot) + END_AT + place * END_STEP;
      const found = flash.read(END_BYTES, at);
      if (blank ? same(checkOf(found, END_BYTES), blankEnd) : isWhole(found, END_BYTES)) return at;
    }
    return -1;
  }
  function isBlank(address: number): boolean {
    const found = flash.read(CHECK_BYTES, address);
    return (u32(found, 0) & u32(found, 4)) >>> 0 === 0xffffffff;
  }

  return {
    inspect: (slot) => {
      slot.state = SLOT_DIRTY;
      const found = flash.read(BEGIN_BYTES, slotAddress(slot));
      if (u32(found, 0) !== MAGIC || !isWhole(found, BEGIN_BYTES)) {
        const clean = flash.read(CHECK_BYTES, slotAddress(slot) + CLEAN_AT);
        const isClean = u32(clean, 0) === MAGIC && u32(clean, 4) === ~MAGIC >>> 0;
        if (isClean && same(checkOf(found, BEGIN_BYTES), blankBegin)) slot.state = SLOT_FREE;
        return;
      }
      slot.kind = found[4]!;
      slot.order = u32(found, 8);
      slot.id.set(view(found, BEGIN_ID, 16));
      slot.beganAt = -1;
      const at = findEnd(slot, false);
      slot.state = SLOT_OPEN;
      if (at >= 0) {
        const end = flash.read(END_BYTES, at);
        slot.chunks = u32(end, 0);
        slot.bytes = u32(end, 4);
        slot.packets = u32(end, 8);
        slot.durationMs = u32(end, 12);
        slot.state = SLOT_WHOLE;
      }
      // A torn DONE counts: it was begun because the clip was done.
      if (!isBlank(slotAddress(slot) + DONE_AT)) slot.state = at >= 0 ? SLOT_DONE : SLOT_DIRTY;
      if (slot.state === SLOT_DONE && !isBlank(slotAddress(slot) + TOLD_AT)) slot.state = SLOT_TOLD;
    },

    begin: (slot, kind, order, id, meta) => {
      const line = new Uint8Array(BEGIN_BYTES);
      putU32(line, 0, MAGIC);
      line[4] = kind;
      putU32(line, 8, order);
      line.set(id, BEGIN_ID);
      line.set(meta, BEGIN_META);
      line.set(checkOf(line, BEGIN_BYTES - CHECK_BYTES), BEGIN_BYTES - CHECK_BYTES);
      flash.write(line, slotAddress(slot));
      slot.state = SLOT_OPEN;
      slot.kind = kind;
      slot.order = order;
      slot.id.set(id);
      slot.chunks = 0;
      slot.bytes = 0;
      slot.packets = 0;
      slot.durationMs = 0;
      slot.rhythm = -1;
    },

    append: (slot, chunk, wholeBytes, packets) => {
      const at = chunkAddress(slot, slot.chunks);
      const trailer = view(chunk, CHUNK_SEALED_BYTES, 16);
      const counts = wholeBytes | (packets << 16);
      putU32(trailer, 0, slot.chunks);
      putU32(trailer, 4, ~slot.chunks >>> 0);
      putU32(trailer, 8, counts);
      putU32(trailer, 12, ~counts >>> 0);
      flash.write(view(chunk, 0, CHUNK_SEALED_BYTES), at);
      flash.write(trailer, at + CHUNK_SEALED_BYTES);
      slot.bytes = slot.chunks * CHUNK_PLAIN_BYTES + wholeBytes;
      slot.packets = packets;
      slot.chunks++;
    },

    count: (slot) => {
      slot.chunks = 0;
      slot.bytes = 0;
      slot.packets = 0;
      while (slot.chunks < SLOT_CHUNKS) {
        const trailer = flash.read(16, chunkAddress(slot, slot.chunks) + CHUNK_SEALED_BYTES);
        if (u32(trailer, 0) !== slot.chunks || u32(trailer, 4) !== ~slot.chunks >>> 0) return;
        if (u32(trailer, 8) !== ~u32(trailer, 12) >>> 0) return;
        slot.bytes = slot.chunks * CHUNK_PLAIN_BYTES + u16(trailer, 8);
        slot.packets = u16(trailer, 10);
        slot.chunks++;
      }
    },

    end: (slot, durationMs, hash) => {
      const at = findEnd(slot, true);
      slot.durationMs = durationMs;
      slot.state = SLOT_WHOLE;
      if (at < 0) return;
      const line = new Uint8Array(END_BYTES);
      putU32(line, 0, slot.chunks);
      putU32(line, 4, slot.bytes);
      putU32(line, 8, slot.packets);
      putU32(line, 12, durationMs);
      line.set(hash, 16);
      line.set(checkOf(line, END_BYTES - CHECK_BYTES), END_BYTES - CHECK_BYTES);
      flash.write(line, at);
    },

    hashOf: (slot) => view(flash.read(END_BYTES, findEnd(slot, false)), 16, 32),

    metaOf: (slot) => flash.read(META_BYTES, slotAddress(slot) + BEGIN_META),

    mark: (slot, state) => {
      slot.state = state;
      flash.write(new Uint8Array(CHECK_BYTES), slotAddress(slot) + (state === SLOT_DONE ? DONE_AT : TOLD_AT));
    },

    erase: (slot, index) => {
      if (index === 0) {
        // Before anything is erased, nothing of the header may look whole again: erasing half way brings bits back to 1.
        slot.state = SLOT_DIRTY;
        const zeros = new Uint8Array(BEGIN_BYTES);
        flash.write(view(zeros, 0, CHECK_BYTES), slotAddress(slot) + CLEAN_AT);
        flash.write(zeros, slotAddress(slot));
      }
      flash.erasePage(slotAddress(slot) + index * SECTOR_BYTES);
      if (index < SLOT_SECTORS - 1) return;
      const mark = new Uint8Array(CHECK_BYTES);
      putU32(mark, 0, MAGIC);
      putU32(mark, 4, ~MAGIC >>> 0);
      flash.write(mark, slotAddress(slot) + CLEAN_AT);
      slot.state = SLOT_FREE;
    },
  };
}
