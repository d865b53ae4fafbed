// Signed programs of a maker of tests, and a whole order for a board.
import { FLASH_BOARDS, type FlashBoard } from '#app/flash/boards.ts';
import type { TagKeeper } from '#app/flash/identity.ts';
import type { MadeProgram } from '#app/flash/program.ts';
import type { FlashOrder } from '#app/flash/toy.ts';
import { readImage } from '#cli/flash/image-folder.ts';
import { signProgram } from '#protocol/program/head.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import type { Board } from './board.ts';

/** A simulated chip answers at once. */
export const QUICK = { answerMs: 400, startMs: 5000, resets: 3 };
const VERSION = 100;

/** A program of `length` letters. `maker` tells makers apart. */
export function madeProgram(
  board: number,
  { version = VERSION, length = 9001, maker = 1 } = {},
): MadeProgram {
  const keys = signKeys(new Uint8Array(32).fill(maker));
  const code = Uint8Array.from({ length }, (_, i) => 32 + ((i * 7919 + version) % 90));
  const signed = signProgram(board, version, code, (message) => signDigest(message, keys.secret));
  return { signed, maker: keys.publicKey };
}

export function flashBoard(name = 'c3-plush'): FlashBoard {
  return FLASH_BOARDS.find((board) => board.name === name)!;
}

/** An order for the board on this cable. `image` is a folder. */
export function orderOn(board: Board, image: string, tags: TagKeeper, name?: string): FlashOrder {
  const facts = flashBoard(name);
  return {
    port: board.port,
    board: facts,
    image: readImage(image, facts.chip),
    program: madeProgram(facts.number),
    baud: 460_800,
    tags,
    patience: QUICK,
  };
}
