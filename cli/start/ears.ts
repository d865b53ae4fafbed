// The simulated toy's microphone, fed by a page: samples that arrive in bursts are handed out in the toy's own rhythm.
import { createMicrophone, type Microphone, SAMPLE_HZ } from '#firmware/simulator/sound.ts';
import type { EarsKind } from './wire.ts';

/** Sound that must wait before any is handed out, beyond what is asked for: the bursts of a busy browser come this unevenly. */
const CUSHION_SAMPLES = SAMPLE_HZ * 0.05;
/** Sound that waits at most: a page that sends faster than the toy listens loses the oldest. */
const RING_SAMPLES = SAMPLE_HZ * 2;

export interface Ears extends Microphone {
  /** From the next opening on. */
  choose(kind: EarsKind): void;
  /** More sound from the page; dropped while the microphone is closed. */
  hear(samples: Int16Array): void;
}

/** `voice`: what is heard where a page has no microphone. */
export function createEars(voice: Int16Array): Ears {
  const builtIn = createMicrophone(voice);
  let chosen: EarsKind = 'built-in';
  let isOpen = false;
  let waiting = new Int16Array(0);
  let isFlowing = false;

  return {
    choose: (kind) => {
      chosen = kind;
    },
    hear: (samples) => {
      if (!isOpen) return;
      const joined = new Int16Array(waiting.length + samples.length);
      joined.set(waiting);
      joined.set(samples, waiting.length);
      waiting = joined.subarray(Math.max(0, joined.length - RING_SAMPLES));
    },
    open: () => {
      isOpen = true;
      isFlowing = false;
      waiting = new Int16Array(0);
      builtIn.open();
    },
    take: (count) => {
      if (chosen === 'built-in') return builtIn.take(count);
      if (waiting.length < count) isFlowing = false;
      else if (waiting.length >= count + CUSHION_SAMPLES) isFlowing = true;
      const out = new Int16Array(count);
      if (!isFlowing) return out;
      out.set(waiting.subarray(0, count));
      waiting = waiting.subarray(count);
      return out;
    },
    close: () => {
      isOpen = false;
    },
  };
}
