// The C of the ESP32 knows paw and heart for the time in which no program runs; boards/ is where they are decided.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHIPS } from '#boards/wiring/chips.ts';
import { everyBoard } from './every-board.ts';

const SOURCE = readFileSync(new URL('../../firmware/native/toy_pins_esp32.h', import.meta.url), 'utf8');
const NAMES = ['PAW_PIN', 'PAW_ACTIVE', 'HEART_PIN', 'HEART_ACTIVE'] as const;

/** What the header says for a board: the lines after its name. */
function pinsOf(board: string): Record<string, number> {
  const name = `PAWPOST_BOARD_${board.toUpperCase().replaceAll('-', '_')}`;
  const lines = SOURCE.slice(SOURCE.indexOf(name))
    .split('\n')
    .slice(1, 1 + NAMES.length);
  return Object.fromEntries(
    lines.map((line) => {
      const [, word, value] = /^#define (\w+) (\d+)$/.exec(line)!;
      return [word, Number(value)];
    }),
  );
}

const boards = await everyBoard();

describe('toy_pins_esp32.h', () => {
  it.each(boards.map((built) => [built.name, built] as const))('%s', (_, { board }) => {
    expect(pinsOf(board.WIRING)).toEqual(Object.fromEntries(NAMES.map((name) => [name, board[name]])));
  });
});

describe('a paw', () => {
  it.each(boards.map((built) => [built.name, built] as const))(
    'wakes the chip of %s, or the board says so',
    (_, built) => {
      const { board, wiring } = built;
      expect(board.PAW_WAKES).toBe(CHIPS[wiring.chip].wake.includes(board.PAW_PIN) && !wiring.paw.cannotWake);
    },
  );
});
