// Where the simulated flash keeps its bytes between two runs: memory, or a file.
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

export interface FlashMedium {
  /** The bytes themselves, changed in place. */
  readonly bytes: Uint8Array;
  /** Keeps `bytes[offset, offset+length)`. */
  save(offset: number, length: number): void;
  /** Lets go of the file until the next `save`. */
  close(): void;
}

/** Erased flash that lives as long as the object. */
export function createMemoryFlash(size: number): FlashMedium {
  return { bytes: new Uint8Array(size).fill(0xff), save: () => {}, close: () => {} };
}

/** Flash in a file, made erased where there is none. A file of another size is another chip: throws. */
export function openFlashFile(path: string, size: number): FlashMedium {
  if (!existsSync(path)) writeFileSync(path, new Uint8Array(size).fill(0xff), { mode: 0o600 });
  const bytes = new Uint8Array(readFileSync(path));
  if (bytes.length !== size)
    throw new Error(`${path} holds ${bytes.length} bytes where the board has ${size}`);
  let file: number | null = null;
  return {
    bytes,
    save: (offset, length) => {
      file ??= openSync(path, 'r+');
      writeSync(file, bytes, offset, length, offset);
    },
    close: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
