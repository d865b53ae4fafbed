// A small thing that must survive a power cut at any moment: two sectors of flash, written alternately (protocol/README.md
// section 11). The newest whole copy counts; the other one is not touched before the next write.
import { putU32, same, u32, view } from '#protocol/bytes.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import type { Flash } from './native/native.d.ts';

const SECTOR_BYTES = 4096;
/** Behind the content: sequence u32, BLAKE2b-8 of content and sequence. */
const TAIL_BYTES = 12;
const CHECK_AT = 4;
const CHECK_BYTES = 8;

/** Two sectors of flash and what is known of them. A record, not an organ of closures: there are two, and a closure is dear. */
export interface Twin {
  flash: Flash;
  primitives: Primitives;
  /** Of the first sector, counted in sectors: a small number takes no variable of its own. */
  sector: number;
  /** Of the content. */
  lengthBytes: number;
  /** Of the newest whole copy; 0 if there is none. */
  sequence: number;
  /** Sector of that copy, 0 or 1; -1 until flash has been looked at. */
  newest: number;
}

/** `lengthBytes` of content, a multiple of 4 and at most 4084, in the two sectors from `address`. */
export function createTwin(flash: Flash, primitives: Primitives, address: number, lengthBytes: number): Twin {
  return {
    flash: flash,
    primitives: primitives,
    sector: (address / SECTOR_BYTES) | 0,
    lengthBytes: lengthBytes,
    sequence: 0,
    newest: -1,
  };
}

function addressOf(twin: Twin, index: number): number {
  return (twin.sector + index) * SECTOR_BYTES;
}
/** The tail of a copy with this content and sequence. */
function tailOf(twin: Twin, bytes: Uint8Array, sequence: number): Uint8Array {
  const tail = new Uint8Array(TAIL_BYTES);
  putU32(tail, 0, sequence);
  twin.primitives.hash(view(tail, CHECK_AT, CHECK_BYTES), bytes, view(tail, 0, CHECK_AT));
  return tail;
}
/** Looks at flash, the first time. */
function findNewest(twin: Twin): void {
  if (twin.newest >= 0) return;
  for (let index = 0; index < 2; index++) {
    const found = twin.flash.read(twin.lengthBytes + TAIL_BYTES, addressOf(twin, index));
    const sequence = u32(found, twin.lengthBytes);
    const tail = tailOf(twin, view(found, 0, twin.lengthBytes), sequence);
    const isWhole = same(tail, view(found, twin.lengthBytes, TAIL_BYTES));
    if (isWhole && sequence > twin.sequence) {
      twin.sequence = sequence;
      twin.newest = index;
    }
  }
  if (twin.newest < 0) twin.newest = 1;
}

/**
 * `length` bytes from `offset` of the newest whole copy, in a fresh buffer; null if there is none. Nothing of it stays in memory: it
 * may be 140 variables.
 */
export function readTwin(twin: Twin, offset: number, length: number): Uint8Array | null {
  findNewest(twin);
  return twin.sequence > 0 ? twin.flash.read(length, addressOf(twin, twin.newest) + offset) : null;
}

/** Writes `bytes` over the older copy; the newer one stays until this one is whole. */
export function saveTwin(twin: Twin, bytes: Uint8Array): void {
  findNewest(twin);
  const older = addressOf(twin, 1 - twin.newest);
  twin.flash.erasePage(older);
  twin.flash.write(bytes, older);
  twin.flash.write(tailOf(twin, bytes, twin.sequence + 1), older + twin.lengthBytes);
  twin.newest = 1 - twin.newest;
  twin.sequence++;
}

/** Erases both copies, the newer one last. */
export function wipeTwin(twin: Twin): void {
  findNewest(twin);
  twin.flash.erasePage(addressOf(twin, 1 - twin.newest));
  twin.flash.erasePage(addressOf(twin, twin.newest));
  twin.sequence = 0;
}
