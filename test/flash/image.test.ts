// What lies in the folder of an image is looked through before a cable is touched: what is missing or for another chip is named.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHIPS } from '#boards/wiring/chips.ts';
import { readImage } from '#cli/flash/image-folder.ts';
import { programFor, tableOf, writeImageFiles } from './images.ts';

const c3 = CHIPS.esp32c3;
const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'image',
    message: expect.stringMatching(message),
    advice: expect.stringContaining('docs/building-a-toy.md'),
  });
function failureOf(folder: string, chip = c3): unknown {
  try {
    readImage(folder, chip);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the files of an image', () => {
  it.each(['esp32', 'esp32c3', 'esp32s3'] as const)('have their places on %s', (kind) => {
    const parts = readImage(writeImageFiles(kind, 5000), CHIPS[kind]);
    expect(parts.map(({ address }) => address)).toEqual([kind === 'esp32' ? 0x1000 : 0, 0x8000, 0x10000]);
    expect(parts.map(({ bytes }) => bytes.length)).toEqual([9_002, 0xc00, 5000]);
  });

  it('are named when they are missing', () => {
    const folder = writeImageFiles('esp32c3', 5000);
    rmSync(join(folder, 'bootloader.bin'));
    rmSync(join(folder, 'espruino_esp32.bin'));
    expect(failureOf(folder)).toEqual(refusal(/lacks bootloader\.bin, the application/));
    expect(failureOf(join(folder, 'nowhere'))).toEqual(refusal(/no folder/));
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(failureOf(empty)).toEqual(refusal(/partition-table\.bin/));
  });

  it('are not guessed between', () => {
    const folder = writeImageFiles('esp32c3', 5000);
    writeFileSync(join(folder, 'other.bin'), programFor('esp32c3', 5000, 3));
    expect(failureOf(folder)).toEqual(refusal(/more than one application/));
  });

  it.each([
    [
      'espruino_esp32.bin',
      programFor('esp32s3', 5000, 1),
      /espruino_esp32\.bin was built for another chip than ESP32-C3/,
    ],
    ['bootloader.bin', programFor('esp32', 5000, 1), /bootloader\.bin was built for another chip/],
    ['espruino_esp32.bin', new Uint8Array(5000), /no program/],
    ['espruino_esp32.bin', new Uint8Array(3), /no program/],
    ['bootloader.bin', programFor('esp32c3', 0x8001, 1), /too large/],
    ['partition-table.bin', new Uint8Array(0xc00).fill(0xff), /no table/],
    ['partition-table.bin', tableOf(['nvs', 'factory']), /no partition pawkeys/],
    ['partition-table.bin', tableOf(['nvs', 'pawkeys'], 0x2f8000), /in another place than 0x2f4000/],
  ] as const)('%s that is wrong is refused', (name, bytes, message) => {
    const folder = writeImageFiles('esp32c3', 5000);
    writeFileSync(join(folder, name), bytes);
    expect(failureOf(folder)).toEqual(refusal(message));
  });
});
