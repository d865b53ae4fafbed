// What the simulated toy hears and says: 16 kHz mono samples of 16 bits, from and to whatever a test, a demo or a file offers.

/** Samples per second of everything the toy hears and says. */
export const SAMPLE_HZ = 16_000;

/** Where the simulated microphone gets its sound. */
export interface Microphone {
  /** The toy has opened its microphone. */
  open(): void;
  /** The next samples, exactly `count`; silence where there is no sound. */
  take(count: number): Int16Array;
  close(): void;
}

/** Where the simulated speaker puts its sound. */
export interface Speaker {
  /** Something begins to play, at `volume` percent; samples come at full scale. */
  open(volume: number): void;
  /** Samples at the moment they are heard. */
  write(samples: Int16Array): void;
  close(): void;
  /** A built-in sound of `plush.tone`. */
  tone(sound: number, volume: number): void;
}

/** A speaker that remembers all it has played. */
export interface RememberingSpeaker extends Speaker {
  /** One element for each time the speaker was opened. */
  readonly played: Int16Array[];
  /** Percent, for each of them. */
  readonly volumes: number[];
  readonly tones: { sound: number; volume: number }[];
}

/** Plays `samples` from their beginning each time the microphone opens, then silence. */
export function createMicrophone(samples: Int16Array): Microphone {
  let at = 0;
  return {
    open: () => {
      at = 0;
    },
    take: (count) => {
      const out = new Int16Array(count);
      out.set(samples.subarray(at, at + count));
      at += count;
      return out;
    },
    close: () => {},
  };
}

/** A speaker in memory. */
export function createRememberingSpeaker(): RememberingSpeaker {
  const played: Int16Array[] = [];
  const volumes: number[] = [];
  const tones: { sound: number; volume: number }[] = [];
  return {
    played,
    volumes,
    tones,
    open: (volume) => {
      volumes.push(volume);
      played.push(new Int16Array(0));
    },
    write: (samples) => {
      const last = played.pop() ?? new Int16Array(0);
      const longer = new Int16Array(last.length + samples.length);
      longer.set(last);
      longer.set(samples, last.length);
      played.push(longer);
    },
    close: () => {},
    tone: (sound, volume) => {
      tones.push({ sound, volume });
    },
  };
}
