// How a bridge brings a program to the toy beside it: a piece for each answer, again where no answer came.
import { decodeProgramState, PROGRAM_WANTED, type ProgramState } from '#protocol/ble/program-records.ts';
import { OP_PROGRAM_STATE } from '#protocol/ble/records.ts';
import { offerOf, pieceOf } from '#test/support/signed-programs.ts';
import type { House } from './house.ts';

const REPEATS = 10;
const REPEAT_MS = 1000;
const STEP_MS = 20;

/** Says one record over the open link; what the toy answers. Null: nothing, however often it is said, as where the toy has gone off. */
export async function sayProgram(house: House, record: Uint8Array): Promise<ProgramState | null> {
  const { said } = house.bridge;
  for (let i = 0; i < REPEATS && house.toy.isOn; i++) {
    said.length = 0;
    house.bridge.say(record);
    for (let ms = 0; ms < REPEAT_MS; ms += STEP_MS) {
      await house.pass(STEP_MS);
      const answer = said.find((plain) => plain[0] === OP_PROGRAM_STATE);
      if (answer !== undefined) return decodeProgramState(answer);
    }
  }
  return null;
}

/** Offers `program` and brings all of it that the toy wants; its last answer. */
export async function bringProgram(house: House, program: Uint8Array): Promise<ProgramState | null> {
  let state = await sayProgram(house, offerOf(program));
  while (state?.code === PROGRAM_WANTED) state = await sayProgram(house, pieceOf(program, state.next));
  return state;
}
