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

export interface Twin {
  /** The newest whole copy, in a fresh buffer; null if there is none. Nothing of it stays in memory: it may be 140 variables. */
  load(): Uint8Array | null;
  /** `length` bytes of it from `offset`, as `load`. */
  part(offset: number, length: number): Uint8Array | null;
  /** Writes `bytes` over the older copy; the newer one stays until this one is whole. */
  save(bytes: Uint8Array): void;
  /** Erases both copies, the newer one last. */
  wipe(): void;
}

/** `lengthBytes` of content, a multiple of 4 and at most 4084, in the two sectors from `address`. */
export function createTwin(flash: Flash, primitives: Primitives, address: number, lengthBytes: number): Twin {
  const tail = new Uint8Array(TAIL_BYTES);
  let sequence = 0;
  let newest = -1;

  function check(bytes: Uint8Array, number: number): Uint8Array {
    putU32(tail, 0, number);
    primitives.hash(view(tail, CHECK_AT, CHECK_BYTES), bytes, view(tail, 0, CHECK_AT));
    return tail;
  }
  /** Sequence of the copy in sector `index`; 0 if it is not whole. */
  function sequenceOf(index: number): number {
    const found = flash.read(lengthBytes + TAIL_BYTES, address + index * SECTOR_BYTES);
    const number = u32(found, lengthBytes);
    check(view(found, 0, lengthBytes), number);
    return same(tail, view(found, lengthBytes, TAIL_BYTES)) ? number : 0;
  }
  function find(): void {
    const first = sequenceOf(0);
    const second = sequenceOf(1);
    newest = first > second ? 0 : 1;
    sequence = Math.max(first, second);
  }

  function part(offset: number, length: number): Uint8Array | null {
    if (newest < 0) find();
    return sequence > 0 ? flash.read(length, address + newest * SECTOR_BYTES + offset) : null;
  }

  return {
    load: () => part(0, lengthBytes),
    part: part,
    save: (bytes) => {
      if (newest < 0) find();
      const older = address + (1 - newest) * SECTOR_BYTES;
      flash.erasePage(older);
      flash.write(bytes, older);
      flash.write(check(bytes, sequence + 1), older + lengthBytes);
      newest = 1 - newest;
      sequence++;
    },
    wipe: () => {
      if (newest < 0) find();
      flash.erasePage(address + (1 - newest) * SECTOR_BYTES);
      flash.erasePage(address + newest * SECTOR_BYTES);
      sequence = 0;
    },
  };
}
