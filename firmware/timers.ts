// Time, as the organs are handed it: Espruino's on the toy, a test's otherwise.

/** The one packet length of Pawpost, in ms. */
export const PACKET_MS = 60;

export interface Timers {
  /** Seconds, with a fraction, since any fixed moment before power-on. */
  now(): number;
  /** Runs `action` once after `delayMs`; the result cancels it. */
  after(action: () => void, delayMs: number): number;
  cancel(timer: number): void;
}
