// The simulated toy's time: the wall's, or one that a test moves by hand.

/** Where a simulation takes its time from. */
export interface Clock {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Runs `action` once, `delayMs` from now. Returns what cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** A clock that stands still until `advance`. */
export interface VirtualClock extends Clock {
  /**
   * Moves time forward by `durationMs`, running what falls due in order. After each action the event loop turns once, so that
   * promises and callbacks which it set off are served at that moment of virtual time.
   */
  advance(durationMs: number): Promise<void>;
}

/** The computer's monotonic clock. A running toy keeps the process alive only by its own timers. */
export function createWallClock(): Clock {
  return {
    now: () => performance.now(),
    after: (delayMs, action) => {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

/** A clock at 0 that only `advance` moves. */
export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  let pending: { dueMs: number; action: () => void }[] = [];
  return {
    now: () => nowMs,
    after: (delayMs, action) => {
      const entry = { dueMs: nowMs + Math.max(0, delayMs), action };
      const at = pending.findIndex((other) => other.dueMs > entry.dueMs);
      pending.splice(at < 0 ? pending.length : at, 0, entry);
      return () => {
        pending = pending.filter((other) => other !== entry);
      };
    },
    advance: async (durationMs) => {
      const endMs = nowMs + durationMs;
      await turn();
      for (let next = pending[0]; next !== undefined && next.dueMs <= endMs; next = pending[0]) {
        pending.shift();
        nowMs = next.dueMs;
        next.action();
        await turn();
      }
      nowMs = endMs;
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
