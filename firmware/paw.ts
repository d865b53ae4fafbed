// The paw: from touches to what the child means. A touch may become a recording, so it is told at once; whether it was only a
// tap shows half a second later.
import type { Timers } from './timers.ts';

/** A shorter touch is a tap. */
export const TAP_MS = 500;
/** A second tap counts with the first if it begins this soon after it. */
export const SECOND_TAP_MS = 400;
/** Held this long, an unpaired toy opens pairing. */
export const PAIR_HOLD_MS = 3000;
/** Held this long from power-on, the toy resets itself. */
export const RESET_HOLD_MS = 10000;
/** The contact must be steady this long before a change counts. */
export const DEBOUNCE_MS = 25;

export interface PawListener {
  /** The paw is touched. */
  touched(): void;
  /** It has been held for TAP_MS: no tap. */
  held(): void;
  /** It has been held for PAIR_HOLD_MS. */
  heldLong(): void;
  /** It is free again, after `held` or, for a tap, without. */
  released(isTap: boolean): void;
  /** One tap that no second one followed. */
  tapped(): void;
  tappedTwice(): void;
  /** It was held from power-on for RESET_HOLD_MS. */
  heldFromStart(): void;
}

export interface Paw {
  /** Tells the paw its debounced state. */
  change(isDown: boolean): void;
}

/** `isDown`: the paw's state at power-on. A touch that was there at power-on can only be a reset. */
export function createPaw(timers: Timers, isDown: boolean, listener: PawListener): Paw {
  let down = isDown;
  let fromStart = isDown;
  let isTap = false;
  let taps = 0;
  let holdTimer = -1;
  let tapTimer = -1;

  function stopHold(): void {
    if (holdTimer >= 0) timers.cancel(holdTimer);
    holdTimer = -1;
  }
  function stopTaps(): void {
    if (tapTimer >= 0) timers.cancel(tapTimer);
    tapTimer = -1;
  }
  function longHold(): void {
    holdTimer = -1;
    listener.heldLong();
  }
  function hold(): void {
    isTap = false;
    taps = 0;
    holdTimer = timers.after(longHold, PAIR_HOLD_MS - TAP_MS);
    listener.held();
  }
  function endTaps(): void {
    tapTimer = -1;
    taps = 0;
    listener.tapped();
  }
  function startHold(): void {
    holdTimer = -1;
    listener.heldFromStart();
  }
  function touch(): void {
    stopTaps();
    isTap = true;
    holdTimer = timers.after(hold, TAP_MS);
    listener.touched();
  }
  function release(): void {
    stopHold();
    if (fromStart) {
      fromStart = false;
      return;
    }
    listener.released(isTap);
    if (!isTap) return;
    taps++;
    if (taps < 2) {
      tapTimer = timers.after(endTaps, SECOND_TAP_MS);
      return;
    }
    taps = 0;
    listener.tappedTwice();
  }

  if (isDown) holdTimer = timers.after(startHold, RESET_HOLD_MS);
  return {
    change: (isNowDown) => {
      // Espruino may report a state twice when the contact bounced.
      if (isNowDown === down) return;
      down = isNowDown;
      if (isNowDown) touch();
      else release();
    },
  };
}
