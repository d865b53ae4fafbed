// A signed program: a head that says what it is and for which board, and the code (protocol/README.md section 16). Hosts only: the
// toy's own reading of it is native.
import { ascii, putU16, putU32, same, u16, u32, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import { sodium } from '../sodium/ready.ts';
import { verifySignature } from '../sodium/sign.ts';

export const CONTEXT_PROGRAM = 'pawpost1/program';
export const HEAD_BYTES = 136;
/** Most bytes of code: ten sectors of a slot. */
export const CODE_BYTES_MAX = 40960;

export const HEAD_BOARD_AT = 16;
export const HEAD_VERSION_AT = 18;
export const HEAD_LENGTH_AT = 20;
export const HEAD_ZERO_AT = 24;
export const HEAD_HASH_AT = 40;
export const HEAD_SIGNATURE_AT = 72;

export interface ProgramHead {
  /** BOARD_NUMBER of the board it was built for (boards/). */
  board: number;
  /** protocol/program/version.ts. */
  version: number;
  /** Bytes of code, 1 to CODE_BYTES_MAX. */
  length: number;
  /** BLAKE2b-32 of the code. */
  hash: Uint8Array;
  /** Ed25519 by the maker's key over what stands before it. */
  signature: Uint8Array;
}

/** The signed program of `code`; `sign` gives the maker's 64 bytes of Ed25519 over a message. Fault program-form for code that no slot takes. */
export function signProgram(
  board: number,
  version: number,
  code: Uint8Array,
  sign: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  if (code.length < 1 || code.length > CODE_BYTES_MAX) throw fault('program-form');
  const program = new Uint8Array(HEAD_BYTES + code.length);
  program.set(ascii(CONTEXT_PROGRAM), 0);
  putU16(program, HEAD_BOARD_AT, board);
  putU16(program, HEAD_VERSION_AT, version);
  putU32(program, HEAD_LENGTH_AT, code.length);
  program.set(sodium.crypto_generichash(32, code, null), HEAD_HASH_AT);
  program.set(sign(view(program, 0, HEAD_SIGNATURE_AT)), HEAD_SIGNATURE_AT);
  program.set(code, HEAD_BYTES);
  return program;
}

/** What the first HEAD_BYTES of `bytes` say; hash and signature are views, and not checked. Fault program-form. */
export function decodeHead(bytes: Uint8Array): ProgramHead {
  if (bytes.length < HEAD_BYTES || !same(view(bytes, 0, HEAD_BOARD_AT), ascii(CONTEXT_PROGRAM)))
    throw fault('program-form');
  const length = u32(bytes, HEAD_LENGTH_AT);
  const isZero = view(bytes, HEAD_ZERO_AT, HEAD_HASH_AT - HEAD_ZERO_AT).every((byte) => byte === 0);
  if (length < 1 || length > CODE_BYTES_MAX || !isZero) throw fault('program-form');
  return {
    board: u16(bytes, HEAD_BOARD_AT),
    version: u16(bytes, HEAD_VERSION_AT),
    length,
    hash: view(bytes, HEAD_HASH_AT, HEAD_SIGNATURE_AT - HEAD_HASH_AT),
    signature: view(bytes, HEAD_SIGNATURE_AT, HEAD_BYTES - HEAD_SIGNATURE_AT),
  };
}

/**
 * The head of a whole signed program whose length, hash and, where a maker's public key is given, signature are good. Faults:
 * program-form, program-hash, program-signature.
 */
export function checkProgram(program: Uint8Array, maker: Uint8Array | null): ProgramHead {
  const head = decodeHead(program);
  if (program.length !== HEAD_BYTES + head.length) throw fault('program-form');
  if (maker !== null && !isSignedBy(program, maker)) throw fault('program-signature');
  if (!same(sodium.crypto_generichash(32, codeOf(program), null), head.hash)) throw fault('program-hash');
  return head;
}

/** True if the head at the start of `bytes` is signed by this key. */
export function isSignedBy(bytes: Uint8Array, maker: Uint8Array): boolean {
  const signature = view(bytes, HEAD_SIGNATURE_AT, HEAD_BYTES - HEAD_SIGNATURE_AT);
  return verifySignature(signature, view(bytes, 0, HEAD_SIGNATURE_AT), maker);
}

/** The code of a whole signed program, a view. */
export function codeOf(program: Uint8Array): Uint8Array {
  return program.subarray(HEAD_BYTES);
}
