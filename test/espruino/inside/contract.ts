// The contract of plush and Flash, held against the native modules in C. Runs inside Espruino, in real time.
import { CLIPS_ADDRESS } from '#boards/linux.ts';
import type { Flash, Plush } from '#firmware/native/native.d.ts';
import { FLASH_CHECKS } from '#test/contracts/flash-checks.ts';
import type { NativeCheck, NativeWorld } from '#test/contracts/native-check.ts';
import { PLUSH_CHECKS } from '#test/contracts/plush-checks.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'plush'): Plush;
declare function require(name: 'Flash'): Flash;
declare function setTimeout(action: () => void, delayMs: number): number;

const world: NativeWorld = {
  plush: require('plush'),
  flash: require('Flash'),
  flashAddress: CLIPS_ADDRESS,
  after: (delayMs, action) => setTimeout(action, delayMs),
};
// Espruino's own Flash takes odd addresses and lengths too; only the simulator refuses them, so that nobody begins to rely on it.
const checks: NativeCheck<NativeWorld>[] = FLASH_CHECKS.slice(0, 2).concat(PLUSH_CHECKS);
let index = 0;

function next(): void {
  if (index === checks.length) {
    sayDone();
    return;
  }
  const check = checks[index++]!;
  check.run(world, (wrong) => {
    say(check.name, wrong);
    setTimeout(next, 1);
  });
}
next();
