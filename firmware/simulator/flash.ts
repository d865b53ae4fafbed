// The toy's flash: NOR, so writing only clears bits and erasing sets a whole page; with power cuts in the middle of either.
import type { Flash } from '../native/native.d.ts';
import type { FlashMedium } from './flash-medium.ts';
import { PowerCut } from './life.ts';

/** Bytes that are erased at once. */
export const PAGE_BYTES = 4096;
/** Espruino copies what it writes to its stack, of which a C3 has 15,000 bytes. */
const MAX_WRITE_BYTES = 8192;

export interface FlashChip {
  /** For the program: it reads all of the chip, and writes what is its own. */
  functions: Flash;
  /** For the image around the program. */
  whole: Flash;
  /** Writes and erases since the chip was made. */
  readonly operations: number;
  /** Cuts the power in the middle of the `operation`-th write or erase from now (1 is the next), and calls `cut` at that moment. */
  cutAt(operation: number, cut: () => void): void;
}

/**
 * A chip whose addresses `start` to `start + medium.bytes.length` are the toy's; any other is a mistake and throws.
 * @param random chooses what a cut operation leaves behind.
 * @param programEnd first address that the program may not write. Left out: it may write all of the chip.
 */
export function createFlashChip(
  medium: FlashMedium,
  start: number,
  random: () => number,
  programEnd = start + medium.bytes.length,
): FlashChip {
  const { bytes } = medium;
  let operations = 0;
  let cutOperation = 0;
  let cutPower = () => {};

  function offsetOf(address: number, length: number): number {
    const offset = address - start;
    if (!Number.isInteger(address) || offset < 0 || offset + length > bytes.length) {
      throw new Error(`flash address 0x${Number(address).toString(16)} is not the toy's`);
    }
    return offset;
  }

  // Runs `whole`, or, where the power is to be cut, `part`, after which nothing of the program goes on.
  function operate(offset: number, length: number, whole: () => void, part: () => void): void {
    operations++;
    const isCut = operations === cutOperation;
    if (isCut) part();
    else whole();
    medium.save(offset, length);
    if (!isCut) return;
    cutPower();
    throw new PowerCut();
  }

  function program(offset: number, data: Uint8Array, count: number): void {
    for (let i = 0; i < count; i++) bytes[offset + i]! &= data[i]!;
  }

  // A prefix is whole, one byte has lost some of the bits it should lose, the rest is as it was.
  function programPart(offset: number, data: Uint8Array): void {
    const count = Math.floor(random() * data.length);
    program(offset, data, count);
    if (count < data.length) bytes[offset + count]! &= data[count]! | Math.floor(random() * 256);
  }

  // Cells are pulled up one by one: some are as they were, some are erased, some read as anything.
  function erasePart(page: number): void {
    for (let i = page; i < page + PAGE_BYTES; i++) {
      const fate = random();
      if (fate < 0.4) bytes[i] = 0xff;
      else if (fate < 0.6) bytes[i] = Math.floor(random() * 256);
    }
  }

  const whole: Flash = {
    erasePage: (address) => {
      const page = offsetOf(address - (address % PAGE_BYTES), PAGE_BYTES);
      operate(
        page,
        PAGE_BYTES,
        () => bytes.fill(0xff, page, page + PAGE_BYTES),
        () => erasePart(page),
      );
    },
    write: (data, address) => {
      if (address % 4 !== 0 || data.length % 4 !== 0)
        throw new Error('Data and address must be multiples of 4');
      if (data.length > MAX_WRITE_BYTES) throw new Error('Not enough free stack to send this amount of data');
      const offset = offsetOf(address, data.length);
      operate(
        offset,
        data.length,
        () => program(offset, data, data.length),
        () => programPart(offset, data),
      );
    },
    read: (length, address) => {
      const offset = offsetOf(address, length);
      return bytes.slice(offset, offset + length);
    },
  };

  function checkOwn(address: number): void {
    if (address >= programEnd)
      throw new Error(`flash address 0x${Number(address).toString(16)} is not the program's to write`);
  }

  return {
    functions: {
      erasePage: (address) => {
        checkOwn(address);
        whole.erasePage(address);
      },
      write: (data, address) => {
        checkOwn(address + data.length - 1);
        whole.write(data, address);
      },
      read: whole.read,
    },
    whole,
    get operations() {
      return operations;
    },
    cutAt: (operation, cut) => {
      cutOperation = operations + operation;
      cutPower = cut;
    },
  };
}
