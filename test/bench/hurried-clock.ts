// The simulated toy's time for a benchmark: the wall's, except where nothing is measured; there it goes as fast as the CPU.
import type { Clock } from '#firmware/simulator/clock.ts';

export interface HurriedClock extends Clock {
  /** Lets `durationMs` of the toy's time pass at once, running what falls due in order. */
  hurry(durationMs: number): Promise<void>;
}

interface Entry {
  dueMs: number;
  action: () => void;
  timer: ReturnType<typeof setTimeout>;
}

export function createHurriedClock(): HurriedClock {
  const pending = new Set<Entry>();
  let aheadMs = 0;
  const now = () => performance.now() + aheadMs;

  function arm(entry: Entry): void {
    entry.timer = setTimeout(() => run(entry), Math.max(0, entry.dueMs - now()));
  }

  function run(entry: Entry): void {
    clearTimeout(entry.timer);
    if (pending.delete(entry)) entry.action();
  }

  function earliest(): Entry | undefined {
    return [...pending].reduce<Entry | undefined>(
      (first, entry) => (first === undefined || entry.dueMs < first.dueMs ? entry : first),
      undefined,
    );
  }

  return {
    now,
    after(delayMs, action) {
      const entry = { dueMs: now() + Math.max(0, delayMs), action } as Entry;
      pending.add(entry);
      arm(entry);
      return () => {
        clearTimeout(entry.timer);
        pending.delete(entry);
      };
    },
    async hurry(durationMs) {
      const endMs = now() + durationMs;
      for (let next = earliest(); next !== undefined && next.dueMs <= endMs; next = earliest()) {
        aheadMs += Math.max(0, next.dueMs - now());
        run(next);
        await new Promise(setImmediate);
      }
      aheadMs += Math.max(0, endMs - now());
      for (const entry of pending) {
        clearTimeout(entry.timer);
        arm(entry);
      }
    },
  };
}
