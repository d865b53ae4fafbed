// Simulated flash under power cuts: what a cut leaves is what NOR leaves.
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createMemoryFlash, openFlashFile } from '#firmware/simulator/flash-medium.ts';
import { PowerCut } from '#firmware/simulator/life.ts';
import { createChance } from '#test/air/chance.ts';

const START = 0x210000;

function createChip(seed: number) {
  const medium = createMemoryFlash(8192);
  const chip = createFlashChip(medium, START, createChance(seed));
  return { medium, chip, flash: chip.functions };
}

describe('a power cut', () => {
  it('in mid-write leaves a prefix, one byte on its way, and the rest untouched', () => {
    const partial = new Set<string>();
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 64, maxLength: 64 }), (seed, data) => {
        const { chip, flash } = createChip(seed);
        flash.write(new Uint8Array(64).fill(0xf7), START);
        chip.cutAt(1, () => {});
        expect(() => flash.write(data, START)).toThrow(PowerCut);
        const left = flash.read(64, START);
        const whole = data.map((byte) => byte & 0xf7);
        const first = left.findIndex((byte, i) => byte !== whole[i]);
        if (first < 0) return;
        // Bits only fall, and only those that the write wanted to fall.
        expect(left[first]! & whole[first]!).toBe(whole[first]);
        expect(left[first]! | 0xf7).toBe(0xf7);
        if (left[first] !== 0xf7) partial.add('byte');
        expect([...left.subarray(first + 1)].every((byte) => byte === 0xf7)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(partial.size).toBe(1);
  });

  it('in mid-erase leaves a mix of old, erased and garbage, in that page only', () => {
    const { chip, flash } = createChip(3);
    for (let at = 0; at < 8192; at += 4096) flash.write(new Uint8Array(4096).fill(0x5a), START + at);
    chip.cutAt(1, () => {});
    expect(() => flash.erasePage(START + 100)).toThrow(PowerCut);
    const page = flash.read(4096, START);
    const count = (byte: number) => page.filter((each) => each === byte).length;
    expect(count(0x5a)).toBeGreaterThan(1000);
    expect(count(0xff)).toBeGreaterThan(1000);
    expect(4096 - count(0x5a) - count(0xff)).toBeGreaterThan(400);
    expect(flash.read(4096, START + 4096).every((byte) => byte === 0x5a)).toBe(true);
  });

  it('comes at the operation it was told, once, and is the same for the same seed', () => {
    const run = () => {
      const { chip, flash, medium } = createChip(9);
      let cuts = 0;
      flash.erasePage(START);
      chip.cutAt(3, () => cuts++);
      flash.write(new Uint8Array(16), START);
      flash.write(new Uint8Array(16), START + 16);
      expect(() => flash.write(new Uint8Array(256), START + 256)).toThrow(PowerCut);
      flash.erasePage(START + 4096);
      expect([cuts, chip.operations]).toEqual([1, 5]);
      return Buffer.from(medium.bytes).toString('hex');
    };
    expect(run()).toBe(run());
  });
});

describe('flash', () => {
  it('refuses addresses that are not the toy’s', () => {
    const { flash } = createChip(1);
    expect(() => flash.erasePage(START - 1)).toThrow('is not the');
    expect(() => flash.write(new Uint8Array(8), START + 8188)).toThrow('is not the');
    expect(() => flash.read(1, START + 8192)).toThrow('is not the');
    expect(() => flash.erasePage(Number.NaN)).toThrow('is not the');
  });

  it('lets the program read what is not its own to write', () => {
    const { functions, whole } = createFlashChip(createMemoryFlash(8192), START, () => 0.5, START + 4096);
    expect(() => functions.erasePage(START + 4096)).toThrow('not the program');
    expect(() => functions.write(new Uint8Array(8), START + 4092)).toThrow('not the program');
    whole.write(new Uint8Array(4), START + 4096);
    expect(functions.read(8, START + 4092)).toEqual(new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]));
  });

  it('in a file outlives its process, for its owner alone', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'pawpost-')), 'flash.bin');
    const first = openFlashFile(path, 8192);
    createFlashChip(first, START, () => 0).functions.write(new Uint8Array([1, 2, 3, 4]), START + 4096);
    first.close();
    const second = createFlashChip(openFlashFile(path, 8192), START, () => 0).functions;
    expect([...second.read(5, START + 4096)]).toEqual([1, 2, 3, 4, 0xff]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => openFlashFile(path, 4096)).toThrow('holds 8192 bytes');
  });
});
