// The bounds of a good unit, and where each comes from. None has been tried on a real unit yet: the first ten on a bench will move some of them.
// Levels are in dBFS as plush.level has them: an RMS against the highest value, so that a data sheet's "dBFS of a sine" is 3 more than ours.
import type { Microphone } from '#boards/wiring/facts.ts';
import type { Bounds } from './result.ts';

/** Under this there is no sound at all, only a wire that always says the same. */
export const DEAD_LEVEL = -130;

/** The room while nobody speaks. */
export function quietBounds(microphone: Microphone): Bounds {
  if (microphone.kind === 'pdm')
    return {
      least: -104,
      most: -50,
      unit: 'dBFS',
      source:
        'ours: 16 bits end at -98; the gain of the chip’s PDM filter is not known to us, so these are wide',
    };
  return {
    least: -96,
    most: -55,
    unit: 'dBFS',
    source:
      'INMP441 data sheet: -26 dBFS at 94 dB SPL, signal to noise 61 dBA, so its own noise is -90 here, and a loud workshop of 68 dB SPL is -55',
  };
}

/** How much louder it gets when somebody speaks into it from a hand's breadth. */
export const RISE: Bounds = {
  least: 12,
  most: 100,
  unit: 'dB',
  source: 'ours: speech at 10 cm is about 80 dB SPL, a quiet room 40 to 60',
};

/** The test tone. */
export const TONE_HZ = 1000;
export const TONE_MS = 600;
export const TONE_VOLUME = 100;

/** The tone, as the microphone hears it. */
export const TONE: Bounds = {
  least: -75,
  most: -25,
  unit: 'dBFS',
  source:
    'firmware/native/level.c: at most 81 dB SPL at 2.5 cm; that is 75 to 60 dB SPL at 5 to 25 cm, -48 to -63 with an INMP441, less through cloth',
};
/** How far it must stand above the same pitch when nothing is played. */
export const TONE_OVER_ROOM_DB = 12;

/** The cell, on its charger or not. */
export const CELL: Bounds = {
  least: 3.4,
  most: 4.4,
  unit: 'V',
  source:
    'firmware/battery.ts: empty at 3.3 V; a lithium cell ends at 4.2 V, and an ESP32’s ADC may be 5 % off until it is measured',
};

/** For a touch, and for letting go again. */
export const TOUCH: Bounds = { least: 0, most: 20, unit: 's', source: 'ours' };
