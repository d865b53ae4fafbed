// Sings rows of the table in whole numbers alone, as firmware/native/tones.c does on the toy: the same samples, to the bit, so that what is
// heard in Node and in a browser is what the toy sings. Where C shifts 64 bits, this divides by a power of two and rounds down; no number
// goes beyond 2^53.
import { MOUTH_BITS, mouthNumbers, SAMPLE_HZ, VOWELS } from './mouth.ts';

/** A note in whole numbers: one row of the table. */
export interface Row {
  ms: number;
  /** Eighths of a Hz. */
  fromPitch: number;
  toPitch: number;
  /** Index in WAVES. */
  wave: number;
  /** Share of 256. */
  breath: number;
  /** Index in VOWELS. */
  fromMouth: number;
  toMouth: number;
  /** Percent. */
  fromLoud: number;
  toLoud: number;
  attackMs: number;
  releaseMs: number;
  trembleHz: number;
  /** Percent. */
  tremblePitch: number;
  trembleLoud: number;
}

const MS_SAMPLES = SAMPLE_HZ / 1000;
/** Loudness in percent times this, squared, is nearly 2^30. */
const LOUD = 327;
/** 2^32 a turn, over eighths of a Hz and SAMPLE_HZ. */
const TURN = 33554;
const TURN_OF_MS = 66; // 2^16 a turn, over Hz and 1000
const MOUTHS = VOWELS.map(mouthNumbers);

const down = (value: number, bits: number): number => Math.floor(value / 2 ** bits);

/** A sine of one turn in 65536 steps and ±32768, by two parabolas: within 0.2 %. */
function sine(turn: number): number {
  const x = ((turn & 0xffff) << 16) >> 16;
  const y = (x * (32768 - Math.abs(x))) >> 13;
  return (y * 25395 + ((y * Math.abs(y)) >> 15) * 7373) >> 15;
}

/** A rising saw of ±32768, its edge rounded over two samples (PolyBLEP), so that high notes stay clean. */
function saw(phase: number, step: number): number {
  const plain = (phase >>> 16) - 32768;
  const fine = step >>> 15;
  if (phase < step) {
    const t = Math.min(32768, Math.trunc(phase / fine));
    return plain - (2 * t - ((t * t) >> 15) - 32768);
  }
  const before = -phase >>> 0;
  if (before >= step) return plain;
  const t = Math.min(32768, Math.trunc(before / fine));
  return plain - (((t * t) >> 15) - 2 * t + 32768);
}

function waveAt(wave: number, phase: number, step: number): number {
  if (wave === 0) return sine(phase >>> 16);
  if (wave === 1) return saw(phase, step);
  // A square is two saws half a turn apart; a reed's pulse is an eighth of a turn wide.
  return saw(phase, step) - saw((phase + (wave === 2 ? 0x80000000 : 0x20000000)) >>> 0, step);
}

const way = (from: number, to: number, at: number, of: number): number =>
  from + Math.trunc(((to - from) * at) / of);

/** Amplitude at millisecond `at` of the note, up to 32632; `turn` is the trembling's. */
function amplitudeAt(row: Row, at: number, turn: number): number {
  let line = way(row.fromLoud * LOUD, row.toLoud * LOUD, at, row.ms);
  if (at < row.attackMs) line = Math.trunc((line * at) / row.attackMs);
  if (row.ms - at < row.releaseMs) line = Math.trunc((line * (row.ms - at)) / row.releaseMs);
  const depth = (row.trembleLoud * (32768 + sine(turn))) >> 16;
  line -= Math.trunc((line * depth) / 100);
  return (line * line) >> 15;
}

/**
 * Sings `rows`, 16 kHz mono of 16 bits. `gain` has 12 bits of fraction: what brings this sound to its loudness (table.ts). `volume` is in
 * percent.
 */
export function sing(rows: readonly Row[], gain: number, volume: number): Int16Array {
  const samples = new Int16Array(rows.reduce((ms, row) => ms + row.ms, 0) * MS_SAMPLES);
  const memory = [0, 0, 0, 0, 0, 0];
  const mouth = [0, 0, 0, 0, 0, 0];
  let made = 0;
  let phase = 0;
  let seed = 1;
  let amplitude = 0;
  let ms = 0;
  for (const row of rows) {
    for (let at = 0; at < row.ms; at++, ms++) {
      // Once a millisecond: pitch, mouth, and where the amplitude goes.
      const turn = ms * row.trembleHz * TURN_OF_MS;
      let pitch = way(row.fromPitch, row.toPitch, at, row.ms);
      pitch += Math.trunc((pitch * ((row.tremblePitch * sine(turn)) >> 15)) / 100);
      const step = Math.imul(pitch, TURN) >>> 0;
      for (let i = 0; i < 6; i++)
        mouth[i] = way(MOUTHS[row.fromMouth]![i]!, MOUTHS[row.toMouth]![i]!, at, row.ms);
      const begin = amplitude;
      amplitude = amplitudeAt(row, at + 1, turn);
      for (let i = 0; i < MS_SAMPLES; i++) {
        phase = (phase + step) >>> 0;
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        const air = (seed >>> 16) - 32768;
        let x = ((waveAt(row.wave, phase, step) * (256 - row.breath) + air * row.breath) >> 8) * 64;
        for (let k = 0; k < 6; k += 2) {
          const b = mouth[k]!;
          const c = mouth[k + 1]!;
          const before = memory[k]!;
          x = down(((1 << MOUTH_BITS) - b - c) * x + b * before + c * memory[k + 1]!, MOUTH_BITS);
          memory[k + 1] = before;
          memory[k] = x;
        }
        const level = begin + (((amplitude - begin) * i) >> 4);
        const whole = down(down(x * gain, 20) * level, 15);
        samples[made++] = Math.trunc((Math.max(-32768, Math.min(32767, whole)) * volume) / 100);
      }
    }
  }
  return samples;
}
