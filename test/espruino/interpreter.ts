// Starts the real Espruino as a chip would: the program lies in a flash image, is run from there, and all the toy's parts are files or a
// socket. Knows what that interpreter hides: a fault in a timer leaves the exit code 0, SIGTERM is swallowed, stdin must stay open.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOARD_NUMBER as LINUX, PROGRAMS_ADDRESS } from '#boards/linux.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { MAKER, signed } from '#test/support/signed-programs.ts';
import type { Program } from './program.ts';

/** Bytes of the Linux board's flash, and where Storage begins in it (firmware/native/boards/PAWPOST_LINUX.py). */
const FLASH_BYTES = 4 * 1024 * 1024;
const STORAGE_AT = 0x320000;
/** A file of Storage: size u32, name [28], then the content, padded to 4 bytes. */
const FILE_NAME_BYTES = 28;
/** What the interpreter prints when something has gone wrong, wherever. */
const FAULTS = /Uncaught|OUT OF MEMORY|Execution Interrupted|LOW_MEMORY|MEMORY_BUSY|FIFO_FULL|pawpost:/;

export interface StartOptions {
  /** Environment of firmware/native: PAWPOST_KEYS, PAWPOST_RADIO and so on. */
  environment?: Record<string, string>;
  /** Where the toy lives; a fresh folder unless told. */
  folder?: string;
  /** False: the folder's flash is kept as it is. True unless told. */
  isNew?: boolean;
  /** The toy is MAKER's, and the program, new in slot A, is signed as this version. Left out: the program runs unsigned. */
  signedAs?: number;
  /** Number of the board whose programs it runs; the Linux board's unless told. */
  board?: number;
  /** Words before the interpreter's own command, such as valgrind's. */
  under?: string[];
  /** Runs until nothing is left to do, instead of for ever. */
  isOnce?: boolean;
}

/** One running interpreter. */
export interface Interpreter {
  /** Holds its flash, keys and whatever it writes. */
  readonly folder: string;
  /** All it has printed. */
  output(): string;
  /** The line of the output that shows a fault, if there is one. */
  fault(): string | undefined;
  /** Resolves when it has printed `pattern`; rejects if it ends before, or after `timeoutMs`. */
  printed(pattern: RegExp, timeoutMs: number): Promise<void>;
  /** Resolves with the exit code when it has ended; null if it was killed. */
  readonly ended: Promise<number | null>;
  kill(): Promise<void>;
}

/** An empty folder for one toy. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pawpost-espruino-'));
}

/** Path of the interpreter with Pawpost's modules; undefined where there is none. */
export function interpreterPath(): string | undefined {
  return process.env.ESPRUINO || undefined;
}

/** A flash image in which the program is what a chip runs at power-on: boot code of Storage, or signed in slot A. */
function flashWith(program: Program, board: number, version: number | undefined): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  const view = new DataView(flash.buffer);
  let at = STORAGE_AT;
  const add = (name: string, text: string): void => {
    const content = Buffer.from(text, 'latin1');
    view.setUint32(at, content.length, true);
    flash.fill(0, at + 4, at + 4 + FILE_NAME_BYTES);
    flash.set(Buffer.from(name), at + 4);
    flash.set(content, at + 4 + FILE_NAME_BYTES);
    at += 4 + FILE_NAME_BYTES + Math.ceil(content.length / 4) * 4;
  };
  if (version === undefined) add('.bootcde', program.code);
  else flash.set(slotImage(signed(board, version, program.code)), PROGRAMS_ADDRESS);
  if (program.texts.length > 0) add('texts', program.texts);
  return flash;
}

/** Starts `program` on a fresh toy, or on one that has lived. */
export function startInterpreter(program: Program, options: StartOptions = {}): Interpreter {
  const path = interpreterPath();
  if (path === undefined) throw new Error('ESPRUINO is not set');
  const folder = options.folder ?? makeFolder();
  const board = options.board ?? LINUX;
  if (options.isNew ?? true) {
    writeFileSync(join(folder, 'flash'), flashWith(program, board, options.signedAs));
    // The maker's key, and a floor of 0.
    writeFileSync(join(folder, 'maker'), new Uint8Array([...MAKER.publicKey, 0, 0]));
  }
  const command = [...(options.under ?? []), path, ...(options.isOnce ? ['-e', ''] : [])];
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    cwd: folder,
    env: {
      ...process.env,
      PAWPOST_FLASH: join(folder, 'flash'),
      PAWPOST_KEYS: join(folder, 'keys'),
      PAWPOST_BOARD: String(board),
      ...(options.signedAs === undefined
        ? { PAWPOST_UNSIGNED: '1' }
        : { PAWPOST_MAKER: join(folder, 'maker') }),
      ...options.environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It would live on: its stdin is ours, but it does not look there.
  const killIt = () => void child.kill('SIGKILL');
  process.once('exit', killIt);
  let output = '';
  let looks: (() => void)[] = [];
  const take = (data: Buffer): void => {
    output += data.toString('latin1');
    for (const look of looks) look();
  };
  child.stdout!.on('data', take);
  child.stderr!.on('data', take);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', killIt);
      resolve(code);
    });
  });
  return {
    folder,
    output: () => output,
    fault: () => output.split('\n').find((line) => FAULTS.test(line)),
    printed: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const stop = (settle: () => void): void => {
          clearTimeout(timer);
          looks = looks.filter((other) => other !== look);
          settle();
        };
        const fail = (why: string) => stop(() => reject(new Error(`${why}:\n${output.slice(-2000)}`)));
        const look = (): void => {
          if (pattern.test(output)) stop(resolve);
        };
        const timer = setTimeout(() => fail(`no ${pattern} after ${timeoutMs} ms`), timeoutMs);
        looks.push(look);
        ended.then(() => fail('ended'), reject);
        look();
      }),
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
