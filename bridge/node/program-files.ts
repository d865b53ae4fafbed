// A folder of signed programs, `<board number>.program`: what a bridge on a host has for its toys.
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_BYTES_MAX, HEAD_BYTES } from '#protocol/program/head.ts';
import { ProgramError, type Programs, readProgram, type SignedProgram } from '../programs.ts';

const NAME = /^(0|[1-9]\d{0,4})\.program$/;

/** What is wrong with one file of the folder, or with the folder; the message is for a person. */
export class ProgramFileError extends Error {
  readonly code: ProgramError['code'] | 'program-none';
  readonly advice: string;
  constructor(code: ProgramFileError['code'], path: string, advice: string, cause?: unknown) {
    super(`${path} ${WHAT[code]}`, { cause });
    this.name = 'ProgramFileError';
    this.code = code;
    this.advice = advice;
  }
}

const WHAT: Readonly<Record<ProgramFileError['code'], string>> = {
  'program-form': 'is no signed program, or only a piece of one',
  'program-hash': 'is damaged',
  'program-board': 'is for another board than its name says',
  'program-none': 'has no <board number>.program in it',
};

/**
 * The programs in `directory`, each read anew when a toy is asked: who puts a newer file there need not restart the bridge.
 * All are read once now. @throws ProgramFileError, also where there is none; what the file system throws.
 */
export function openProgramFiles(directory: string): Programs {
  const boards = readdirSync(directory).flatMap((name) => NAME.exec(name)?.[1] ?? []);
  if (boards.length === 0) {
    throw new ProgramFileError(
      'program-none',
      directory,
      'Name the folder that "pawpost toy release" has written.',
    );
  }
  for (const board of boards) read(directory, Number(board));
  return {
    async newerThan(version, board) {
      const program = read(directory, board);
      return program !== null && program.version > version ? program : null;
    },
  };
}

function read(directory: string, board: number): SignedProgram | null {
  const path = join(directory, `${board}.program`);
  if (!existsSync(path)) return null;
  try {
    return readProgram(bytesOf(path), board);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new ProgramFileError(error.code, path, error.advice, error);
  }
}

/** At most one byte more than the largest program has: what is longer is none. */
function bytesOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(Math.min(fstatSync(file).size, HEAD_BYTES + CODE_BYTES_MAX + 1));
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
