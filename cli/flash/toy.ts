// From a board out of its box to a toy: image, program, tag; then power off and on, and a look at what it remembers.
import { CHIPS } from '#boards/wiring/chips.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import { buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';
import { idText } from '#protocol/family/member.ts';
import { CommandError } from '../failure.ts';
import { type BootLoader, openBootLoader, PATIENT, type Patience } from './boot-loader.ts';
import {
  CONSOLE_PATIENCE,
  type Console,
  ConsoleFault,
  type ConsolePatience,
  openConsole,
} from './console.ts';
import { FlashError } from './failure.ts';
import { askToyId, giveTag, holdsTag } from './identity.ts';
import { type ImagePart, readImage } from './image.ts';
import type { ChipPort } from './port.ts';
import { PROGRAM_FILE, putFile } from './program.ts';
import type { Reporter } from './progress.ts';
import { resetChip } from './reset.ts';
import { writeImage } from './write.ts';

/** File of Storage that says what was put in: JSON of board, version and the program's SHA-256. */
export const RECORD_FILE = 'pawpost';

export interface FlashOrder {
  port: ChipPort;
  board: string;
  /** Folder of the image's files. */
  image: string;
  baud: number;
  /** Of this project; it is recorded in the toy. */
  version: string;
  /** Where the toy with this id has its tag. */
  tagPath: (toyId: string) => string;
  patience?: Patience & ConsolePatience;
}

export interface FlashedToy {
  toyId: string;
  tagPath: string;
  tagSecret: Uint8Array;
  /** SHA-256 of the program, hex. */
  program: string;
  /** Bytes of the image that were not there before. */
  sent: number;
}

/** Does all of it; after a failure, again, without doing twice what was done. @throws FlashError, CommandError. */
export async function flashToy(order: FlashOrder, reporter: Reporter): Promise<FlashedToy> {
  const { port, patience = { ...PATIENT, ...CONSOLE_PATIENCE } } = order;
  const chip = CHIPS[(await wiringOf(order.board)).chip];
  const parts = readImage(order.image, chip);
  const built = await buildToy(order.board);
  if (built.bytes > TOY_BYTES_LIMIT)
    throw new CommandError(
      `the program is ${built.bytes - TOY_BYTES_LIMIT} bytes too large`,
      'It must shrink.',
    );
  const sent = await writeAll(order, chip.name, parts, patience, reporter);

  reporter.step('start');
  const console = await openConsole(port, patience);
  let toyId: string;
  let tagPath: string;
  let tagSecret: Uint8Array;
  try {
    // A program from before would take the memory and the time.
    await console.restart('reset()');
    await requireModules(console);
    reporter.step('program');
    const program = Buffer.from(built.code, 'latin1');
    await putFile(console, PROGRAM_FILE, program, (bytes) => reporter.progress(bytes, program.length));
    const record = { board: order.board, version: order.version, program: built.hash };
    await putFile(console, RECORD_FILE, Buffer.from(JSON.stringify(record)), () => {});
    reporter.step('tag');
    toyId = idText(await askToyId(console));
    tagPath = order.tagPath(toyId);
    tagSecret = await giveTag(console, tagPath);
    reporter.step('check');
    await resetChip(port);
  } finally {
    await console.close();
  }
  await check(port, patience, toyId, tagSecret);
  return { toyId, tagPath, tagSecret, program: built.hash, sent };
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

async function writeAll(
  order: FlashOrder,
  chipName: string,
  parts: readonly ImagePart[],
  patience: Patience,
  reporter: Reporter,
): Promise<number> {
  reporter.step('connect');
  let loader: BootLoader | undefined;
  try {
    loader = await openBootLoader(order.port, order.baud, patience);
    if (loader.chip !== chipName)
      throw new FlashError(
        'wrong-chip',
        `the chip on the cable is an ${loader.chip}; ${order.board} has an ${chipName}`,
      );
    await loader.begin();
    reporter.step('image');
    const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const { sent } = await writeImage(loader, parts, (bytes) => reporter.progress(bytes, total));
    await loader.restart();
    return sent;
  } catch (error) {
    await loader?.close();
    throw error;
  }
}

async function requireModules(console: Console): Promise<void> {
  try {
    await console.ask('require("sodium").has(0)');
    await console.ask('typeof require("plush").record');
  } catch (error) {
    if (!(error instanceof ConsoleFault)) throw error;
    throw new FlashError('modules', 'the image lacks Pawpost’s own parts', error);
  }
}

/** What a toy has forgotten by its first morning it must not be handed over without. */
async function check(
  port: ChipPort,
  patience: ConsolePatience,
  toyId: string,
  tagSecret: Uint8Array,
): Promise<void> {
  const console = await openConsole(port, patience);
  try {
    if (idText(await askToyId(console)) !== toyId || !(await holdsTag(console, tagSecret)))
      throw new FlashError('storage', 'the toy has forgotten who it is');
  } finally {
    await console.close();
  }
}
