// Records that bring the toy a new program: what a bridge offers, its pieces, and what the toy says to them (protocol/README.md
// section 16). The toy's own side is native: JavaScript there knows the ops alone.
import { putU16, putU32, u16, u32 } from '../bytes.ts';
import { fault } from '../fault.ts';
import { checkRecord, OP_PIECE, OP_PROGRAM, OP_PROGRAM_STATE } from './records.ts';

/** Bytes of the head in PROGRAM (protocol/program/head.ts reads it). */
export const PROGRAM_HEAD_BYTES = 136;
/** Bytes of code in every PIECE but the last, which may be shorter. */
export const PIECE_CODE_BYTES = 768;

/** Lengths of whole records in bytes, op included; of a PIECE, without its code. */
export const PROGRAM_RECORD_BYTES = 137;
export const PIECE_HEAD_BYTES = 5;
export const PROGRAM_STATE_BYTES = 10;

/** PROGRAM_STATE codes. The toy wants the code from `next` on. */
export const PROGRAM_WANTED = 0;
/** Whole and verified: it starts when the toy is idle. */
export const PROGRAM_READY = 1;
/** Not newer than the program that runs. */
export const PROGRAM_NOT_NEWER = 2;
/** For another board. */
export const PROGRAM_WRONG_BOARD = 3;
/** Not signed by the toy's maker. */
export const PROGRAM_UNSIGNED = 4;
/** What arrived is not what was signed: a new PROGRAM begins again. */
export const PROGRAM_BROKEN = 5;
/** The flash did not take it, or the program that runs has not had its first healthy link yet. */
export const PROGRAM_NO_ROOM = 6;
/** Started three times without a healthy link: not again. */
export const PROGRAM_FAILED = 7;

export interface Piece {
  /** Of its first byte, in the code. */
  offset: number;
  /** A view of 1 to PIECE_CODE_BYTES bytes. */
  code: Uint8Array;
}

export interface ProgramState {
  /** PROGRAM_WANTED to PROGRAM_FAILED. */
  code: number;
  /** BOARD_NUMBER of the toy's board. */
  board: number;
  /** Of the program that was offered last (protocol/program/version.ts); 0 when there was none. */
  version: number;
  /** Offset of the code that is wanted next; the code's length when READY; else 0. */
  next: number;
}

/** Writes PROGRAM with a head of PROGRAM_HEAD_BYTES; returns the record's length. */
export function encodeOfferedProgram(head: Uint8Array, out: Uint8Array, offset: number): number {
  out[offset] = OP_PROGRAM;
  out.set(head, offset + 1);
  return PROGRAM_RECORD_BYTES;
}

/** The head, as a view. Faults: as `checkRecord`; so do all decoders here. */
export function decodeOfferedProgram(record: Uint8Array): Uint8Array {
  checkRecord(record, OP_PROGRAM, PROGRAM_RECORD_BYTES);
  return record.subarray(1);
}

/** Writes the PIECE at `from` of `code`, up to PIECE_CODE_BYTES of it; returns the record's length. */
export function encodePiece(code: Uint8Array, from: number, out: Uint8Array, offset: number): number {
  // Espruino's subarray does not stop at the end of its array by itself.
  const part = code.subarray(from, Math.min(from + PIECE_CODE_BYTES, code.length));
  out[offset] = OP_PIECE;
  putU32(out, offset + 1, from);
  out.set(part, offset + PIECE_HEAD_BYTES);
  return PIECE_HEAD_BYTES + part.length;
}

/** Which code, and where it belongs. */
export function decodePiece(record: Uint8Array): Piece {
  if (record.length <= PIECE_HEAD_BYTES) throw fault('record-short');
  checkRecord(record, OP_PIECE, Math.min(record.length, PIECE_HEAD_BYTES + PIECE_CODE_BYTES));
  return { offset: u32(record, 1), code: record.subarray(PIECE_HEAD_BYTES) };
}

/** Writes PROGRAM_STATE; returns its length. */
export function encodeProgramState(state: ProgramState, out: Uint8Array, offset: number): number {
  out[offset] = OP_PROGRAM_STATE;
  out[offset + 1] = state.code;
  putU16(out, offset + 2, state.board);
  putU16(out, offset + 4, state.version);
  putU32(out, offset + 6, state.next);
  return PROGRAM_STATE_BYTES;
}

/** Also faults record-field for an unknown code. */
export function decodeProgramState(record: Uint8Array): ProgramState {
  checkRecord(record, OP_PROGRAM_STATE, PROGRAM_STATE_BYTES);
  const code = record[1]!;
  if (code > PROGRAM_FAILED) throw fault('record-field');
  return { code: code, board: u16(record, 2), version: u16(record, 4), next: u32(record, 6) };
}
