// The toy's signed program: looked through before a cable is touched, written into the flash beside the image, owned over the console,
// and seen to run (protocol/README.md section 16).
import { PROGRAM_STATE_BYTES } from '#protocol/ble/program-records.ts';
import { u16 } from '#protocol/bytes.ts';
import { checkProgram, HEAD_BYTES } from '#protocol/program/head.ts';
import { PROGRAM_SLOT_BYTES, SECTOR_BYTES, SLOT_CODE_AT, slotImage } from '#protocol/program/slot.ts';
import type { FlashBoard } from './boards.ts';
import { type BootLoader, md5 } from './boot-loader.ts';
import type { Console } from './console.ts';
import { FlashError } from './failure.ts';
import { base64, bytesOfBase64 } from './letters.ts';
import { padded, writeImage } from './write.ts';

/** What the maker signed for a board, and the key that the toy shall obey. */
export interface MadeProgram {
  /** Head and code. */
  signed: Uint8Array;
  /** The maker's public key, 32 bytes of Ed25519. */
  maker: Uint8Array;
}

const FAULTS: Readonly<Record<string, string>> = {
  'program-form': 'that is no signed program',
  'program-hash': 'the signed program is damaged',
  'program-signature': 'the program is signed with another key',
};

/** @throws FlashError `program` unless it is whole, signed with the maker's key, and for this board. */
export function requireProgram({ signed, maker }: MadeProgram, board: FlashBoard): void {
  let built: number;
  try {
    built = checkProgram(signed, maker).board;
  } catch (error) {
    throw new FlashError('program', FAULTS[(error as Error).message] ?? FAULTS['program-form']!, error);
  }
  if (built !== board.number)
    throw new FlashError('program', `the program is for another board than ${board.name}`);
}

/** Writes it into slot A and makes slot B nobody's; returns how many bytes had to be sent. `progress` as for an image. @throws FlashError. */
export async function writeProgram(
  loader: BootLoader,
  { signed }: MadeProgram,
  board: FlashBoard,
  progress: (bytes: number, total: number) => void,
): Promise<number> {
  const slot = { name: 'the program', address: board.programsAddress, bytes: slotImage(signed) };
  const other = {
    name: 'the other program',
    address: board.programsAddress + PROGRAM_SLOT_BYTES,
    bytes: new Uint8Array(SECTOR_BYTES).fill(0xff),
  };
  // One that has run has marks beside its head: they stay, with the program.
  const parts = (await holds(loader, signed, board)) ? [other] : [slot, other];
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return (await writeImage(loader, parts, (bytes) => progress(bytes, total))).sent;
}

async function holds(loader: BootLoader, signed: Uint8Array, board: FlashBoard): Promise<boolean> {
  const code = padded(signed.subarray(HEAD_BYTES));
  try {
    return (
      (await loader.hash(board.programsAddress, HEAD_BYTES)) === md5(signed.subarray(0, HEAD_BYTES)) &&
      (await loader.hash(board.programsAddress + SLOT_CODE_AT, code.length)) === md5(code)
    );
  } catch (error) {
    if (error instanceof FlashError && error.code === 'gone') throw error;
    return false;
  }
}

/** Makes the key the maker's, and asks whether the image is the board's. @throws FlashError `maker`, `image`. */
export async function ownToy(console: Console, maker: Uint8Array, board: FlashBoard): Promise<void> {
  const said = await console.ask(
    `(function(P,s){s=new Uint8Array(${PROGRAM_STATE_BYTES});P.state(s,0);return btoa(s)})(require("program"))`,
  );
  const state = bytesOfBase64(String(said));
  if (state.length !== PROGRAM_STATE_BYTES)
    throw new FlashError('console', 'the toy does not say which board it is');
  if (u16(state, 2) !== board.number)
    throw new FlashError('image', `the image was built for another board than ${board.name}`);
  const isOwned = await console.ask(`require("program").own(E.toUint8Array(atob("${base64(maker)}")))`);
  if (isOwned !== true) throw new FlashError('maker', 'the toy obeys the key of another maker');
}

/** True if a program runs beside the console: the toy's waits for the paw. */
export async function isProgramRunning(console: Console): Promise<boolean> {
  return (await console.ask('(global["\\xff"].watches||[]).some(function(w){return w})')) === true;
}
