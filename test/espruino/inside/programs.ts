// The contract of the program module, held against the C, by a signed program that runs from slot A. Runs inside Espruino.
import type { Flash, Programs } from '#firmware/native/native.d.ts';
import { PROGRAM_CHECKS, type ProgramWorld } from '#test/contracts/program-checks.ts';
import { say } from './say.ts';

declare function require(name: 'program'): Programs;
declare function require(name: 'Flash'): Flash;

/** `heads`: what a world has of data. */
export function run(heads: Omit<ProgramWorld, 'programs' | 'flash'>): void {
  const world: ProgramWorld = {
    programs: require('program'),
    flash: require('Flash'),
    board: heads.board,
    maker: heads.maker,
    running: heads.running,
    older: heads.older,
    newer: heads.newer,
    newest: heads.newest,
    elsewhere: heads.elsewhere,
    unsigned: heads.unsigned,
  };
  let name = '';
  const done = (wrong: string) => say(name, wrong);
  for (let i = 0; i < PROGRAM_CHECKS.length; i++) {
    name = PROGRAM_CHECKS[i]!.name;
    PROGRAM_CHECKS[i]!.run(world, done);
  }
}
