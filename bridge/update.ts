// Brings a toy a newer program over its link: the head, then a piece for each answer, and nothing while voice moves (protocol/README.md section 16).
import {
  decodeProgramState,
  encodeOfferedProgram,
  encodePiece,
  PIECE_CODE_BYTES,
  PROGRAM_BROKEN,
  PROGRAM_FAILED,
  PROGRAM_NO_ROOM,
  PROGRAM_NOT_NEWER,
  PROGRAM_READY,
  PROGRAM_UNSIGNED,
  PROGRAM_WANTED,
  PROGRAM_WRONG_BOARD,
} from '#protocol/ble/program-records.ts';
import { REPEAT_MS, type Status } from '#protocol/ble/records.ts';
import type { SignedProgram } from './programs.ts';

/** Why nothing is offered any more on a link. */
export type Refusal =
  | 'not-newer' // the toy runs it, or something newer, or has once run something newer
  | 'wrong-board'
  | 'unsigned' // not by the maker whose key the toy has
  | 'broken' // it did not arrive as it was signed, twice
  | 'no-room' // the toy's flash failed
  | 'failed' // the toy has tried it, and went back to the one before
  | 'senseless'; // the toy asks for what there is not

/** What an update asks of its bridge, and tells it. */
export interface UpdateHost {
  /** A newer program for a toy; null where there is none. Never rejects. */
  newerThan(status: Status): Promise<SignedProgram | null>;
  /** The toy has the first `bytes` of it: told at the start, and about at each tenth. */
  moved(program: SignedProgram, bytes: number): void;
  /** The toy has all of it, verified: it starts it when it is left alone. */
  ready(program: SignedProgram): void;
  refused(program: SignedProgram, why: Refusal): void;
}

/** In place of an offset: the head is due. */
const HEAD = -1;
/** Pause between repeats: doubled each time, up to this, for a toy that is silent on an open link is busy or deaf. */
const REPEAT_MAX_MS = 32_000;
/** How often a toy may begin anew on one link. */
const RESTARTS_MAX = 2;
const STEPS = 10;

const REFUSALS: Readonly<Record<number, Refusal>> = {
  [PROGRAM_NOT_NEWER]: 'not-newer',
  [PROGRAM_WRONG_BOARD]: 'wrong-board',
  [PROGRAM_UNSIGNED]: 'unsigned',
  [PROGRAM_NO_ROOM]: 'no-room',
  [PROGRAM_FAILED]: 'failed',
};

export interface Update {
  host: UpdateHost;
  /** Null before one is offered, and after. */
  program: SignedProgram | null;
  /** The toy has said its last word: nothing more is offered on this link. */
  isOver: boolean;
  /** HEAD, or the offset of the piece that is due or under way. */
  due: number;
  sendAtMs: number;
  repeatMs: number;
  restarts: number;
  /** The last tenth that was told of; -1 none. */
  told: number;
}

/** An update that offers nothing yet. One for each link. */
export function createUpdate(host: UpdateHost): Update {
  return {
    host,
    program: null,
    isOver: false,
    due: HEAD,
    sendAtMs: 0,
    repeatMs: REPEAT_MS,
    restarts: 0,
    told: -1,
  };
}

/** Offers a program from now on. Once for each link. */
export function offerProgram(update: Update, program: SignedProgram): void {
  update.program = program;
}

/** Writes what is due at this moment, at most one record, until `takeProgramState` hears of it; returns its length, or 0. */
export function writeFromUpdate(update: Update, nowMs: number, out: Uint8Array, offset: number): number {
  const { program, due } = update;
  if (program === null || nowMs < update.sendAtMs) return 0;
  update.sendAtMs = nowMs + update.repeatMs;
  update.repeatMs = Math.min(2 * update.repeatMs, REPEAT_MAX_MS);
  if (due === HEAD) return encodeOfferedProgram(program.head, out, offset);
  return encodePiece(program.code, due, out, offset);
}

/** Takes a PROGRAM_STATE record. One about another program is ignored. Faults: as `decodeProgramState`. */
export function takeProgramState(update: Update, record: Uint8Array): void {
  const { code, version, next } = decodeProgramState(record);
  const { program, host } = update;
  if (program === null || version !== program.version) return;
  if (code === PROGRAM_WANTED) wanted(update, program, next);
  else if (code === PROGRAM_READY) {
    close(update);
    host.ready(program);
  } else if (code === PROGRAM_BROKEN) beginAnew(update, program, HEAD, 'broken');
  else end(update, program, REFUSALS[code] ?? 'senseless');
}

function wanted(update: Update, program: SignedProgram, next: number): void {
  // The answer to a repeat: what it asks for is under way.
  if (next === update.due) return;
  if (next >= program.code.length || next % PIECE_CODE_BYTES !== 0) end(update, program, 'senseless');
  else if (next < update.due) beginAnew(update, program, next, 'senseless');
  else {
    goOn(update, next);
    const tenth = Math.floor((STEPS * next) / program.code.length);
    if (tenth === update.told) return;
    update.told = tenth;
    update.host.moved(program, next);
  }
}

function goOn(update: Update, due: number): void {
  update.due = due;
  update.sendAtMs = 0;
  update.repeatMs = REPEAT_MS;
}

/** A toy that goes back time and again would keep its radio busy for ever. */
function beginAnew(update: Update, program: SignedProgram, due: number, why: Refusal): void {
  update.restarts++;
  if (update.restarts > RESTARTS_MAX) end(update, program, why);
  else goOn(update, due);
}

function close(update: Update): void {
  update.program = null;
  update.isOver = true;
}

function end(update: Update, program: SignedProgram, why: Refusal): void {
  close(update);
  update.host.refused(program, why);
}
