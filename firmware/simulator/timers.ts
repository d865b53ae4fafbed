// Espruino's timers over the simulation's clock: numbers as handles, and no way to outlive the toy.
import type { Life } from './life.ts';

type Action = (...values: unknown[]) => void;

export interface Timers {
  setTimeout(action: Action, delayMs: number, ...values: unknown[]): number;
  setInterval(action: Action, intervalMs: number, ...values: unknown[]): number;
  clearTimeout(timer: number): void;
  clearInterval(timer: number): void;
}

export function createTimers(life: Life): Timers {
  const running = new Map<number, () => void>();
  let last = 0;

  // Like Espruino, which takes `clearTimeout(undefined)` for a mistake of its caller.
  function clear(timer: number): void {
    if (timer === undefined)
      throw new Error('clearTimeout(undefined) not allowed. Use clearTimeout() instead');
    running.get(timer)?.();
    running.delete(timer);
  }

  return {
    setTimeout: (action, delayMs, ...values) => {
      const timer = ++last;
      const cancel = life.after(delayMs, () => {
        running.delete(timer);
        action(...values);
      });
      running.set(timer, cancel);
      return timer;
    },
    setInterval: (action, intervalMs, ...values) => {
      const timer = ++last;
      // Espruino's shortest interval is one turn of its idle loop, about a millisecond.
      const everyMs = Math.max(1, intervalMs);
      const again = () => {
        running.set(timer, life.after(everyMs, fire));
      };
      const fire = () => {
        again();
        action(...values);
      };
      again();
      return timer;
    },
    clearTimeout: clear,
    clearInterval: clear,
  };
}
