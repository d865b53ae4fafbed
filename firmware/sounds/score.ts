// The score: every sound that is built into the toy, by its number. The toy's C gets it as a table (header.ts), hosts sing it with render.ts:
// the same samples, to the bit.
import { ANIMALS } from '#protocol/link/animals.ts';
import { ANIMAL_NOTES } from './animals.ts';
import type { Sound } from './note.ts';
import { PROMPTS } from './prompts.ts';

/** 0-15 the animals in the order in which a parent is shown them, then what the toy says about itself. */
export const SCORE: readonly Sound[] = [
  ...ANIMALS.map((name) => ({ name, notes: ANIMAL_NOTES[name] })),
  ...PROMPTS,
];
