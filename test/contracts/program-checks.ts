// What every implementation of the program module must do, in a toy that runs version 100 from slot A and has nothing in slot B. Toy-safe.
import { PROGRAMS_ADDRESS } from '#boards/linux.ts';
import type { Flash, Programs } from '#firmware/native/native.d.ts';
import {
  encodeOfferedProgram,
  encodePiece,
  PIECE_CODE_BYTES,
  PROGRAM_BROKEN,
  PROGRAM_NOT_NEWER,
  PROGRAM_READY,
  PROGRAM_RECORD_BYTES,
  PROGRAM_STATE_BYTES,
  PROGRAM_UNSIGNED,
  PROGRAM_WANTED,
  PROGRAM_WRONG_BOARD,
} from '#protocol/ble/program-records.ts';
import { OP_PIECE, OP_PROGRAM, OP_PROGRAM_STATE } from '#protocol/ble/records.ts';
import { putU16, putU32 } from '#protocol/bytes.ts';
import { differs, fromHex } from './bytes-hex.ts';
import { equals, type NativeCheck, throws } from './native-check.ts';

/** What is checked, and heads of programs in hexadecimal; all are of the same code. */
export interface ProgramWorld {
  programs: Programs;
  flash: Flash;
  board: number;
  maker: string;
  /** By the maker for this board: what runs (100), older (99), newer (200), newer still (300). */
  running: string;
  older: string;
  newer: string;
  newest: string;
  /** For another board; by another maker. */
  elsewhere: string;
  unsigned: string;
}

export const RUNNING_VERSION = 100;
const CODE_BYTES = 1501;
const PIECES = 2;

/** The code of all these programs, 2 pieces of it: a script that prints a word. */
export function newerCode(): Uint8Array {
  const script = 'print("the newer runs");';
  const code = new Uint8Array(CODE_BYTES);
  code.fill(32);
  for (let i = 0; i < script.length; i++) code[i] = script.charCodeAt(i);
  return code;
}

function offer(world: ProgramWorld, head: string): boolean {
  const record = new Uint8Array(PROGRAM_RECORD_BYTES);
  encodeOfferedProgram(fromHex(head), record, 0);
  return world.programs.take(record);
}

function piece(world: ProgramWorld, code: Uint8Array, from: number): boolean {
  const record = new Uint8Array(5 + PIECE_CODE_BYTES);
  return world.programs.take(record.subarray(0, encodePiece(code, from, record, 0)));
}

/** '' if the state is this. */
function state(world: ProgramWorld, what: string, code: number, version: number, next: number): string {
  const expected = new Uint8Array(PROGRAM_STATE_BYTES);
  expected[0] = OP_PROGRAM_STATE;
  expected[1] = code;
  putU16(expected, 2, world.board);
  putU16(expected, 4, version);
  putU32(expected, 6, next);
  const got = new Uint8Array(PROGRAM_STATE_BYTES);
  const length = world.programs.state(got, 0);
  let wrong = equals(`the length of the state ${what}`, length, PROGRAM_STATE_BYTES);
  for (let i = 0; i < PROGRAM_STATE_BYTES; i++)
    wrong += equals(`byte ${i} of the state ${what}`, got[i]!, expected[i]!);
  return wrong;
}

function beginning(world: ProgramWorld, done: (wrong: string) => void): void {
  let wrong = state(world, 'at first', PROGRAM_NOT_NEWER, 0, 0);
  const code = newerCode();
  wrong += equals('the answer to a piece of nothing', piece(world, code, 0), true);
  wrong += state(world, 'after a piece of nothing', PROGRAM_NOT_NEWER, 0, 0);
  const wide = new Uint8Array(PROGRAM_STATE_BYTES + 4);
  wide.fill(0x5a);
  world.programs.state(wide, 2);
  wrong += differs('what stands before the state', wide.subarray(0, 3), '5a5a18');
  wrong += differs('what stands after it', wide.subarray(12), '5a5a');
  wrong += equals('readiness', world.programs.isReady(), false);
  done(wrong);
}

function owning(world: ProgramWorld, done: (wrong: string) => void): void {
  const other = fromHex(world.maker);
  let wrong = equals('the maker’s own key', world.programs.own(other), true);
  other[0] = 255 - other[0]!;
  wrong += equals('another key', world.programs.own(other), false);
  wrong += equals('no key', world.programs.own(new Uint8Array(32)), false);
  wrong += equals('the maker’s key after others', world.programs.own(fromHex(world.maker)), true);
  done(wrong);
}

function refusing(world: ProgramWorld, done: (wrong: string) => void): void {
  let wrong = '';
  const check = (what: string, head: string, code: number, version: number): void => {
    wrong += equals(`the answer to ${what}`, offer(world, head), true);
    wrong += state(world, `after ${what}`, code, version, 0);
  };
  check('the same', world.running, PROGRAM_NOT_NEWER, RUNNING_VERSION);
  check('an older one', world.older, PROGRAM_NOT_NEWER, 99);
  check('another board’s', world.elsewhere, PROGRAM_WRONG_BOARD, 200);
  check('another maker’s', world.unsigned, PROGRAM_UNSIGNED, 200);
  const changed = fromHex(world.newer);
  const record = new Uint8Array(PROGRAM_RECORD_BYTES);
  // A version, a length, a zero, the hash, the signature.
  const places = [19, 20, 30, 50, 100];
  for (let i = 0; i < places.length; i++) {
    const at = places[i]!;
    changed[at] = changed[at]! ^ 1;
    encodeOfferedProgram(changed, record, 0);
    world.programs.take(record);
    changed[at] = changed[at]! ^ 1;
    wrong += state(world, `after a change at ${at}`, PROGRAM_UNSIGNED, at === 19 ? 456 : 200, 0);
  }
  wrong += equals('readiness', world.programs.isReady(), false);
  done(wrong);
}

