// Who the unit is: the image it runs, and the programs in its two slots.
import { bytesOfBase64 } from '#app/flash/letters.ts';
import { u32 } from '#protocol/bytes.ts';
import { decodeHead, HEAD_BYTES } from '#protocol/program/head.ts';
import { PROGRAM_SLOT_BYTES, PROGRAM_SLOTS, SLOT_HEALTHY_AT } from '#protocol/program/slot.ts';
import { fail, pass, type Result, untested } from './result.ts';
import type { Unit } from './unit.ts';

const ALL_ONES = 0xffffffff;

/** Words of the unit's own: its interpreter's version. */
export interface Versions {
  espruino: string;
  /** Of the newest program for this board that lies in a slot; null: none does. */
  program: number | null;
}

/** What `process.env` may say: letters that are safe to print. */
function wordOf(said: unknown): string {
  return typeof said === 'string' && /^[\w.-]{1,40}$/.test(said) ? said : 'incomplete';
}

/** The image is the board's. */
export async function testImage(unit: Unit, versions: Versions): Promise<Result> {
  const said = await unit.console.ask('[process.env.BOARD,process.env.VERSION]');
  const [image, espruino] = Array.isArray(said) ? [wordOf(said[0]), wordOf(said[1])] : ['unknown', 'unknown'];
  versions.espruino = espruino;
  if (image === unit.board.wiring.image) return pass('image', `${image}, Espruino ${espruino}`);
  return fail('image', `the image is ${image}; ${unit.board.facts.BOARD} has ${unit.board.wiring.image}`);
}

/** There is a program, and it is for this board. Whether it is its maker's, the unit itself decides at power-on. */
export async function testProgram(unit: Unit, versions: Versions): Promise<Result> {
  const { PROGRAMS_ADDRESS, BOARD_NUMBER } = unit.board.facts;
  const found: string[] = [];
  for (let slot = 0; slot < PROGRAM_SLOTS; slot++) {
    const address = PROGRAMS_ADDRESS + slot * PROGRAM_SLOT_BYTES;
    const said = await unit.console.ask(
      `(function(F){return btoa(F.read(${HEAD_BYTES},${address}))+" "+btoa(F.read(4,${address + SLOT_HEALTHY_AT}))})(require("Flash"))`,
    );
    const [head, healthy] = String(said).split(' ').map(bytesOfBase64);
    if (head === undefined || healthy?.length !== 4) continue;
    const { board, version } = headOf(head) ?? {};
    if (board === undefined || version === undefined) continue;
    if (board !== BOARD_NUMBER)
      return fail('program', `slot ${'AB'[slot]} has a program for board ${board}, not ${BOARD_NUMBER}`);
    versions.program = Math.max(versions.program ?? 0, version);
    found.push(`${'AB'[slot]}: version ${version}${u32(healthy, 0) === ALL_ONES ? '' : ', healthy'}`);
  }
  if (found.length === 0) return untested('program', 'there is none yet: "pawpost toy flash" puts one in');
  return pass('program', found.join('; '));
}

function headOf(bytes: Uint8Array): { board: number; version: number } | null {
  try {
    return decodeHead(bytes);
  } catch {
    return null;
  }
}
