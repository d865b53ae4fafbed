// From a board out of its box to a toy: image, program, tag; then power off and on, and a look at what it remembers.
import { idText } from '#protocol/family/member.ts';
import type { FlashBoard } from './boards.ts';
import { type BootLoader, openBootLoader, PATIENT, type Patience } from './boot-loader.ts';
import {
  CONSOLE_PATIENCE,
  type Console,
  ConsoleFault,
  type ConsolePatience,
  openConsole,
} from './console.ts';
import { FlashError } from './failure.ts';
import { askToyId, giveTag, holdsTag, type TagKeeper } from './identity.ts';
import type { ImagePart } from './image.ts';
import type { ChipPort } from './port.ts';
import { isProgramRunning, type MadeProgram, ownToy, requireProgram, writeProgram } from './program.ts';
import type { Reporter } from './reporter.ts';
import { resetChip } from './reset.ts';
import { writeImage } from './write.ts';

export interface FlashOrder {
  port: ChipPort;
  board: FlashBoard;
  image: readonly ImagePart[];
  program: MadeProgram;
  baud: number;
  tags: TagKeeper;
  patience?: Patience & ConsolePatience;
}

export interface FlashedToy {
  toyId: string;
  tagSecret: Uint8Array;
  /** Bytes of image and program that were not there before. */
  sent: number;
}

/** Does all of it; after a failure, again, without doing twice what was done. @throws FlashError, and what the tags' keeper throws. */
export async function flashToy(order: FlashOrder, reporter: Reporter): Promise<FlashedToy> {
  const { port, board, program, patience = { ...PATIENT, ...CONSOLE_PATIENCE } } = order;
  requireProgram(program, board);
  const sent = await writeAll(order, patience, reporter);

  reporter.step('start');
  const console = await openConsole(port, patience);
  let toyId: string;
  let tagSecret: Uint8Array;
  try {
    // A program from before would take the memory and the time.
    await console.restart('reset()');
    await requireModules(console);
    reporter.step('tag');
    await ownToy(console, program.maker, board);
    toyId = idText(await askToyId(console));
    tagSecret = await giveTag(console, toyId, order.tags);
    reporter.step('check');
    await resetChip(port);
  } finally {
    await console.close();
  }
  await check(port, patience, toyId, tagSecret);
  return { toyId, tagSecret, sent };
}

async function writeAll(
  { port, board, image, program, baud }: FlashOrder,
  patience: Patience,
  reporter: Reporter,
): Promise<number> {
  reporter.step('connect');
  let loader: BootLoader | undefined;
  try {
    loader = await openBootLoader(port, baud, patience);
    if (loader.chip !== board.chip.name)
      throw new FlashError(
        'wrong-chip',
        `the chip on the cable is an ${loader.chip}; ${board.name} has an ${board.chip.name}`,
      );
    await loader.begin();
    reporter.step('image');
    const total = image.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const { sent } = await writeImage(loader, image, (bytes) => reporter.progress(bytes, total));
    reporter.step('program');
    const sentToo = await writeProgram(loader, program, board, (bytes, all) => reporter.progress(bytes, all));
    await loader.restart();
    return sent + sentToo;
  } catch (error) {
    await loader?.close();
    throw error;
  }
}

async function requireModules(console: Console): Promise<void> {
  try {
    await console.ask('require("sodium").has(0)');
    await console.ask('typeof require("plush").record');
    await console.ask('typeof require("program").own');
  } catch (error) {
    if (!(error instanceof ConsoleFault)) throw error;
    throw new FlashError('modules', 'the image lacks Pawpost’s own parts', error);
  }
}

/** What a toy has forgotten by its first morning it must not be handed over without; nor one that sleeps on. */
async function check(
  port: ChipPort,
  patience: ConsolePatience,
  toyId: string,
  tagSecret: Uint8Array,
): Promise<void> {
  // The program runs beside the console now, and must not be interrupted.
  const console = await openConsole(port, patience, true);
  try {
    if (idText(await askToyId(console)) !== toyId || !(await holdsTag(console, tagSecret)))
      throw new FlashError('storage', 'the toy has forgotten who it is');
    if (!(await isProgramRunning(console)))
      throw new FlashError('asleep', 'the toy does not start its program');
  } finally {
    await console.close();
  }
}
