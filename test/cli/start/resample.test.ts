// The page's way from the computer's sample rate to the toy's: what the toy can hear stays, what would fold back goes.
import { describe, expect, it } from 'vitest';
import { createResampler } from '#cli/start/page/resample.ts';

const TOY_HZ = 16_000;

/** A sine of a second, resampled in pieces of 128 as an audio thread gets them; effective value over full scale. */
function through(fromHz: number, toneHz: number): { level: number; count: number } {
  const resampler = createResampler(fromHz, TOY_HZ);
  const out: number[] = [];
  for (let at = 0; at < fromHz; at += 128) {
    const piece = Float32Array.from(
      { length: 128 },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * toneHz * (at + i)) / fromHz),
    );
    out.push(...resampler.push(piece));
  }
  const steady = out.slice(1000, -1000);
  const power = steady.reduce((sum, sample) => sum + (sample / 32767) ** 2, 0) / steady.length;
  return { level: Math.sqrt(2 * power) / 0.5, count: out.length };
}

describe.each([48_000, 44_100, 96_000, 16_000])('from %i Hz', (fromHz) => {
  it('keeps time', () => {
    expect(through(fromHz, 440).count).toBeGreaterThan(TOY_HZ - 60);
    expect(through(fromHz, 440).count).toBeLessThan(TOY_HZ + 60);
  });

  it('keeps a voice as loud as it is', () => {
    for (const toneHz of [100, 1000, 3000, 6000]) expect(through(fromHz, toneHz).level).toBeCloseTo(1, 1);
  });
});

it('does not fold what the toy cannot hear back into what it can', () => {
  for (const toneHz of [9_000, 12_000, 15_000, 20_000])
    expect(through(48_000, toneHz).level).toBeLessThan(0.01);
});

it('takes silence, and the loudest, without overflow', () => {
  const resampler = createResampler(48_000, TOY_HZ);
  expect([...resampler.push(new Float32Array(4800))].every((sample) => sample === 0)).toBe(true);
  const loud = resampler.push(new Float32Array(4800).fill(2));
  expect(Math.max(...loud)).toBe(32767);
});
