// The heart: one light. It glows while the microphone is open, whatever else is going on; it beats for a waiting message in the
// sender's rhythm; it blinks twice, quickly, for "sent" and for "no".
import type { Timers } from './timers.ts';

/** One step of a rhythm. */
export const STEP_MS = 125;
/** Steps of a rhythm before it begins again; step i lights where bit i is set. */
export const STEPS = 16;
/** A sender without a rhythm of its own: a heartbeat. */
export const RHYTHM_PLAIN = 0x05;
/** Pairing is open. */
export const RHYTHM_PAIRING = 0x5555;
/** The paw is held for a reset. */
export const RHYTHM_RESET = 0x3333;
/** The battery is low: one flash in four seconds, where every sender's rhythm comes again after two. */
export const RHYTHM_LOW = 0x10000;
const LOW_DARK_MS = 4000 - STEP_MS;
const BLINKS = 0x05;
const BLINK_STEPS = 4;

export interface Heart {
  /** The microphone is open. */
  glow(isGlowing: boolean): void;
  /** Beats with 16 steps of `rhythm` until told otherwise; 0 is dark. */
  beat(rhythm: number): void;
  /** Twice, quickly; then what was before. */
  blink(): void;
}

/** `light` switches the light itself. */
export function createHeart(timers: Timers, light: (isLit: boolean) => void): Heart {
  let isGlowing = false;
  let rhythm = 0;
  let blinkSteps = 0;
  let step = 0;
  let timer = -1;
  let isLit = false;

  function show(lit: boolean): void {
    if (lit === isLit) return;
    isLit = lit;
    light(lit);
  }
  function turn(): void {
    timer = -1;
    if (isGlowing) {
      show(true);
      return;
    }
    if (blinkSteps > 0) {
      show(((BLINKS >> (BLINK_STEPS - blinkSteps)) & 1) !== 0);
      blinkSteps--;
      step = 0;
    } else if (rhythm === RHYTHM_LOW) {
      // Two turns and no sixteen: each wakes the chip.
      show(!isLit);
      timer = timers.after(turn, isLit ? STEP_MS : LOW_DARK_MS);
      return;
    } else {
      show(((rhythm >> step) & 1) !== 0);
      step = (step + 1) % STEPS;
      if (rhythm === 0) return;
    }
    timer = timers.after(turn, STEP_MS);
  }
  function restart(): void {
    if (timer >= 0) timers.cancel(timer);
    turn();
  }

  return {
    glow: (glowing) => {
      isGlowing = glowing;
      restart();
    },
    beat: (newRhythm) => {
      if (newRhythm === rhythm) return;
      rhythm = newRhythm;
      step = 0;
      if (!isGlowing && blinkSteps === 0) restart();
    },
    blink: () => {
      blinkSteps = BLINK_STEPS;
      restart();
    },
  };
}
