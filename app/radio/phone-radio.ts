// What the app wants of a phone's radio beyond a bridge's: a person chooses the toy, and the bytes are counted.
import type { Radio } from '#bridge/radio.ts';

export interface PhoneRadio extends Radio {
  /**
   * Lets the person choose a toy that is near: in a click, as browsers want it. From then on `scan` reports it. False: nothing was
   * chosen. @throws RadioError.
   */
  choose(): Promise<boolean>;
  /** There is something that `scan` could report: a toy was chosen, now or before. */
  readonly knowsToys: boolean;
}
