// The score as the toy's C takes it: the text of firmware/native/score.h, which is kept in the tree; `npm run check` holds it against this.
import { mouthNumbers, VOWELS } from './mouth.ts';
import type { Row } from './render.ts';
import { SCORE } from './score.ts';
import { tableOf } from './table.ts';

const COLUMNS: [type: string, name: keyof Row][] = [
  ['uint16_t', 'ms'],
  ['uint16_t', 'fromPitch'],
  ['uint16_t', 'toPitch'],
  ['uint16_t', 'attackMs'],
  ['uint16_t', 'releaseMs'],
  ['uint8_t', 'wave'],
  ['uint8_t', 'breath'],
  ['uint8_t', 'fromMouth'],
  ['uint8_t', 'toMouth'],
  ['uint8_t', 'fromLoud'],
  ['uint8_t', 'toLoud'],
  ['uint8_t', 'trembleHz'],
  ['uint8_t', 'tremblePitch'],
  ['uint8_t', 'trembleLoud'],
];

/** The whole file. */
export function scoreHeader(): string {
  const tables = SCORE.map((_, number) => tableOf(number));
  const rows = tables.map(({ name, rows }, number) => {
    const lines = rows.map((row) => `  {${COLUMNS.map(([, column]) => row[column]).join(', ')}},`);
    return [`  // ${number} ${name}`, ...lines].join('\n');
  });
  let first = 0;
  const sounds = tables.map(({ name, gain, rows }) => {
    const line = `  {${first}, ${rows.length}, ${gain}}, // ${name}`;
    first += rows.length;
    return line;
  });
  return `// The score: made from firmware/sounds by \`npm run toy:sounds\`, which says what the numbers are; not to be edited.
#ifndef PAWPOST_SCORE_H
#define PAWPOST_SCORE_H
#include <stdint.h>

// Pitch in eighths of a Hz, breath in 256ths, loudness and trembling in percent.
typedef struct {
${COLUMNS.map(([type, name]) => `  ${type} ${name};`).join('\n')}
} Note;

typedef struct {
  uint16_t first, count; // of NOTES
  uint16_t gain;         // 12 bits of fraction
} Sound;

// Three resonances each, b and c, 14 bits of fraction.
static const int16_t MOUTHS[${VOWELS.length}][6] = {
${VOWELS.map((vowel) => `  {${mouthNumbers(vowel).join(', ')}}, // ${vowel}`).join('\n')}
};

static const Note NOTES[${first}] = {
${rows.join('\n')}
};

static const Sound SOUNDS[] = {
${sounds.join('\n')}
};

#endif
`;
}
