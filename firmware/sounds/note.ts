// The language that the score is written in: a sound is a row of notes, and a glide is one breath of one voice through some points.
import type { Vowel } from './mouth.ts';

/** What makes the tone before the mouth shapes it: a whistle; a throat; a horn, with odd overtones only; a reed, thin and bright. */
export const WAVES = ['sine', 'saw', 'square', 'reed'] as const;

/** How a breath sounds all along. */
export interface Voice {
  /** Sine if it is left out. */
  wave?: (typeof WAVES)[number];
  /** Share of air in the tone, in percent. */
  breath?: number;
  /** Milliseconds from silence to its loudness, and back to silence. */
  attackMs: number;
  releaseMs: number;
  /** A trembling: turns a second, 1 to 60, and how far pitch and loudness follow, in percent. */
  tremble?: { hz: number; pitch?: number; loud?: number };
}

/**
 * Where a glide is, so many milliseconds after its point before: at this pitch (20 to 4000 Hz), this loudness (percent against the sound's
 * other notes; the amplitude is its square, as an ear would have it), and with this mouth, which shapes nothing if it is left out.
 */
export type Point = readonly [afterMs: number, hz: number, loud: number, mouth?: Vowel];

/** A straight line from one point to the next. */
export interface Note extends Voice {
  ms: number;
  hz: readonly [from: number, to: number];
  loud: readonly [from: number, to: number];
  mouth: readonly [from: Vowel, to: Vowel];
}

export interface Sound {
  /** Lower case, a word or three. */
  name: string;
  notes: readonly Note[];
}

/** One breath through the points; the first one's time is 0. Nothing in it begins or ends at once. */
export function glide(voice: Voice, ...points: readonly Point[]): Note[] {
  return points.slice(1).map(([ms, hz, loud, mouth = 'open'], i) => {
    const [, fromHz, fromLoud, fromMouth = 'open'] = points[i]!;
    return {
      ...voice,
      attackMs: i === 0 ? voice.attackMs : 0,
      releaseMs: i === points.length - 2 ? voice.releaseMs : 0,
      ms,
      hz: [fromHz, hz],
      loud: [fromLoud, loud],
      mouth: [fromMouth, mouth],
    };
  });
}

/** Nothing, for so long. */
export function rest(ms: number): Note {
  return { ms, hz: [100, 100], loud: [0, 0], mouth: ['open', 'open'], attackMs: 0, releaseMs: 0 };
}
