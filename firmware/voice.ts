// The toy's own sounds: animals, and what it says about itself. Silent in the quiet hours and while the microphone is open.
import type { Plush } from './native/native.d.ts';
import type { Timers } from './timers.ts';

/** Numbers of the built-in sounds (firmware/sounds/score.ts); 0-15 are the animals. */
export const SOUND_PAIRED = 16;
export const SOUND_NO = 17;
export const SOUND_NEW_FAMILY = 18;
export const SOUND_PAIRING = 19;
export const SOUND_SENT = 20;
export const SOUND_FULL = 21;
export const SOUND_BATTERY_LOW = 22;
export const SOUND_FORGETTING = 23;
export const SOUND_NOBODYS = 24;
export const SOUND_NEW_PROGRAM = 25;
/** From one animal to the next. */
const ANIMAL_MS = 1500;

export interface Voice {
  sing(sound: number): void;
  /** The animals (each 0-15), one after the other. */
  singAnimals(animals: Uint8Array): void;
}

/** `volumeOf` gives percent; 0 keeps the toy silent. */
export function createVoice(plush: Plush, timers: Timers, volumeOf: () => number): Voice {
  let animals: Uint8Array = new Uint8Array(0);
  /** Beyond the length: nothing is under way. The last one is, until it has been heard. */
  let next = 1;

  function sing(sound: number): void {
    const volume = volumeOf();
    if (volume > 0) plush.tone(sound, volume);
  }
  function singNext(): void {
    if (next < animals.length) sing(animals[next]!);
    next++;
    if (next <= animals.length) timers.after(singNext, ANIMAL_MS);
  }
  return {
    sing: sing,
    singAnimals: (newAnimals) => {
      const isSinging = next <= animals.length;
      animals = newAnimals;
      next = 0;
      if (!isSinging) singNext();
    },
  };
}
