// From a board out of its box to a toy: image, program, tag; then power off and on, and a look at what it remembers.
import type { Chip } from '#boards/wiring/chips.ts';
import { idText } from '#protocol/family/member.ts';
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
import { bytesOfLatin1 } from './letters.ts';
import type { ChipPort } from './port.ts';
import { PROGRAM_FILE, putFile } from './program.ts';
import type { Reporter } from './reporter.ts';
import { resetChip } from './reset.ts';
import { writeImage } from './write.ts';

/** File of Storage that says what was put in: JSON of board, version and the program's SHA-256. */
export const RECORD_FILE = 'pawpost';

/** The program of a toy, and what is recorded beside it. */
export interface ToyProgram {
  /** JavaScript, one letter a byte. */
  code: string;
  /** Its SHA-256, hex. */
  hash: string;
  /** The release, such as 0.1.0. */
  version: string;
}

export interface FlashOrder {
  port: ChipPort;
  /** Name of the board, as boards/ has it. */
  board: string;
  /** The chip that is on it. */
  chip: Chip;
  image: readonly ImagePart[];
  program: ToyProgram;
  baud: number;
  tags: TagKeeper;
  patience?: Patience & ConsolePatience;
}

export interface FlashedToy {
  toyId: string;
  tagSecret: Uint8Array;
  /** SHA-256 of the program, hex. */
  program: string;
  /** Bytes of the image that were not there before. */
  sent: number;
}

/** Does all of it; after a failure, again, without doing twice what was done. @throws FlashError, and what the tags' keeper throws. */
export async function flashToy(order: FlashOrder, reporter: Reporter): Promise<FlashedToy> {
  const { port, patience = { ...PATIENT, ...CONSOLE_PATIENCE } } = order;
  const { code, hash, version } = order.program;
  const sent = await writeAll(order, patience, reporter);

  reporter.step('start');
  const console = await openConsole(port, patience);
  let toyId: string;
  let tagSecret: Uint8Array;
  try {
    // A program from before would take the memory and the time.
    await console.restart('reset()');
    await requireModules(console);
    reporter.step('program');
    const program = bytesOfLatin1(code);
    await putFile(console, PROGRAM_FILE, program, (bytes) => reporter.progress(bytes, program.length));
    const record = JSON.stringify({ board: order.board, version, program: hash });
    await putFile(console, RECORD_FILE, bytesOfLatin1(record), () => {});
    reporter.step('tag');
    toyId = idText(await askToyId(console));
    tagSecret = await giveTag(console, toyId, order.tags);
    reporter.step('check');
    await resetChip(port);
  } finally {
    await console.close();
  }
  await check(port, patience, toyId, tagSecret);
  return { toyId, tagSecret, program: hash, sent };
}

async function writeAll(
  { port, board, chip, image, baud }: FlashOrder,
  patience: Patience,
  reporter: Reporter,
): Promise<number> {
  reporter.step('connect');
  let loader: BootLoader | undefined;
  try {
    loader = await openBootLoader(port, baud, patience);
    if (loader.chip !== chip.name)
      throw new FlashError(
        'wrong-chip',
        `the chip on the cable is an ${loader.chip}; ${board} has an ${chip.name}`,
      );
    await loader.begin();
    reporter.step('image');
    const total = image.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const { sent } = await writeImage(loader, image, (bytes) => reporter.progress(bytes, total));
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
