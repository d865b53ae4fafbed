// docs/building-a-toy.md: every board with its drawing, no path that is not there, and the hard words where they belong.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { everyBoard } from './every-board.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEXT = readFileSync(`${ROOT}docs/building-a-toy.md`, 'utf8');
const boards = await everyBoard();

describe('the guide for makers', () => {
  it('shows every board, by name, with its drawing', () => {
    for (const { name } of boards.filter((built) => built.name !== 'c3-stock')) {
      expect(TEXT).toContain(`(\`${name}\`)`);
      expect(TEXT).toContain(`(boards/${name}.svg)`);
    }
  });

  it('names no file that is not there', () => {
    for (const [, link] of TEXT.matchAll(/\]\(([^)]+)\)/g))
      expect(existsSync(`${ROOT}docs/${link}`), link).toBe(true);
    for (const [, path] of TEXT.matchAll(/`((?:boards|firmware|docs|test)\/[\w./-]*)`/g))
      expect(existsSync(`${ROOT}${path}`), path).toBe(true);
  });

  it('names the pins that the reference toy shares, and those that stay empty', () => {
    const { wiring } = boards.find(({ name }) => name === 'c3-plush')!;
    const { clock, select } = wiring.microphone;
    expect(TEXT).toContain(`share GPIO ${clock.pin} and GPIO ${select!.pin}`);
    expect(TEXT).toContain('GPIO 2, 8 and 9 stay empty');
  });

  it('says what keeps a child safe, and that nothing has been on a chip', () => {
    for (const words of [
      'Nobody has built one yet',
      'with its own protection board',
      'outside the child’s bed'.replace('’', "'"),
      'Strain relief',
      'Never over night',
      '80 dB(A)',
      'there is no tool yet',
      'What has never been on a chip',
    ])
      expect(TEXT).toContain(words);
  });
});
