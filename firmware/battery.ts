// The battery: from the cell's voltage to percent, and when that is low (protocol/README.md section 17).

/** Nobody knows (protocol/README.md section 6). */
export const BATTERY_UNKNOWN = 255;
// A lithium cell under light load: empty for our purposes at 3.3 V, full at 4.15 V, near enough to a line between them.
const EMPTY_VOLTS = 3.3;
const FULL_VOLTS = 4.15;
// Apart, because a cell that rests rises without being charged: 15 percent are 0.13 V.
export const LOW_PERCENT = 15;
export const RECOVERED_PERCENT = 30;

/** Percent of charge, 0-100, of a cell at `volts`. */
export function batteryPercent(volts: number): number {
  const percent = Math.round(((volts - EMPTY_VOLTS) * 100) / (FULL_VOLTS - EMPTY_VOLTS));
  return percent < 0 ? 0 : Math.min(percent, 100);
}

/**
 * Percent to go by, from the one so far and a new reading: never more than one step, so that neither noise nor what a loudspeaker
 * draws for a moment makes a toy look empty. BATTERY_UNKNOWN so far: the reading.
 */
export function steadyPercent(percent: number, reading: number): number {
  if (percent === BATTERY_UNKNOWN || percent === reading) return reading;
  return reading > percent ? percent + 1 : percent - 1;
}

/** True while the battery is low: from LOW_PERCENT down, until RECOVERED_PERCENT. Never where nobody knows. */
export function isLowAt(percent: number, wasLow: boolean): boolean {
  return percent <= (wasLow ? RECOVERED_PERCENT : LOW_PERCENT);
}
