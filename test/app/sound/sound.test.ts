// What is drawn and played of decoded samples.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOf } from '#app/sound/level.ts';
import { PEAKS, peaksOf, wavOf } from '#app/sound/sound.ts';
import { readWav } from '#firmware/simulator/wav.ts';
import { sine } from '#test/support/wav.ts';

const samplesOf = fc.float32Array({ min: -2, max: 2, noNaN: true, maxLength: 2_000 });

function floats(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32_768);
}

describe('peaks', () => {
  it('are 64 numbers from 0 to 1, the greatest being 1 where there is sound', () => {
    fc.assert(
      fc.property(samplesOf, (samples) => {
        const peaks = peaksOf(samples);
        expect(peaks.length).toBe(PEAKS);
        for (const peak of peaks) expect(peak >= 0 && peak <= 1).toBe(true);
        expect([0, 1]).toContain(Math.max(...peaks));
      }),
    );
    expect(peaksOf(new Float32Array(16_000))).toEqual(new Array(PEAKS).fill(0));
  });

  it('stand where the sound is', () => {
    const samples = new Float32Array(64_000);
    samples.set(floats(sine(300, 1)), 16_000);
    const peaks = peaksOf(samples);
    expect(peaks.findIndex((peak) => peak > 0.5)).toBe(16);
    expect(peaks.findLastIndex((peak) => peak > 0.5)).toBe(31);
  });
});

describe('the WAV', () => {
  it('holds the samples', async () => {
    await fc.assert(
      fc.asyncProperty(samplesOf, async (samples) => {
        fc.pre(samples.length > 0);
        const read = await readWav(wavOf(samples));
        expect(read.length).toBe(samples.length);
        for (const [i, sample] of read.entries()) {
          const wanted = Math.min(1, Math.max(-1, samples[i]!)) * 32_767;
          expect(Math.abs(sample - wanted)).toBeLessThan(1.6);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the level', () => {
  it('is 0 for silence, 1 for shouting, and between them for speech', () => {
    expect(levelOf(new Float32Array(2_048))).toBe(0);
    expect(levelOf(new Float32Array(0))).toBe(0);
    expect(levelOf(floats(sine(300, 0.1, 16_000, 32_000)))).toBe(1);
    const quiet = levelOf(floats(sine(300, 0.1, 16_000, 300)));
    const loud = levelOf(floats(sine(300, 0.1, 16_000, 6_000)));
    expect(quiet).toBeGreaterThan(0.1);
    expect(loud).toBeGreaterThan(quiet + 0.3);
    expect(loud).toBeLessThan(1);
  });
});
