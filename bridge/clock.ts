// Time as the bridge sees it, handed in so that tests own it.

export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const wallClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

const FIRST_MS = 500;
const LAST_MS = 60_000;

/**
 * Waiting times after the first, second, ... failure in a row: doubling from 0.5 s to a minute, each shortened by up to half at
 * random so that a family's bridges do not all knock at once after an outage. `random` gives 0 to 1.
 */
export function backoffMs(failures: number, random: () => number): number {
  const fullMs = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return fullMs * (1 - random() / 2);
}
