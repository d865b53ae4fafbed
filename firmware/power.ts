// When the toy sleeps deep, in looks at the clock: pure numbers, for main.ts (protocol/README.md section 17).

/** Between two looks. */
export const LOOK_MS = 30000;
// Looks without a bridge and without a touch until the toy sleeps: a day; ten minutes after a touch, or where the battery is low;
// a minute where it woke by itself.
export const DAY_LOOKS = 2880;
export const TOUCH_LOOKS = 20;
export const ALONE_LOOKS = 2;
/** How long it sleeps unless the paw wakes it: alone, an hour, to look whether a bridge is there again. */
export const ALONE_SLEEP_S = 3600;
/** With a low battery six hours, to look at the battery alone. */
export const LOW_SLEEP_S = 21600;

/** Looks left at a start. `askedS`: how long it was to sleep before this start, 0 if it did not sleep. */
export function looksAtStart(askedS: number, isWokenByPaw: boolean): number {
  if (askedS === 0) return DAY_LOOKS;
  if (isWokenByPaw) return TOUCH_LOOKS;
  return askedS === LOW_SLEEP_S ? 0 : ALONE_LOOKS;
}

/** Looks left when the battery has become low, or has recovered. */
export function looksAtChange(isLow: boolean, left: number): number {
  return isLow ? Math.min(left, TOUCH_LOOKS) : DAY_LOOKS;
}
