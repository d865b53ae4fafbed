// Boards differ in numbers alone: what is known of one program is known of all, and the facts for makers cost the toy no byte.
import { describe, expect, it } from 'vitest';
import { boardNames } from '#firmware/build/build.ts';
import { builtToy } from '#test/support/built-toys.ts';

const built = new Map<string, string>();
for (const board of boardNames()) built.set(board, (await builtToy(board)).code);

/** The program without its numbers, and without the line breaks that their lengths decide. */
const shape = (code: string) => code.replace(/\s+/g, '').replace(/\b\d[\w.]*/g, '0');

describe('the programs of the boards', () => {
  it.each(['esp32-devkitc', 's3-devkitc', 'xiao-s3-sense', 't-circle-s3'])(
    '%s is c3-plush with other pins',
    (board) => {
      expect(shape(built.get(board)!) === shape(built.get('c3-plush')!)).toBe(true);
    },
  );

  it('atom-echo is linux, which has no battery either, with other pins and a paw that is low while pressed', () => {
    const atom = shape(built.get('atom-echo')!).replace('input_pullup', 'input_pulldown');
    expect(atom === shape(built.get('linux')!)).toBe(true);
    expect(atom === shape(built.get('c3-plush')!)).toBe(false);
  });

  it.each([...built.keys()])('%s carries no word for makers', (board) => {
    for (const word of ['INMP441', 'MAX98357A', 'soldered', 'wiring', 'Espressif'])
      expect(built.get(board)!.includes(word)).toBe(false);
  });
});
