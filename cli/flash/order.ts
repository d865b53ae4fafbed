// What is flashed, put together from names, folders and keys of this machine.
import type { KeyObject } from 'node:crypto';
import { FLASH_BOARDS } from '#app/flash/boards.ts';
import type { FlashOrder } from '#app/flash/toy.ts';
import { publicBytes } from '../app/signing.ts';
import { CommandError } from '../failure.ts';
import { releasesOf } from '../release.ts';
import { readImage } from './image-folder.ts';

/** Image and signed program for a board. `image` is the folder of the image's files, `key` the maker's. @throws FlashError, CommandError. */
export async function orderFor(
  name: string,
  image: string,
  key: KeyObject,
): Promise<Pick<FlashOrder, 'board' | 'image' | 'program'> & { release: string }> {
  const board = FLASH_BOARDS.find((each) => each.name === name);
  if (board === undefined)
    throw new CommandError(
      `${name} is no board with a cable`,
      `Choose one of ${FLASH_BOARDS.map((each) => each.name).join(', ')}.`,
    );
  const parts = readImage(image, board.chip);
  const [made] = await releasesOf(key, [name]);
  const program = { signed: made!.program, maker: new Uint8Array(publicBytes(key)) };
  return { board, image: parts, program, release: made!.version };
}
