// A small thing that must survive a power cut at any moment: two sectors of flash, written alternately (protocol/README.md
// section 11). The newest whole copy counts; the other one is not touched before the next write.
import { putU32, same, u32, view } from '#protocol/bytes.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import type { Flash } from './native/native.d.ts';

const SECTOR_BYTES = 4096;
const CHECK_BYTES = 8;
const NOTHING = new Uint8Array(0);

export interface Twin {
  /** The content in RAM: what `load` found, what `save` writes. A view. */
  bytes: Uint8Array;
  /** Reads the newest whole copy. False, and zeros, if there is none. */
  load(): boolean;
  /** Writes `bytes` over the older copy; the newer one stays until this one is whole. */
  save(): void;
  /** Erases both copies, the newer one last. */
  wipe(): void;
}

/** `lengthBytes` of content, a multiple of 4 and at most 4084, in the two sectors from `address`. */
export function createTwin(flash: Flash, primitives: Primitives, address: number, lengthBytes: number): Twin {
  // Content, sequence u32, BLAKE2b-8 of both.
  const copy = new Uint8Array(lengthBytes + 4 + CHECK_BYTES);
  const bytes = view(copy, 0, lengthBytes);
  const body = view(copy, 0, lengthBytes + 4);
  const tail = view(copy, lengthBytes + 4, CHECK_BYTES);
  const check = new Uint8Array(CHECK_BYTES);
  let sequence = 0;
  let newest = 1;

  /** Sequence of the copy in sector `index`; 0 if it is not whole. */
  function sequenceOf(index: number): number {
    const found = flash.read(copy.length, address + index * SECTOR_BYTES);
    primitives.hash(check, view(found, 0, lengthBytes + 4), NOTHING);
    return same(check, view(found, lengthBytes + 4, CHECK_BYTES)) ? u32(found, lengthBytes) : 0;
  }

  return {
    bytes: bytes,
    load: () => {
      const first = sequenceOf(0);
      const second = sequenceOf(1);
      newest = first > second ? 0 : 1;
      sequence = Math.max(first, second);
      bytes.fill(0);
      if (sequence > 0) bytes.set(flash.read(lengthBytes, address + newest * SECTOR_BYTES));
      return sequence > 0;
    },
    save: () => {
      const older = 1 - newest;
      putU32(copy, lengthBytes, sequence + 1);
      primitives.hash(tail, body, NOTHING);
      flash.erasePage(address + older * SECTOR_BYTES);
      flash.write(body, address + older * SECTOR_BYTES);
      flash.write(tail, address + older * SECTOR_BYTES + lengthBytes + 4);
      newest = older;
      sequence++;
    },
    wipe: () => {
      flash.erasePage(address + (1 - newest) * SECTOR_BYTES);
      flash.erasePage(address + newest * SECTOR_BYTES);
      bytes.fill(0);
      sequence = 0;
    },
  };
}
