// The speech metrics on cases whose answer is known: what is the same, what is only louder or late, what is noise, and a narrow band.
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { createChance } from '#test/air/chance.ts';
import { decodeVoice, encodeVoice } from '#test/support/opus.ts';
import { align } from './quality/align.ts';
import { logSpectralDistance } from './quality/distance.ts';
import { hann, powerSpectra } from './quality/spectrum.ts';
import { intelligibility } from './quality/stoi.ts';
import { isWithin, row } from './row.ts';

const said = createVoice(4);
const chance = createChance(11);

async function judge(heard: Int16Array): Promise<{ stoi: number; distanceDb: number; delay: number }> {
  const pair = align(said, heard);
  return { stoi: await intelligibility(pair), distanceDb: logSpectralDistance(pair), delay: pair.delay };
}

/** White noise `snrDb` below (or above) the voice, added to `share` of it. */
function noisy(snrDb: number, share: number): Int16Array {
  const power = said.reduce((sum, sample) => sum + sample * sample, 0) / said.length;
  const peak = Math.sqrt((3 * power) / 10 ** (snrDb / 10));
  return said.map((sample) =>
    Math.max(-32_768, Math.min(32_767, share * sample + peak * (2 * chance() - 1))),
  );
}

describe('the speech metrics', () => {
  it('find what is identical identical', async () => {
    const { stoi, distanceDb, delay } = await judge(said);
    expect(stoi).toBeCloseTo(1, 6);
    expect(distanceDb).toBeCloseTo(0, 6);
    expect(delay).toBe(0);
  });

  it('blame nobody for delay or loudness', async () => {
    const late = new Int16Array(said.length + 300);
    late.set(
      said.map((sample) => Math.round(sample / 2)),
      300,
    );
    const { stoi, distanceDb, delay } = await judge(late);
    expect(delay).toBe(300);
    expect(stoi).toBeGreaterThan(0.999);
    expect(distanceDb).toBeLessThan(0.5);
  });

  it('find noise unintelligible, and the more so the louder it is', async () => {
    const little = await judge(noisy(20, 1));
    const much = await judge(noisy(0, 1));
    const only = await judge(noisy(0, 0));
    expect(little.stoi).toBeGreaterThan(much.stoi + 0.05);
    expect(much.stoi).toBeGreaterThan(only.stoi + 0.2);
    // Not nearer to 0: STOI clips noise to the voice's own gaps, and this voice has many.
    expect(only.stoi).toBeLessThan(0.4);
    expect(much.distanceDb).toBeGreaterThan(little.distanceDb);
    expect(only.distanceDb).toBeGreaterThan(10);
  });

  it('tell 24 kbit/s from 9 kbit/s', async () => {
    const toy = await judge(decodeVoice(encodeVoice(said, 24_000)));
    const narrow = await judge(decodeVoice(encodeVoice(said, 9_000)));
    expect(toy.stoi).toBeGreaterThan(narrow.stoi);
    expect(toy.distanceDb).toBeLessThan(narrow.distanceDb);
  });

  it('rest on a transform that agrees with the definition', () => {
    const window = hann(16, true);
    const samples = Float64Array.from({ length: 16 }, () => chance() - 0.5);
    const [fast] = powerSpectra(samples, window, 16, 16);
    for (let k = 0; k <= 8; k++) {
      let re = 0;
      let im = 0;
      for (let i = 0; i < 16; i++) {
        re += samples[i]! * window[i]! * Math.cos((2 * Math.PI * k * i) / 16);
        im -= samples[i]! * window[i]! * Math.sin((2 * Math.PI * k * i) / 16);
      }
      expect(fast![k]).toBeCloseTo(re * re + im * im, 12);
    }
  });
});

describe('a row', () => {
  it('keeps to its budget or does not', () => {
    expect(isWithin(row('a', 3, '', null, { of: 'value', atMost: 3 }))).toBe(true);
    expect(isWithin(row('a', 3, '', null, { of: 'value', atLeast: 3.1 }))).toBe(false);
    expect(isWithin(row('a', 3, '', 6, { of: 'ratio', atMost: 0.5 }))).toBe(true);
    expect(isWithin(row('a', 3, '', null, { of: 'ratio', atMost: 0.5 }))).toBe(false);
    expect(isWithin(row('a', Number.NaN, '', null, { of: 'value', atMost: 1 }))).toBe(false);
    expect(isWithin(row('a', 3, '', null, null))).toBe(true);
  });
});
