// What the app draws, its reader reads: every text, dirt and tilt within reason.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { qrPath } from '#app/codes/draw.ts';
import { READ_OPTIONS } from '#app/codes/options.ts';
import { imageOf, pixelsOf } from './pixels.ts';

const WASM = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
const SCALE = 4;

beforeAll(() => {
  const wasmBinary = Uint8Array.from(readFileSync(WASM)).buffer;
  prepareZXingModule({ overrides: { wasmBinary } });
});

async function read(pixels: Uint8Array, width: number): Promise<string | null> {
  const [found] = await readBarcodes(imageOf(pixels, width), READ_OPTIONS);
  return found?.isValid ? found.text : null;
}

describe('a drawn code', () => {
  it('reads as the text it was drawn from', async () => {
    const texts = [
      'pawpost:0123456789',
      'https://pawpost.example/i#v1.ABCDEFGHIJKLMNOPQRSTUV.abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE',
      'Großmama 🐻',
      '1',
    ];
    for (const text of texts) {
      const drawn = qrPath(text);
      expect(await read(pixelsOf(drawn, SCALE), drawn.size * SCALE)).toBe(text);
    }
  });

  it('does so for any text', async () => {
    const texts = fc.oneof(
      fc.string({ minLength: 1, maxLength: 300 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        // A lone surrogate has no UTF-8.
        fc.pre(new TextDecoder().decode(new TextEncoder().encode(text)) === text);
        const drawn = qrPath(text);
        expect(await read(pixelsOf(drawn, SCALE), drawn.size * SCALE)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('stands in four modules of quiet, within its size', () => {
    const { size, path } = qrPath('pawpost');
    const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)].map(([, ...found]) => found.map(Number));
    expect(runs.map(([x, y, run, back]) => `M${x} ${y}h${run}v1h-${back}z`).join('')).toBe(path);
    for (const [x, y, run, back] of runs) {
      expect(run).toBe(back);
      expect(Math.min(x!, y!)).toBeGreaterThanOrEqual(4);
      expect(Math.max(x! + run!, y! + 1)).toBeLessThanOrEqual(size - 4);
    }
    expect(runs.some(([x, y]) => x === 4 && y === 4)).toBe(true);
  });

  it('is read with a part of it covered, and is nothing where nothing is', async () => {
    const drawn = qrPath('https://pawpost.example/i#v1.ABCDEFGHIJKLMNOPQRSTUV');
    const width = drawn.size * SCALE;
    const dirty = pixelsOf(drawn, SCALE);
    const side = Math.floor(width * 0.2);
    for (let y = 0; y < side; y++) {
      const from = (Math.floor(width * 0.5) + y) * width + Math.floor(width * 0.45);
      dirty.fill(16, from, from + side);
    }
    expect(await read(dirty, width)).toBe('https://pawpost.example/i#v1.ABCDEFGHIJKLMNOPQRSTUV');
    expect(await read(new Uint8Array(200 * 200).fill(235), 200)).toBe(null);
  });

  it('refuses what no code holds', () => {
    expect(() => qrPath('x'.repeat(2_332))).toThrow();
    expect(qrPath('x'.repeat(2_331)).size).toBe(177 + 8);
  });
});
