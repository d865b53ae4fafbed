// A short life of the program of one board, in the real interpreter: paired, spoken to, listened to, updated, misled, and made new again. The
// toy's clock runs fast, so that waiting takes no time; sound takes none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProgram } from '#bridge/programs.ts';
import { MAKER, OTHER_MAKER } from '#test/support/signed-programs.ts';
import { hear, speak } from './conversation.ts';
import type { Visit } from './household.ts';
import { type Life, sleep, startLife } from './life.ts';
import { signedProgram, type ToyProgram, toyProgram } from './toy-program.ts';

const SPOKEN_S = 2;
/** Times faster than the world. */
const CLOCK = 4;
/** How long a program on trial may run; the world's time. */
const TRIAL_MS = 6000;
const TRIES = 3;
const STEP_MS = 60_000;
const RESET_HOLD_MS = 10_000;
/** Of a slot's header and of a key slot. */
const SECTOR_BYTES = 4096;
const SLOT_BYTES = 32 * SECTOR_BYTES;
const KEY_SLOT_BYTES = 64;
const KEY_SLOTS = 8;

export interface BoardLife {
  /** Of the program as it ships. */
  bytes: number;
  /** Steps that went as they should. */
  passed: number;
}

/** Rejects with the first thing that goes wrong. `told` hears of each step. */
export async function boardLife(board: string, told: (step: string) => void): Promise<BoardLife> {
  const program = await toyProgram(board);
  const life = await startLife({
    program,
    spokenSeconds: SPOKEN_S,
    isFast: true,
    clock: CLOCK,
    environment: { PAWPOST_TRIAL_MS: String(TRIAL_MS) },
  });
  let passed = 0;
  const step = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    const late = sleep(STEP_MS).then(() => {
      throw new Error('not done in time');
    });
    try {
      const result = await Promise.race([action(), late]);
      life.check();
      passed++;
      told(name);
      return result;
    } catch (error) {
      throw new Error(`${board}, ${name}: ${(error as Error).message}`);
    }
  };
  try {
    await step('pairs', () => life.pair());
    const stream = await step('sends what was said', () => speak(life, SPOKEN_S));
    await step('plays what it was sent', () => hear(life, stream, SPOKEN_S));
    const newer = await toyProgram(board, program.version + 1);
    await step('runs the newer program', () => update(life, newer));
    await step('refuses what another signed', () => forge(life, program.version + 2));
    if (board === 'linux') await step('goes back from a program that throws', () => fail(life, newer));
    await step('is new after a reset', () => reset(life));
    return { bytes: program.bytes, passed };
  } finally {
    await life.end();
  }
}

/** The family's bridge brings it; the toy must say of itself that it runs it, and still be theirs. */
async function update(life: Life, newer: ToyProgram): Promise<void> {
  const starts = life.starts();
  const visit = await life.household.visit(life.line.radio, { program: offered(newer) });
  const answer = await taken(life, visit, starts);
  if (answer !== 'ready') throw new Error(`it is ${answer}`);
  await life.started(starts + 1);
  await running(life, newer.version);
}

/** A toy that is idle may start what it has before it has said so. */
async function taken(life: Life, visit: Visit, starts: number): Promise<string> {
  const answer = visit.brought();
  let said: string | null = null;
  void answer.then((how) => {
    said = how;
  });
  while (said === null && life.starts() === starts) await sleep(20);
  return said ?? 'ready';
}

async function running(life: Life, version: number): Promise<void> {
  const visit = await life.household.visit(life.line.radio);
  const status = await visit.status();
  if (status.program !== version) throw new Error(`it runs ${status.program}, not ${version}`);
  await visit.leave();
}

function offered(program: ToyProgram, maker = MAKER) {
  return readProgram(signedProgram(program, maker), program.facts.BOARD_NUMBER);
}

async function forge(life: Life, version: number): Promise<void> {
  const forged = { ...life.program, version, code: 'print("pawpost: the forged one runs")' };
  const visit = await life.household.visit(life.line.radio, { program: offered(forged, OTHER_MAKER) });
  const answer = await visit.brought();
  await visit.leave();
  if (answer !== 'unsigned') throw new Error(`it is ${answer}`);
}

/** A program of the maker's own that throws where it begins is tried three times, and never again. */
async function fail(life: Life, before: ToyProgram): Promise<void> {
  const starts = life.starts();
  const broken = {
    ...before,
    version: before.version + 1,
    code: 'E.enableWatchdog(30, true);null.nothing();',
  };
  const visit = await life.household.visit(life.line.radio, { program: offered(broken) });
  const answer = await taken(life, visit, starts);
  if (answer !== 'ready') throw new Error(`it is ${answer}`);
  await life.started(starts + TRIES + 1);
  const thrown = life.forgive(/Uncaught Error: Can't read property 'nothing' of null/);
  if (thrown !== TRIES) throw new Error(`it was tried ${thrown} times`);
  await running(life, before.version);
}

/** Holds the paw from power-on: keys, family and sound are gone; the tag stays, and so does the count. */
async function reset(life: Life): Promise<void> {
  const { CLIPS_ADDRESS } = life.program.facts;
  const flash = () => readFileSync(join(life.folder, 'flash'));
  const keys = () => readFileSync(join(life.folder, 'keys'));
  const sound = () => flash().subarray(CLIPS_ADDRESS, CLIPS_ADDRESS + 7 * SLOT_BYTES);
  const keyOf = (all: Buffer, slot: number) =>
    all.subarray(slot * KEY_SLOT_BYTES, (slot + 1) * KEY_SLOT_BYTES).toString('hex');
  const before = keys();
  if (!hasSound(sound())) throw new Error('there was no sound to lose');
  const starts = life.starts();
  await life.cutPower({ isHeld: true });
  await life.pass(RESET_HOLD_MS);
  await life.started(starts + 2);
  const after = keys();
  if (keyOf(after, 0) !== keyOf(before, 0)) throw new Error('the tag is gone');
  for (let slot = 1; slot < KEY_SLOTS; slot++) {
    const old = keyOf(before, slot);
    if (!/^0*$/.test(old) && after.includes(Buffer.from(old, 'hex').subarray(0, 32)))
      throw new Error(`the key in slot ${slot} is still there`);
  }
  while (hasSound(sound())) await sleep(100);
  await life.pair();
  const visit = await life.household.visit(life.line.radio);
  const { resets } = await visit.status();
  await visit.leave();
  if (resets !== 1) throw new Error(`${resets} resets are counted`);
}

/** True where anything is left of a chunk: beyond each slot's first sector. */
function hasSound(slots: Buffer): boolean {
  for (let at = 0; at < slots.length; at += SLOT_BYTES)
    if (slots.subarray(at + SECTOR_BYTES, at + SLOT_BYTES).some((byte) => byte !== 0xff)) return true;
  return false;
}
