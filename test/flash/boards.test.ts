// What can be flashed is every board of hardware, by the facts of boards/.
import { expect, it } from 'vitest';
import { FLASH_BOARDS } from '#app/flash/boards.ts';
import { CHIPS } from '#boards/wiring/chips.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import { boardNames } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';

it('every board with a cable can be flashed', async () => {
  const names: string[] = [];
  for (const name of boardNames()) {
    const board = (await import(`#boards/${name}.ts`)) as Board;
    if (board.WIRING === '') continue;
    names.push(name);
    const { wiring } = (await import(`#boards/wiring/${board.WIRING}.ts`)) as { wiring: Wiring };
    expect(FLASH_BOARDS.find((made) => made.name === name)).toEqual({
      name,
      number: board.BOARD_NUMBER,
      title: wiring.title,
      chip: CHIPS[wiring.chip],
      image: wiring.image,
      programsAddress: board.PROGRAMS_ADDRESS,
    });
  }
  expect(FLASH_BOARDS.map(({ name }) => name).sort()).toEqual(names.sort());
});
