// What is flashed, put together from names and folders of this machine.
import type { FlashOrder } from '#app/flash/toy.ts';
import { CHIPS } from '#boards/wiring/chips.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import { buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';
import { CommandError } from '../failure.ts';
import { readImage } from './image-folder.ts';

/** Image and program for a board. `image` is the folder of the image's files, `version` this project's. @throws FlashError, CommandError. */
export async function orderFor(
  board: string,
  image: string,
  version: string,
): Promise<Pick<FlashOrder, 'board' | 'chip' | 'image' | 'program'>> {
  const chip = CHIPS[(await wiringOf(board)).chip];
  const parts = readImage(image, chip);
  const { code, bytes, hash } = await buildToy(board);
  if (bytes > TOY_BYTES_LIMIT)
    throw new CommandError(`the program is ${bytes - TOY_BYTES_LIMIT} bytes too large`, 'It must shrink.');
  return { board, chip, image: parts, program: { code, hash, version } };
}

/** Parts and wires of a board; none for a board that is none. */
async function wiringOf(name: string): Promise<Wiring> {
  const board = (await import(`#boards/${name}.ts`)) as Board;
  if (board.WIRING === '')
    throw new CommandError(
      `${name} is no board with a cable`,
      'It is for tests; choose a board of hardware.',
    );
  return ((await import(`#boards/wiring/${board.WIRING}.ts`)) as { wiring: Wiring }).wiring;
}
