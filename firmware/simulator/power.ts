// The simulated chip's sleep: what outlasts it, why the chip has started, and the time that a bridge has told.
import type { Power } from '../native/native.d.ts';
import type { Clock } from './clock.ts';

/** Why the chip starts: its power came on, a touch or the time ended its sleep, or it restarts. */
export type Start = 'power' | 'paw' | 'time' | 'restart';

/** The part of the chip that stays awake. */
export interface PowerChip {
  /** The chip starts: what it remembers of a sleep counts only if that is what ends. */
  start(cause: Start): void;
  /** A touch that wakes the chip may open the microphone. */
  readonly mayRecord: boolean;
  /** The module as one start sees it; `fallAsleep` does not return. */
  functions(fallAsleep: (seconds: number) => never): Power;
}

export function createPowerChip(clock: Clock): PowerChip {
  let cause: Start = 'power';
  let mayRecord = false;
  let askedS = 0;
  let sleptS = 0;
  let asleepSinceMs = 0;
  /** Unix time less the clock's, in ms. */
  let offsetMs: number | null = null;

  return {
    start: (newCause) => {
      cause = newCause;
      const isWoken = cause === 'paw' || cause === 'time';
      sleptS = isWoken ? Math.floor((clock.now() - asleepSinceMs) / 1000) : 0;
      if (isWoken) return;
      askedS = 0;
      mayRecord = false;
      offsetMs = null;
    },
    get mayRecord() {
      return mayRecord;
    },
    functions: (fallAsleep) => ({
      sleep: (newMayRecord, seconds) => {
        mayRecord = newMayRecord;
        askedS = seconds;
        asleepSinceMs = clock.now();
        fallAsleep(seconds);
      },
      isWokenByPaw: () => {
        const isWoken = cause === 'paw';
        if (isWoken) cause = 'restart';
        return isWoken;
      },
      isPowerOn: () => cause === 'power',
      askedS: () => askedS,
      sleptS: () => sleptS,
      setTime: (unixS) => {
        offsetMs = unixS * 1000 - clock.now();
      },
      unixS: () => (offsetMs === null ? -1 : Math.floor((offsetMs + clock.now()) / 1000)),
    }),
  };
}
