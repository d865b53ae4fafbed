// One vector of test/vectors/links.json. Runs inside Espruino.
import type { Primitives } from '#protocol/link/primitives.ts';
import type { LinkVector } from '#test/contracts/link-vectors.ts';
import { runLinkVector } from '#test/contracts/link-vectors.ts';
import { say } from './say.ts';

declare function require(name: 'sodium'): Primitives;

export function run(vector: LinkVector): void {
  say(vector.name, runLinkVector(require('sodium'), vector));
}
