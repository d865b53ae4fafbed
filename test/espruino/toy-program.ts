// The program of any board as the interpreter is to run it: what ships, signed; only where stock Espruino has a radio and Linux has none, that
// radio stands in front.
import { buildToy } from '#firmware/build/build.ts';
import { decodeProgram, encodeProgram } from '#protocol/program/version.ts';
import type { SignKeys } from '#protocol/sodium/sign.ts';
import { MAKER, signed } from '#test/support/signed-programs.ts';
import { programOf } from './program.ts';

/** What the harness must know of a board. */
export interface BoardFacts {
  BOARD_NUMBER: number;
  RADIO: string;
  PAW_PIN: number;
  PAW_ACTIVE: number;
  BATTERY_PIN: number;
  CLIPS_ADDRESS: number;
  FLASH_END: number;
}

export async function factsOf(board: string): Promise<BoardFacts> {
  return (await import(`../../boards/${board}.ts`)) as BoardFacts;
}

export interface ToyProgram {
  board: string;
  facts: BoardFacts;
  version: number;
  /** Bytes of what ships. */
  bytes: number;
  code: string;
}

const made = new Map<string, Promise<ToyProgram>>();

/** The program of this release number for the board; the release that package.json names unless told. Made once: that takes a second or two in
 * which no paw is let go. */
export function toyProgram(board: string, version?: number): Promise<ToyProgram> {
  const name = `${board} ${version ?? 'now'}`;
  const program = made.get(name) ?? make(board, version);
  made.set(name, program);
  return program;
}

async function make(board: string, version: number | undefined): Promise<ToyProgram> {
  const facts = await factsOf(board);
  const built = await buildToy(board, version === undefined ? undefined : decodeProgram(version));
  const radio = facts.RADIO === 'nrf' ? `(function(){${(await programOf('nrf')).code}})();\n` : '';
  return {
    board,
    facts,
    version: encodeProgram(built.release),
    bytes: built.bytes,
    code: `${radio}${built.code}`,
  };
}

/** The signed program, head and code. */
export function signedProgram(program: ToyProgram, maker: SignKeys = MAKER): Uint8Array {
  return signed(program.facts.BOARD_NUMBER, program.version, program.code, maker);
}
