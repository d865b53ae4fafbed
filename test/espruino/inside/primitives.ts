// The contract of Primitives, held against the native module in C. Runs inside Espruino.
import type { Primitives } from '#protocol/link/primitives.ts';
import { PRIMITIVE_CHECKS } from '#test/contracts/primitives-checks.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'sodium'): Primitives;

const native = require('sodium');
for (let i = 0; i < PRIMITIVE_CHECKS.length; i++) {
  say(PRIMITIVE_CHECKS[i]!.name, PRIMITIVE_CHECKS[i]!.run(native));
  for (let slot = 0; slot < 16; slot++) native.clear(slot);
}
sayDone();
