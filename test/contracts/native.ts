// The contract of the native modules for vitest: one test for each check of the toy-safe lists.
import { describe, expect, it } from 'vitest';
import { FLASH_CHECKS } from './flash-checks.ts';
import type { NativeCheck, NativeWorld, RadioWorld } from './native-check.ts';
import { PLUSH_CHECKS } from './plush-checks.ts';
import { POWER_CHECKS, type PowerWorld, TOUCH_CHECKS } from './power-checks.ts';
import { PROGRAM_CHECKS, type ProgramWorld } from './program-checks.ts';
import { RADIO_CHECKS } from './radio-checks.ts';

/** Lets an implementation's time pass until `finished` says so or it has had enough of it. */
type Wait = (finished: () => boolean) => Promise<void>;

/** Holds plush and Flash, made afresh for each check, to the contract. */
export function nativeContract(name: string, create: () => { world: NativeWorld; wait: Wait }): void {
  contract(`${name} keeps the contract of plush and Flash`, FLASH_CHECKS.concat(PLUSH_CHECKS), create);
}

/** Holds the radio module, made afresh for each check, to the contract. */
export function radioContract(name: string, create: () => { world: RadioWorld; wait: Wait }): void {
  contract(`${name} keeps the contract of radio`, RADIO_CHECKS, create);
}

/** Holds the program module, in a toy made afresh for each check, to the contract. */
export function programContract(name: string, create: () => { world: ProgramWorld; wait: Wait }): void {
  contract(`${name} keeps the contract of program`, PROGRAM_CHECKS, create);
}

/** Holds the power module to the contract: before a sleep, and after the touch that ended it. */
export function powerContract(
  name: string,
  createOn: () => { world: PowerWorld; wait: Wait },
  createTouched: () => { world: PowerWorld; wait: Wait },
): void {
  contract(`${name} keeps the contract of power`, POWER_CHECKS, createOn);
  contract(`${name} keeps the contract of power after a touch`, TOUCH_CHECKS, createTouched);
}

function contract<World>(
  name: string,
  checks: readonly NativeCheck<World>[],
  create: () => { world: World; wait: Wait },
): void {
  describe(name, () => {
    for (const check of checks) {
      it(check.name, async () => {
        const { world, wait } = create();
        let result = 'never finished';
        check.run(world, (wrong) => {
          result = wrong;
        });
        await wait(() => result !== 'never finished');
        expect(result).toBe('');
      });
    }
  });
}
