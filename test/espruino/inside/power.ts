// The contract of the power module against the C, over one sleep: the second start is the same program. Runs inside Espruino.
import type { Plush, Power } from '#firmware/native/native.d.ts';
import type { NativeCheck } from '#test/contracts/native-check.ts';
import { ASKED_S, POWER_CHECKS, type PowerWorld, TOUCH_CHECKS } from '#test/contracts/power-checks.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'power'): Power;
declare function require(name: 'plush'): Plush;
declare function setTimeout(action: () => void, delayMs: number): number;

const power = require('power');
const plush = require('plush');
const world: PowerWorld = { power: power };
const isFirst = power.isPowerOn();
const checks: NativeCheck<PowerWorld>[] = isFirst ? POWER_CHECKS : TOUCH_CHECKS;
for (let i = 0; i < checks.length; i++) {
  checks[i]!.run(world, (wrong) => {
    say(checks[i]!.name, wrong);
  });
}

/** The touch has opened the microphone long before this: what it heard is the recording's. */
function claim(): void {
  plush.record();
  const earlyMs = plush.recordedMs();
  say('the recording began with the touch', earlyMs >= 240 ? '' : `${earlyMs} ms`);
  plush.stop();
  sayDone();
}
if (isFirst) {
  sayDone();
  setTimeout(() => power.sleep(true, ASKED_S), 50);
} else setTimeout(claim, 500);
