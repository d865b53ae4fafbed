// A long poll's sleep: until something comes, the time is over, or one side goes.
import type { Signer } from '#protocol/relay/key-id.ts';
import type { Wakes } from './wakes.ts';

/** `woken` resolves at the first of: a wake-up, `ms` are over, the relay closes or has too many sleepers there, `end` is called. */
export function sleepAt(wakes: Wakes, place: Signer, ms: number): { woken: Promise<void>; end(): void } {
  let end = () => {};
  const woken = new Promise<void>((resolve) => {
    const timer = setTimeout(() => end(), ms);
    const leave = wakes.add(place, { wake: () => end(), close: () => end() });
    end = () => {
      clearTimeout(timer);
      leave();
      resolve();
    };
  });
  return { woken, end: () => end() };
}