function dropping(world: ProgramWorld, done: (wrong: string) => void): void {
  let wrong = '';
  // PROGRAM too short and too long, PIECE without code and with too much, other ops at the lengths of these.
  const ops = [OP_PROGRAM, OP_PROGRAM, OP_PROGRAM, OP_PIECE, OP_PIECE, OP_PIECE, OP_PROGRAM_STATE, 0];
  const lengths = [1, 136, 138, 1, 5, 774, 137, 773];
  for (let i = 0; i < ops.length; i++) {
    const record = new Uint8Array(lengths[i]!);
    record[0] = ops[i]!;
    wrong += equals(`op ${ops[i]} of ${lengths[i]} bytes`, world.programs.take(record), false);
  }
  wrong += equals('nothing at all', world.programs.take(new Uint8Array(0)), false);
  done(wrong);
}

function inOrder(world: ProgramWorld, done: (wrong: string) => void): void {
  const code = newerCode();
  offer(world, world.newest);
  let wrong = state(world, 'after an offer', PROGRAM_WANTED, 300, 0);
  piece(world, code, PIECE_CODE_BYTES);
  wrong += state(world, 'after a later piece', PROGRAM_WANTED, 300, 0);
  piece(world, code, 0);
  wrong += state(world, 'after the first', PROGRAM_WANTED, 300, PIECE_CODE_BYTES);
  piece(world, code, 0);
  wrong += state(world, 'after the first again', PROGRAM_WANTED, 300, PIECE_CODE_BYTES);
  piece(world, code.subarray(0, CODE_BYTES - 1), PIECE_CODE_BYTES);
  wrong += state(world, 'after a short one', PROGRAM_WANTED, 300, PIECE_CODE_BYTES);
  offer(world, world.older);
  offer(world, world.newest);
  wrong += state(world, 'after other offers', PROGRAM_WANTED, 300, PIECE_CODE_BYTES);
  wrong += equals('readiness', world.programs.isReady(), false);
  done(wrong);
}

function spoilt(world: ProgramWorld, done: (wrong: string) => void): void {
  const code = newerCode();
  code[900] = 33;
  offer(world, world.newer);
  for (let i = 0; i < PIECES; i++) piece(world, code, i * PIECE_CODE_BYTES);
  const wrong = state(world, 'after a spoilt one', PROGRAM_BROKEN, 200, 0);
  done(wrong + equals('readiness', world.programs.isReady(), false));
}

function guarding(world: ProgramWorld, done: (wrong: string) => void): void {
  const flash = world.flash;
  let wrong = '';
  // The program that runs, the head of the other slot, the keys, what spans the end of the settings.
  const addresses = [PROGRAMS_ADDRESS, PROGRAMS_ADDRESS + 0xb000, 0x2f4000, 0x2f3ffc];
  for (let at = 0; at < addresses.length; at++) {
    const address = addresses[at]!;
    const before = flash.read(8, address);
    wrong += throws(`a write at ${address}`, () => flash.write(new Uint8Array(8), address));
    const after = flash.read(8, address);
    for (let i = 0; i < 8; i++) wrong += equals(`byte ${i} at ${address}`, after[i]!, before[i]!);
  }
  const first = flash.read(1, PROGRAMS_ADDRESS)[0]!;
  wrong += throws('erasing it', () => flash.erasePage(PROGRAMS_ADDRESS));
  wrong += equals('the first byte of the program', first, 0x70);
  wrong += equals('that byte after erasing', flash.read(1, PROGRAMS_ADDRESS)[0]!, first);
  done(wrong);
}

function wholly(world: ProgramWorld, done: (wrong: string) => void): void {
  const code = newerCode();
  world.programs.confirm();
  world.programs.confirm();
  offer(world, world.newer);
  let wrong = state(world, 'after an offer', PROGRAM_WANTED, 200, 0);
  wrong += equals('a trial that is over', world.programs.isOnTrial(), false);
  for (let i = 0; i < PIECES; i++) {
    wrong += equals('readiness before the end', world.programs.isReady(), false);
    piece(world, code, i * PIECE_CODE_BYTES);
  }
  wrong += state(world, 'at the end', PROGRAM_READY, 200, CODE_BYTES);
  wrong += equals('readiness', world.programs.isReady(), true);
  offer(world, world.elsewhere);
  piece(world, code, 0);
  offer(world, world.newer);
  wrong += state(world, 'after the same offer', PROGRAM_READY, 200, CODE_BYTES);
  wrong += equals('readiness after other records', world.programs.isReady(), true);
  done(wrong);
}

/** In this order in one life, the last of them leaves a newer program ready. */
export const PROGRAM_CHECKS: NativeCheck<ProgramWorld>[] = [
  { name: 'program: a state before any offer', run: beginning },
  { name: 'program: one maker for ever', run: owning },
  { name: 'program: each refusal has its code', run: refusing },
  { name: 'program: what is no record is dropped', run: dropping },
  { name: 'program: pieces come in order', run: inOrder },
  { name: 'program: what arrived is what was signed', run: spoilt },
  { name: 'program: its own flash is not the program’s to write', run: guarding },
  { name: 'program: whole and ready', run: wholly },
];
