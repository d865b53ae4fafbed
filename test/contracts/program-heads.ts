// The signed programs that the contract of the program module is about, made by a maker on the host.
import { HEAD_BYTES, signProgram } from '#protocol/program/head.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { SignKeys } from '#protocol/sodium/sign.ts';
import { MAKER, OTHER_MAKER } from '#test/support/signed-programs.ts';
import { newerCode, type ProgramWorld, RUNNING_VERSION } from './program-checks.ts';

/** All of a world that is data, for a toy with this board and MAKER as its maker. */
export function programHeads(board: number): Omit<ProgramWorld, 'programs' | 'flash'> {
  const head = (version: number, of = board, maker: SignKeys = MAKER) => {
    const sign = (message: Uint8Array) => sodium.crypto_sign_detached(message, maker.secret);
    return Buffer.from(signProgram(of, version, newerCode(), sign).subarray(0, HEAD_BYTES)).toString('hex');
  };
  return {
    board,
    maker: Buffer.from(MAKER.publicKey).toString('hex'),
    running: head(RUNNING_VERSION),
    older: head(RUNNING_VERSION - 1),
    newer: head(200),
    newest: head(300),
    elsewhere: head(200, board + 1),
    unsigned: head(200, board, OTHER_MAKER),
  };
}
