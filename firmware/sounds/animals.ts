// The sixteen animals, each as the animal would say it where a few notes can: what a parent compares by ear, so no two may be alike.
import type { Animal } from '#protocol/link/animals.ts';
import { glide, type Note, rest, type Voice } from './note.ts';

const bark = glide(
  { wave: 'saw', breath: 25, attackMs: 8, releaseMs: 60 },
  [0, 430, 100, 'u'],
  [150, 210, 80, 'a'],
);
const quack = glide(
  { wave: 'reed', attackMs: 8, releaseMs: 50, tremble: { hz: 45, loud: 40 } },
  [0, 330, 100, 'q'],
  [150, 250, 70, 'a'],
);
const croaking: Voice = { wave: 'reed', attackMs: 10, releaseMs: 30, tremble: { hz: 38, loud: 90 } };
const croak = [
  ...glide(croaking, [0, 120, 80, 'o'], [130, 150, 100, 'a']),
  ...glide(croaking, [0, 170, 100, 'a'], [210, 200, 100, 'e']),
];
const squeak = glide({ attackMs: 10, releaseMs: 30 }, [0, 2500, 100], [90, 3300, 80]);
const grunt = glide(
  { wave: 'saw', breath: 35, attackMs: 10, releaseMs: 60, tremble: { hz: 34, loud: 45 } },
  [0, 170, 70, 'o'],
  [60, 300, 100, 'q'],
  [160, 210, 60, 'i'],
);
const hoot: Voice = { breath: 4, attackMs: 40, releaseMs: 60 };
const crow: Voice = { wave: 'square', attackMs: 12, releaseMs: 30 };
const third = [
  ...glide({ attackMs: 20, releaseMs: 50 }, [0, 784, 100], [140, 784, 100]),
  rest(60),
  ...glide({ attackMs: 25, releaseMs: 110 }, [0, 622, 100], [260, 622, 80]),
];

export const ANIMAL_NOTES: Record<Animal, readonly Note[]> = {
  // mi-a-ow
  cat: glide(
    { wave: 'saw', attackMs: 40, releaseMs: 150 },
    [0, 480, 40, 'm'],
    [160, 640, 80, 'i'],
    [220, 760, 100, 'a'],
    [420, 430, 50, 'u'],
  ),
  // wow, wow
  dog: [...bark, rest(120), ...bark],
  // mmm-ooo
  cow: glide(
    { wave: 'saw', attackMs: 80, releaseMs: 250 },
    [0, 140, 60, 'm'],
    [260, 165, 90, 'm'],
    [120, 165, 100, 'u'],
    [700, 130, 70, 'o'],
  ),
  // me-e-e-eh
  sheep: glide(
    { wave: 'saw', attackMs: 20, releaseMs: 120, tremble: { hz: 8, pitch: 6, loud: 75 } },
    [0, 330, 50, 'm'],
    [80, 380, 100, 'e'],
    [720, 330, 70, 'a'],
  ),
  // quack, quack, quack
  duck: [...quack, rest(70), ...quack, rest(70), ...quack],
  // cro-ak, cro-ak
  frog: [...croak, rest(160), ...croak],
  // hu, hu-huuu
  owl: [
    ...glide(hoot, [0, 400, 100], [180, 410, 100]),
    rest(180),
    ...glide(hoot, [0, 400, 100], [120, 420, 100]),
    rest(40),
    ...glide(
      { ...hoot, releaseMs: 250, tremble: { hz: 6, pitch: 1, loud: 20 } },
      [0, 420, 100],
      [600, 370, 70],
    ),
  ],
  // a whinny, down the stairs
  horse: glide(
    { wave: 'saw', breath: 16, attackMs: 30, releaseMs: 120, tremble: { hz: 13, pitch: 9, loud: 60 } },
    [0, 700, 50, 'i'],
    [180, 1150, 100, 'e'],
    [700, 520, 80, 'a'],
    [220, 300, 40, 'u'],
  ),
  // a roar
  lion: glide(
    { wave: 'saw', breath: 50, attackMs: 80, releaseMs: 300, tremble: { hz: 29, pitch: 5, loud: 55 } },
    [0, 85, 50, 'u'],
    [220, 150, 100, 'r'],
    [100, 150, 100, 'a'],
    [780, 75, 60, 'r'],
  ),
  // bzzzz, past the ear
  bee: glide(
    { wave: 'reed', attackMs: 100, releaseMs: 150, tremble: { hz: 19, pitch: 4, loud: 25 } },
    [0, 190, 30],
    [400, 235, 70],
    [350, 255, 100],
    [100, 225, 100],
    [350, 180, 20],
  ),
  // eek, eek-eek
  mouse: [...squeak, rest(160), ...squeak, rest(50), ...squeak],
  // ki-ke-ri-kiii
  rooster: [
    ...glide(crow, [0, 560, 100, 'i'], [130, 620, 100, 'i']),
    ...glide(crow, [0, 700, 100, 'e'], [130, 740, 100, 'e']),
    ...glide(crow, [0, 800, 100, 'i'], [110, 860, 100, 'i']),
    ...glide({ ...crow, releaseMs: 200 }, [0, 900, 100, 'i'], [250, 1150, 100, 'e'], [480, 640, 60, 'i']),
  ],
  // oink, oink, and a snort
  pig: [
    ...grunt,
    rest(110),
    ...grunt,
    rest(130),
    ...glide(
      { wave: 'saw', breath: 85, attackMs: 20, releaseMs: 80, tremble: { hz: 36, loud: 90 } },
      [0, 90, 90, 'q'],
      [280, 70, 60, 'm'],
    ),
  ],
  // a trumpet
  elephant: glide(
    { wave: 'square', breath: 24, attackMs: 30, releaseMs: 150, tremble: { hz: 33, pitch: 5, loud: 45 } },
    [0, 330, 50],
    [160, 620, 90],
    [520, 720, 100],
    [280, 430, 40],
  ),
  // a-ooooo
  wolf: glide(
    { wave: 'saw', attackMs: 100, releaseMs: 250, tremble: { hz: 5, pitch: 1 } },
    [0, 300, 60, 'a'],
    [420, 600, 100, 'u'],
    [500, 590, 100, 'u'],
    [460, 330, 30, 'm'],
  ),
  // cu-ckoo, cu-ckoo: a third, down
  cuckoo: [...third, rest(160), ...third],
};
