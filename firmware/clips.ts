// The clips that the toy holds: recordings on their way out, messages waiting to be heard, room for more.
import { same, view } from '#protocol/bytes.ts';
import type { Flash } from './native/native.d.ts';
import {
  CHUNK_SEALED_BYTES,
  chunkAddress,
  createSlot,
  KIND_MESSAGE,
  KIND_RECORDING,
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
} from './slot.ts';
import type { SlotStore } from './slot-store.ts';

export interface Clips {
  /** Reads what flash holds; call once, at boot. */
  load(): void;
  /** A new clip of `kind`, or null when the other kind's share would be touched or nothing is free. */
  begin(kind: number, id: Uint8Array, meta: Uint8Array): Slot | null;
  /** The clip with this id, in any state, or null. */
  find(id: Uint8Array): Slot | null;
  /** The oldest clip of `kind` in `state` that came after `order`, or null. */
  next(kind: number, state: number, order: number): Slot | null;
  /** The message that was heard last, as long as it is kept; or null. */
  lastHeard(): Slot | null;
  /** Sealed chunk `index` (CHUNK_SEALED_BYTES), in a fresh buffer. */
  read(slot: Slot, index: number): Uint8Array;
  /** Gives a clip up: its slot will be erased. */
  discard(slot: Slot): void;
  /** Gives everything up. */
  discardAll(): void;
  /** Chunks of messages for which there is room. */
  roomChunks(): number;
  /** Erases one sector of what is to be erased (some 45 ms, during which the chip stands still). False if there is nothing to do. */
  tidy(): boolean;
}

/** The clips in `count` slots from `address`. Each kind is sure of `reserved` slots. */
export function createClips(
  flash: Flash,
  store: SlotStore,
  address: number,
  count: number,
  reserved: number,
): Clips {
  const slots: Slot[] = [];
  const ids = new Uint8Array(count * 16);
  // A quotient is a float in Espruino, even a whole one, and an address must not be.
  for (let i = 0; i < count; i++)
    slots.push(createSlot(((address / SECTOR_BYTES) | 0) + i * SLOT_SECTORS, view(ids, i * 16, 16)));
  let lastOrder = 0;
  let erasing: Slot | null = null;
  let erased = 0;

  function countOf(state: number): number {
    let found = 0;
    for (let i = 0; i < count; i++) if (slots[i]!.state === state) found++;
    return found;
  }
  /** Slots that hold or will hold a clip of `kind`. */
  function held(kind: number): number {
    let found = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (slot.kind === kind && (slot.state === SLOT_OPEN || slot.state === SLOT_WHOLE)) found++;
    }
    return found;
  }
  /** Clips of `kind` that may still come. */
  function share(kind: number): number {
    const others = held(kind === KIND_MESSAGE ? KIND_RECORDING : KIND_MESSAGE);
    return count - held(kind) - Math.max(others, reserved);
  }
  function lastHeard(): Slot | null {
    let last: Slot | null = null;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (slot.state >= SLOT_DONE && slot.kind === KIND_MESSAGE && (!last || slot.order > last.order))
        last = slot;
    }
    return last;
  }
  function nextToErase(): Slot | null {
    const isShort = countOf(SLOT_FREE) < reserved;
    const last = isShort ? null : lastHeard();
    let oldest: Slot | null = null;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (slot.state === SLOT_DIRTY) return slot;
      if (slot.state < SLOT_DONE || slot === last) continue;
      if (slot.kind === KIND_RECORDING || slot.state === SLOT_TOLD) return slot;
      if (!oldest || slot.order < oldest.order) oldest = slot;
    }
    // What was heard while no bridge was near waits to be asked about, as long as there is room.
    return isShort ? oldest : null;
  }

  return {
    load: () => {
      for (let i = 0; i < count; i++) {
        const slot = slots[i]!;
        store.inspect(slot);
        if (slot.state >= SLOT_OPEN && slot.order > lastOrder) lastOrder = slot.order;
        if (slot.state !== SLOT_OPEN) continue;
        // A recording ends at its last whole chunk; half a message is worthless, as the next chunk's place may be torn.
        if (slot.kind === KIND_RECORDING) store.count(slot);
        if (slot.kind !== KIND_RECORDING || slot.chunks === 0) slot.state = SLOT_DIRTY;
      }
    },
    begin: (kind, id, meta) => {
      if (share(kind) <= 0) return null;
      for (let i = 0; i < count; i++) {
        const slot = slots[i]!;
        if (slot.state !== SLOT_FREE) continue;
        store.begin(slot, kind, ++lastOrder, id, meta);
        return slot;
      }
      return null;
    },
    find: (id) => {
      for (let i = 0; i < count; i++) {
        const slot = slots[i]!;
        if (slot.state >= SLOT_OPEN && same(slot.id, id)) return slot;
      }
      return null;
    },
    next: (kind, state, order) => {
      let next: Slot | null = null;
      for (let i = 0; i < count; i++) {
        const slot = slots[i]!;
        if (slot.kind !== kind || slot.state !== state || slot.order <= order) continue;
        if (!next || slot.order < next.order) next = slot;
      }
      return next;
    },
    lastHeard: lastHeard,
    read: (slot, index) => flash.read(CHUNK_SEALED_BYTES, chunkAddress(slot, index)),
    discard: (slot) => {
      slot.state = SLOT_DIRTY;
    },
    discardAll: () => {
      for (let i = 0; i < count; i++) if (slots[i]!.state >= SLOT_OPEN) slots[i]!.state = SLOT_DIRTY;
    },
    roomChunks: () => {
      const free = countOf(SLOT_FREE);
      const room = share(KIND_MESSAGE);
      return (free < room ? free : Math.max(room, 0)) * SLOT_CHUNKS;
    },
    tidy: () => {
      if (!erasing) {
        erasing = nextToErase();
        erased = 0;
      }
      if (!erasing) return false;
      store.erase(erasing, erased);
      erased++;
      if (erased === SLOT_SECTORS) erasing = null;
      return true;
    },
  };
}
