// The sixteen animals, for hosts to draw and name; the toy knows them only as its sounds 0-15.

/** In the order of the sounds. Chosen to be told apart by ear, by a picture and by name. */
export const ANIMALS = [
  'cat',
  'dog',
  'cow',
  'sheep',
  'duck',
  'frog',
  'owl',
  'horse',
  'lion',
  'bee',
  'mouse',
  'rooster',
  'pig',
  'elephant',
  'wolf',
  'cuckoo',
] as const;

export type Animal = (typeof ANIMALS)[number];
