// Compares this interpreter's digests with those that Node has computed from the same sources. Runs inside Espruino.
import type { Primitives } from '#protocol/link/primitives.ts';
import { digestsOf } from './digests.ts';
import { say } from './say.ts';

declare function require(name: 'sodium'): Primitives;

/** `expected`: one line for each digest. */
export function run(expected: string[]): void {
  const digests = digestsOf(require('sodium'));
  for (let i = 0; i < digests.length; i++) {
    const digest = digests[i]!;
    say(`digest ${i}`, digest === expected[i] ? '' : `${digest}, not ${expected[i]}`);
  }
}
