// The toy's programs as a bridge has them: whole, and ready to be offered (protocol/README.md section 16).
import { checkProgram, codeOf, HEAD_BYTES } from '#protocol/program/head.ts';

/** What stands in a `<board number>.program`. */
export interface SignedProgram {
  /** BOARD_NUMBER of the board that it is for. */
  board: number;
  /** As STATUS counts programs (protocol/program/version.ts). */
  version: number;
  /** HEAD_BYTES, as they travel. */
  head: Uint8Array;
  /** 1 to 40960 bytes. */
  code: Uint8Array;
}

/** Where a bridge has programs from. */
export interface Programs {
  /** A program for the board that is newer than `version`, which it runs; null where there is none. @throws ProgramError, or what reading it throws. */
  newerThan(version: number, board: number): Promise<SignedProgram | null>;
}

/** A file that is no program for a toy. */
export class ProgramError extends Error {
  readonly code: 'program-form' | 'program-hash' | 'program-board';
  readonly advice: string;
  constructor(code: ProgramError['code'], cause?: unknown) {
    super(code, { cause });
    this.name = 'ProgramError';
    this.code = code;
    this.advice = 'Make it again with "pawpost toy release", or copy it again from where it was made.';
  }
}

/**
 * The program for `board` that these bytes are. Whether its maker signed it, the toy alone judges: it has the maker's key.
 * @throws ProgramError
 */
export function readProgram(bytes: Uint8Array, board: number): SignedProgram {
  const head = headOf(bytes);
  if (head.board !== board) throw new ProgramError('program-board');
  return { board, version: head.version, head: bytes.slice(0, HEAD_BYTES), code: codeOf(bytes).slice() };
}

function headOf(bytes: Uint8Array) {
  try {
    return checkProgram(bytes, null);
  } catch (error) {
    const isDamaged = (error as Error).message === 'program-hash';
    throw new ProgramError(isDamaged ? 'program-hash' : 'program-form', error);
  }
}
