// What the test of a unit finds out: one result for each thing that was looked at, with the number and the bounds that it was held against.

/** 'not tested' is never good news: nobody knows. */
export type Outcome = 'pass' | 'fail' | 'not tested';

/** Everything that is tested, in this order. */
export const TESTS = [
  'image',
  'program',
  'radio',
  'air',
  'paw',
  'heart',
  'battery',
  'microphone',
  'hearing',
  'speaker',
  'flash',
  'keys',
] as const;
export type Test = (typeof TESTS)[number];

/** Bounds of a measured number, both included, in `unit`; where they come from. */
export interface Bounds {
  least: number;
  most: number;
  unit: string;
  source: string;
}

export interface Result {
  test: Test;
  outcome: Outcome;
  /** What was measured; left out where that is no number. */
  measured?: number;
  bounds?: Bounds;
  /** What it means, in a few words for the person at the bench. */
  note: string;
  /** The board has no such part: that nobody tested it is no lack. */
  isNeedless?: true;
}

/** Pass or fail by the bounds alone. */
export function measure(test: Test, measured: number, bounds: Bounds, notes: MeasureNotes): Result {
  const isLow = measured < bounds.least;
  const isHigh = measured > bounds.most;
  return {
    test,
    outcome: isLow || isHigh ? 'fail' : 'pass',
    measured,
    bounds,
    note: isLow ? notes.low : isHigh ? notes.high : notes.good,
  };
}

/** What a number says that is within, under or over its bounds. */
export interface MeasureNotes {
  good: string;
  low: string;
  high: string;
}

export const pass = (test: Test, note: string): Result => ({ test, outcome: 'pass', note });
export const fail = (test: Test, note: string): Result => ({ test, outcome: 'fail', note });
export const untested = (test: Test, note: string): Result => ({ test, outcome: 'not tested', note });
