// A voice that nobody has: three seconds of syllables from a formant synthesiser, for demos and tests that need speech-like sound
// and no file. Synthetic and the same in every run; it says nothing.
import { SAMPLE_HZ } from './sound.ts';

/** Centre frequencies of the first three formants, in Hz (Peterson and Barney 1952, children), and where the pitch is held. */
interface Vowel {
  formantsHz: readonly [number, number, number];
  pitchHz: number;
}

/** "a-i-o-u-e": open, front and back vowels, on a falling phrase. */
const PHRASE: readonly Vowel[] = [
  { formantsHz: [1030, 1370, 3170], pitchHz: 260 },
  { formantsHz: [370, 3200, 3730], pitchHz: 290 },
  { formantsHz: [680, 1060, 3180], pitchHz: 275 },
  { formantsHz: [430, 1170, 3260], pitchHz: 250 },
  { formantsHz: [690, 2610, 3570], pitchHz: 235 },
];
const BANDWIDTHS_HZ = [90, 120, 180];
const SYLLABLE_S = 0.24;
const GAP_S = 0.06;
const PEAK = 12_000;

/** Synthetic speech-like sound, 16 kHz mono. @param seconds its length. */
export function createVoice(seconds = 3): Int16Array {
  const voiced = new Float64Array(Math.round(seconds * SAMPLE_HZ));
  const noise = createNoise();
  let phase = 0;
  const resonators = BANDWIDTHS_HZ.map(() => createResonator());
  for (let i = 0; i < voiced.length; i++) {
    const atS = i / SAMPLE_HZ;
    const syllable = Math.floor(atS / (SYLLABLE_S + GAP_S));
    const withinS = atS - syllable * (SYLLABLE_S + GAP_S);
    const vowel = PHRASE[syllable % PHRASE.length]!;
    const vibrato = 1 + 0.02 * Math.sin(2 * Math.PI * 5 * atS);
    phase = (phase + (vowel.pitchHz * vibrato) / SAMPLE_HZ) % 1;
    // An open glottis is two thirds of a cycle (Rosenberg 1971); its derivative excites the tract.
    const glottis =
      phase < 0.4 ? Math.sin((Math.PI * phase) / 0.4) : phase < 0.6 ? -1.5 * ((phase - 0.4) / 0.2) : 0;
    const hiss = withinS < 0.03 ? noise() * 0.6 : noise() * 0.02;
    let sample = glottis * loudness(withinS) + hiss * (withinS < SYLLABLE_S ? 1 : 0);
    for (const [n, resonator] of resonators.entries()) {
      sample = resonator(sample, vowel.formantsHz[n]!, BANDWIDTHS_HZ[n]!);
    }
    voiced[i] = sample;
  }
  const peak = voiced.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  return Int16Array.from(voiced, (sample) => Math.round((sample / peak) * PEAK));
}

// Rises for 40 ms, falls for 80 ms, and is silent between syllables.
function loudness(withinS: number): number {
  if (withinS >= SYLLABLE_S) return 0;
  return Math.min(1, withinS / 0.04, (SYLLABLE_S - withinS) / 0.08);
}

// A two-pole resonator with unit gain at DC (Klatt 1980), whose poles may move from sample to sample.
function createResonator(): (input: number, centreHz: number, bandwidthHz: number) => number {
  let last = 0;
  let beforeLast = 0;
  return (input, centreHz, bandwidthHz) => {
    const c = -Math.exp((-2 * Math.PI * bandwidthHz) / SAMPLE_HZ);
    const b =
      2 * Math.exp((-Math.PI * bandwidthHz) / SAMPLE_HZ) * Math.cos((2 * Math.PI * centreHz) / SAMPLE_HZ);
    const output = (1 - b - c) * input + b * last + c * beforeLast;
    beforeLast = last;
    last = output;
    return output;
  };
}

// The same noise every time: a linear congruential generator (Numerical Recipes' constants).
function createNoise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
