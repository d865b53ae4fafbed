// The test of one unit, from its first answer to its restart. What a broken cable leaves untested stays untested.
import { ConsoleFault, openConsole } from '#app/flash/console.ts';
import { FlashError } from '#app/flash/failure.ts';
import { askToyId } from '#app/flash/identity.ts';
import type { ChipPort } from '#app/flash/port.ts';
import { resetChip } from '#app/flash/reset.ts';
import type { Radio } from '#bridge/radio.ts';
import { idText } from '#protocol/family/member.ts';
import { testBattery } from './battery.ts';
import { testFlash } from './flash.ts';
import { testHeart } from './heart.ts';
import { testImage, testProgram, type Versions } from './identity.ts';
import { askKeys, clearSpareKey, makeSpareKey } from './keys.ts';
import type { Operator } from './operator.ts';
import { testPaw } from './paw.ts';
import { testRadio } from './radio.ts';
import { fail, pass, type Result, TESTS, type Test, untested } from './result.ts';
import { testSound } from './sound.ts';
import { JIG_PATIENCE, type JigBoard, type JigPatience, openUnit, saidBy } from './unit.ts';

export interface JigOrder {
  port: ChipPort;
  board: JigBoard;
  operator: Operator;
  /** This computer's radio, opened when it is needed. */
  openRadio: () => Promise<Radio>;
  patience?: JigPatience;
  /** Hears each result as it comes. */
  onResult?: (result: Result) => void;
}

export interface TestedUnit {
  toyId: string;
  versions: Versions;
  /** One for each of TESTS. */
  results: Result[];
  /** What broke the test off; null: it ran to its end. */
  fault: FlashError | null;
}

/** Only in the memory of a chip that has not started anew. */
const MARK = 'pawpostJig';

/** Tests one unit and starts it anew. @throws FlashError if it does not even say who it is. */
export async function testUnit(order: JigOrder): Promise<TestedUnit> {
  const { port, board, operator, patience = JIG_PATIENCE } = order;
  const unit = await openUnit(port, board, patience);
  let isOpen = true;
  const results: Result[] = [];
  const versions: Versions = { espruino: 'unknown', program: null };
  const add = (result: Result): void => {
    results.push(result);
    order.onResult?.(result);
  };
  /** A step whose unit throws has failed; one whose cable broke has not happened. */
  const step = async (tests: readonly Test[], act: () => Promise<Result[]>): Promise<void> => {
    try {
      for (const result of await act()) add(result);
    } catch (error) {
      if (!(error instanceof ConsoleFault)) throw error;
      for (const test of tests) add(fail(test, `the unit says: ${saidBy(error)}`));
    }
  };

  let toyId: string;
  try {
    toyId = idText(await askToyId(unit.console));
  } catch (error) {
    await unit.close();
    throw error;
  }
  let fault: FlashError | null = null;
  let isPawOnHeart = false;
  try {
    await step(['image'], async () => [await testImage(unit, versions)]);
    await step(['program'], async () => [await testProgram(unit, versions)]);
    // It stays on for paw, heart and battery, as in a toy's life.
    await step(['radio', 'air'], () => testRadio(unit, order.openRadio));
    await step(['paw'], async () => {
      const paw = await testPaw(unit, operator);
      isPawOnHeart = paw.isOnHeart;
      return [paw.result];
    });
    await step(['heart'], async () => [await testHeart(unit, operator, isPawOnHeart)]);
    await step(['battery'], async () => [await testBattery(unit)]);
    await unit.calm();
    await step(['microphone', 'hearing', 'speaker'], () => testSound(unit, operator));
    await step(['flash'], async () => [await testFlash(unit)]);
    await makeSpareKey(unit.console);
    const before = await askKeys(unit.console);
    await unit.console.ask(`${MARK}=1`);
    await resetChip(port);
    isOpen = false;
    await unit.close();
    await step(['keys'], async () => [await testKeys(order, patience, before.keys, before.hasTag)]);
  } catch (error) {
    if (!(error instanceof FlashError)) throw error;
    fault = error;
    for (const test of TESTS.filter((name) => !results.some((result) => result.test === name)))
      add(untested(test, error.message));
  } finally {
    if (isOpen) {
      // It shall not go on without its program.
      await resetChip(port).catch(() => {});
      await unit.close().catch(() => {});
    }
  }
  return { toyId, versions, results, fault };
}

/** After the restart: the same keys as before. Then it starts anew once more, with its program. */
async function testKeys(
  { port, board }: JigOrder,
  patience: JigPatience,
  keys: string,
  hadTag: boolean,
): Promise<Result> {
  const first = await openConsole(port, patience);
  const isSameLife = (await first.ask(`typeof ${MARK}`).finally(() => first.close())) !== 'undefined';
  const unit = await openUnit(port, board, patience);
  try {
    const after = await askKeys(unit.console);
    await clearSpareKey(unit.console);
    if (isSameLife) return untested('keys', 'the cable cannot start the chip anew');
    if (after.keys !== keys || after.hasTag !== hadTag)
      return fail('keys', 'the chip has forgotten a key over a restart');
    return pass('keys', `kept over a restart; ${after.hasTag ? 'it has a tag' : 'it has no tag yet'}`);
  } finally {
    await resetChip(port).catch(() => {});
    await unit.close();
  }
}

/** What a unit is worth: good only if all was tested and passed. */
export function verdictOf({
  results,
  fault,
}: Pick<TestedUnit, 'results' | 'fault'>): 'good' | 'bad' | 'incomplete' {
  if (results.some(({ outcome }) => outcome === 'fail')) return 'bad';
  const isWhole = results.every(({ outcome, isNeedless }) => outcome === 'pass' || isNeedless);
  return isWhole && fault === null ? 'good' : 'incomplete';
}
