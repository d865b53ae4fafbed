// What remains of a test: a file for each run, and a table for the eye. Nothing in either is a secret: the toy's id is public, keys and tag are not in it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { likelyCauses } from './causes.ts';
import type { Result } from './result.ts';
import { type TestedUnit, verdictOf } from './run.ts';
import type { JigBoard } from './unit.ts';

/** Of the log's own form. */
const FORM = 1;

export interface JigLog {
  form: number;
  toy: string;
  board: string;
  boardNumber: number;
  /** Of this project, of the interpreter, of the program in the unit. */
  versions: { pawpost: string; espruino: string; program: number | null };
  /** Who tested it, as they want to be called here; null: nobody was there, or nobody said. */
  operator: string | null;
  /** ISO 8601, UTC. */
  beganAt: string;
  endedAt: string;
  verdict: 'good' | 'bad' | 'incomplete';
  /** What broke it off; null: it ran to its end. */
  brokenOff: string | null;
  results: Result[];
  causes: string[];
}

export interface JigRun {
  unit: TestedUnit;
  board: JigBoard;
  pawpost: string;
  operator: string | null;
  began: Date;
  ended: Date;
}

export function logOf({ unit, board, pawpost, operator, began, ended }: JigRun): JigLog {
  return {
    form: FORM,
    toy: unit.toyId,
    board: board.facts.BOARD,
    boardNumber: board.facts.BOARD_NUMBER,
    versions: { pawpost, ...unit.versions },
    operator,
    beganAt: began.toISOString(),
    endedAt: ended.toISOString(),
    verdict: verdictOf(unit),
    brokenOff: unit.fault?.code ?? null,
    results: unit.results,
    causes: likelyCauses(unit.results, board),
  };
}

/** Writes the log as a new file in `folder`, which is made; returns its path. A run never takes another's place. */
export function writeLog(folder: string, log: JigLog): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${log.toy}-${log.beganAt.replaceAll(':', '-')}.json`);
  writeFileSync(path, `${JSON.stringify(log, null, 2)}\n`, { flag: 'wx' });
  return path;
}

const WIDTHS = [12, 12, 14, 17];

/** One line of the table: test, outcome, what was measured, its bounds, what it means. */
export function rowOf({ test, outcome, measured, bounds, note }: Result): string {
  const cells = [
    test,
    outcome === 'fail' ? 'FAIL' : outcome,
    measured === undefined ? '' : `${measured} ${bounds?.unit ?? ''}`,
    bounds === undefined ? '' : `${bounds.least} to ${bounds.most}`,
  ];
  return `${cells.map((cell, i) => cell.padEnd(WIDTHS[i]!)).join('')}${note}`;
}

export const TABLE_HEAD = ['test', 'outcome', 'measured', 'good from … to']
  .map((cell, i) => cell.padEnd(WIDTHS[i]!))
  .join('')
  .concat('what it means');
