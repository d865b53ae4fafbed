// The contract of Primitives for vitest: one test for each check of the toy-safe list.
import { describe, expect, it } from 'vitest';
import type { Primitives } from '#protocol/link/primitives.ts';
import { PRIMITIVE_CHECKS } from './primitives-checks.ts';

/** Holds the implementation that `create` makes to the contract. */
export function primitivesContract(name: string, create: () => Primitives): void {
  describe(`${name} keeps the contract of Primitives`, () => {
    for (const check of PRIMITIVE_CHECKS) it(check.name, () => expect(check.run(create())).toBe(''));
  });
}
