// Whose hand is on the paw: one page at a time, and never a hand that has gone.
import type { Ears } from './ears.ts';
import type { EarsKind } from './wire.ts';

/** A touch this long is a recording, not a tap (twice the toy's tap of 500 ms would be too late to tell a short word). */
const RECORDING_MS = 700;
/** How late a page's sound arrives: the paw is held so much longer, or the last word would lose its end. */
const LATE_MS = 150;

export interface Paw {
  /** False: somebody else holds it. */
  press(page: object, ears: EarsKind): boolean;
  release(page: object): void;
  /** True: what this page's microphone hears is for the toy. */
  isHeldBy(page: object): boolean;
}

export function createPaw(toy: { press(): void; release(): void }, ears: Ears): Paw {
  let holder: object | null = null;
  let pressedMs = 0;
  let letGo: NodeJS.Timeout | null = null;

  return {
    press: (page, kind) => {
      if (holder !== null) return false;
      holder = page;
      pressedMs = performance.now();
      ears.choose(kind);
      toy.press();
      return true;
    },
    release: (page) => {
      if (holder !== page || letGo !== null) return;
      const isRecording = performance.now() - pressedMs >= RECORDING_MS;
      letGo = setTimeout(
        () => {
          letGo = null;
          holder = null;
          toy.release();
        },
        isRecording ? LATE_MS : 0,
      );
    },
    isHeldBy: (page) => holder === page,
  };
}
