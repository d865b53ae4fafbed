// Image files as Espruino's build leaves them: right heads, right table, and bytes in them that do not compress.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHIPS, KEYS_AT, KEYS_END } from '#boards/wiring/chips.ts';
import { putU32 } from '#protocol/bytes.ts';

export type Chips = keyof typeof CHIPS;

/** The same noise each time. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** A program's file for `chip`. */
export function programFor(chip: Chips, length: number, seed: number): Uint8Array {
  const bytes = noise(length, seed);
  bytes[0] = 0xe9;
  bytes[12] = CHIPS[chip].imageId;
  bytes[13] = 0;
  return bytes;
}

/** A table with these partitions, padded as gen_esp32part does. `keysAt` is where the keys lie. */
export function tableOf(names: readonly string[], keysAt = KEYS_AT): Uint8Array {
  const bytes = new Uint8Array(0xc00).fill(0xff);
  names.forEach((name, i) => {
    bytes.fill(0, i * 32, (i + 1) * 32);
    bytes.set([0xaa, 0x50], i * 32);
    bytes.set(Buffer.from(name), i * 32 + 12);
    if (name !== 'pawkeys') return;
    putU32(bytes, i * 32 + 4, keysAt);
    putU32(bytes, i * 32 + 8, KEYS_END - KEYS_AT);
  });
  return bytes;
}

/** A folder with the three files. `length` is that of the application. */
export function writeImageFiles(chip: Chips, length = 150_001): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-image-'));
  writeFileSync(join(folder, 'bootloader.bin'), programFor(chip, 9_002, 1));
  writeFileSync(join(folder, 'partition-table.bin'), tableOf(['nvs', 'phy_init', 'factory', 'pawkeys']));
  writeFileSync(join(folder, 'espruino_esp32.bin'), programFor(chip, length, 2));
  return folder;
}
