// A maker, the programs he signs, and the records that bring one of them to a toy.

import {
  encodeOfferedProgram,
  encodePiece,
  PIECE_CODE_BYTES,
  PIECE_HEAD_BYTES,
  PROGRAM_RECORD_BYTES,
} from '#protocol/ble/program-records.ts';
import { ascii } from '#protocol/bytes.ts';
import { codeOf, HEAD_BYTES, signProgram } from '#protocol/program/head.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type SignKeys, signKeys } from '#protocol/sodium/sign.ts';

export const MAKER = signKeys(new Uint8Array(32).fill(7));
export const OTHER_MAKER = signKeys(new Uint8Array(32).fill(8));

/** The signed program of a script. */
export function signed(board: number, version: number, script: string, maker: SignKeys = MAKER): Uint8Array {
  return signProgram(board, version, ascii(script), (message) =>
    sodium.crypto_sign_detached(message, maker.secret),
  );
}

/** PROGRAM for it. */
export function offerOf(program: Uint8Array): Uint8Array {
  const record = new Uint8Array(PROGRAM_RECORD_BYTES);
  encodeOfferedProgram(program.subarray(0, HEAD_BYTES), record, 0);
  return record;
}

/** The PIECE at `from` of its code. */
export function pieceOf(program: Uint8Array, from: number): Uint8Array {
  const record = new Uint8Array(PIECE_HEAD_BYTES + PIECE_CODE_BYTES);
  return record.slice(0, encodePiece(codeOf(program), from, record, 0));
}

/** All that a bridge says of it to a toy that has nothing of it. */
export function recordsOf(program: Uint8Array): Uint8Array[] {
  const records = [offerOf(program)];
  for (let from = 0; from < codeOf(program).length; from += PIECE_CODE_BYTES)
    records.push(pieceOf(program, from));
  return records;
}
