// What the toy's C reckons for the test of a new unit, on a host: loudness, and how much of one tone there is. Levels as `Plush.level` has them.
import { SAMPLE_HZ } from './sound.ts';

/** The level of nothing: below one step of 24 bits. */
export const LEVEL_NOTHING = -14_400;
/** What `Plush.echo` takes. */
export const ECHO_HZ = { least: 200, most: 7000 };
export const ECHO_MS = { least: 250, most: 2000 };
/** What is heard before is not looked at: parts settle. */
const SETTLING = (SAMPLE_HZ * 150) / 1000;
const FADE = SAMPLE_HZ / 100;
const PEAK = 16_384;
const FULL = 32_768;

/** Hundredths of dBFS of a mean square of samples of 16 bits. */
export function levelOf(meanSquare: number): number {
  if (meanSquare === 0) return LEVEL_NOTHING;
  return Math.max(LEVEL_NOTHING, Math.round(1000 * Math.log10(meanSquare / FULL / FULL)));
}

/** Mean square of samples, without their offset. */
export function meanSquareOf(samples: Int16Array): number {
  let sum = 0;
  let squares = 0;
  for (const sample of samples) {
    sum += sample;
    squares += sample * sample;
  }
  return squares / samples.length - (sum / samples.length) ** 2;
}

/** The tone as it is played: `ms` of it, without clicks. */
export function makeTone(hz: number, ms: number): Int16Array {
  const count = (SAMPLE_HZ / 1000) * ms;
  return Int16Array.from({ length: count }, (_, i) => {
    const fade = Math.min(i, count - i, FADE) / FADE;
    return PEAK * fade * Math.sin((2 * Math.PI * hz * i) / SAMPLE_HZ);
  });
}

/** Level of the tone of `hz` in what was heard while it was played. */
export function toneLevel(heard: Int16Array, hz: number): number {
  const samples = heard.subarray(SETTLING);
  const angle = (2 * Math.PI * hz) / SAMPLE_HZ;
  let real = 0;
  let imaginary = 0;
  samples.forEach((sample, i) => {
    real += sample * Math.cos(angle * i);
    imaginary += sample * Math.sin(angle * i);
  });
  return levelOf((2 * (real * real + imaginary * imaginary)) / samples.length ** 2);
}
