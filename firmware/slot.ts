// A slot of the clips' flash: its measures, its states and what the toy knows of it (protocol/README.md section 8).

export const SECTOR_BYTES = 4096;
export const SLOT_SECTORS = 32;
export const SLOT_BYTES = 131072;
/** Chunks of a slot. */
export const SLOT_CHUNKS = 124;
/** A chunk with its trailer. */
export const CHUNK_BYTES = 1024;
/** Plaintext of a chunk. */
export const CHUNK_PLAIN_BYTES = 992;
/** Sealed chunk: plaintext and tag. */
export const CHUNK_SEALED_BYTES = 1008;

export const KIND_RECORDING = 1;
export const KIND_MESSAGE = 2;

/** Erased and ready. */
export const SLOT_FREE = 0;
/** To be erased. */
export const SLOT_DIRTY = 1;
/** Begun, not whole. */
export const SLOT_OPEN = 2;
export const SLOT_WHOLE = 3;
/** Recording: acknowledged. Message: heard. */
export const SLOT_DONE = 4;
/** Message: heard, and a bridge keeps that it was. */
export const SLOT_TOLD = 5;

/** Bytes of a clip's meta: the stamp of a message; a recording's ephemeral key and zeros. */
export const META_BYTES = 261;

/** What the toy knows of a slot without reading flash. */
export interface Slot {
  /** Its first sector, counted from the beginning of flash. The address would be a number too large for one variable. */
  sector: number;
  state: number;
  kind: number;
  /** Rises with each clip: the order in which they came. */
  order: number;
  /** Clip id, a view of 16 bytes into a buffer that all slots share: small buffers are dear. */
  id: Uint8Array;
  /** How the heart beats for a message; -1 until the policy has been asked. */
  rhythm: number;
  /** Whole chunks in flash. */
  chunks: number;
  /** Of the whole packets in those chunks: bytes of packet stream, number (60 ms each), duration in ms. */
  bytes: number;
  packets: number;
  durationMs: number;
  /** getTime() when a recording began, or when a message was heard; -1 if that was before the last power-on. */
  beganAt: number;
}

/** An unknown slot that begins with `sector`; `id` is its place for a clip's id. */
export function createSlot(sector: number, id: Uint8Array): Slot {
  return {
    sector: sector,
    state: SLOT_DIRTY,
    kind: 0,
    order: 0,
    id: id,
    rhythm: -1,
    chunks: 0,
    bytes: 0,
    packets: 0,
    durationMs: 0,
    beganAt: -1,
  };
}

/** Address of the slot. */
export function slotAddress(slot: Slot): number {
  return slot.sector * SECTOR_BYTES;
}

/** Address of chunk `index`. */
export function chunkAddress(slot: Slot, index: number): number {
  return (slot.sector + 1) * SECTOR_BYTES + index * CHUNK_BYTES;
}
