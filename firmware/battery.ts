// The battery: from the cell's voltage to percent.

/** Nobody knows (protocol/README.md section 6). */
export const BATTERY_UNKNOWN = 255;
// A lithium cell under light load: empty for our purposes at 3.3 V, full at 4.15 V, near enough to a line between them.
const EMPTY_VOLTS = 3.3;
const FULL_VOLTS = 4.15;

/** Percent of charge, 0-100, of a cell at `volts`. */
export function batteryPercent(volts: number): number {
  const percent = Math.round(((volts - EMPTY_VOLTS) * 100) / (FULL_VOLTS - EMPTY_VOLTS));
  return percent < 0 ? 0 : Math.min(percent, 100);
}
