// The paw: free while nobody touches it, touched when somebody does, free again after. A wire on another pin is found and named.

import { TOUCH } from './limits.ts';
import type { Operator } from './operator.ts';
import { fail, type Result, untested } from './result.ts';
import { type Unit, wait } from './unit.ts';

const RESTING_READS = 12;

export interface PawFindings {
  result: Result;
  /** The paw's wire is on the heart's pin: nothing may be driven against it. */
  isOnHeart: boolean;
}

export async function testPaw(unit: Unit, operator: Operator): Promise<PawFindings> {
  const { PAW_PIN, PAW_ACTIVE, HEART_PIN, BATTERY_PIN } = unit.board.facts;
  // The paw first; the others are pins that its wire could be on by mistake.
  const pins = [PAW_PIN, HEART_PIN, ...(BATTERY_PIN < 0 ? [] : [BATTERY_PIN])];
  const mode = PAW_ACTIVE === 1 ? 'input_pulldown' : 'input_pullup';
  await unit.console.ask(`[${pins}].forEach(function(p){pinMode(p,${JSON.stringify(mode)})}),1`);
  const read = async (): Promise<number[]> => {
    const said = await unit.console.ask(`[${pins}].map(function(p){return digitalRead(p)?1:0})`);
    return Array.isArray(said) ? said.map(Number) : [];
  };
  const found = (result: Result, isOnHeart = false): PawFindings => ({ result, isOnHeart });

  const resting = await read();
  for (let i = 0; i < RESTING_READS; i++) {
    const now = (await read())[0];
    if (now !== resting[0])
      return found(fail('paw', `GPIO${PAW_PIN} flickers while nobody touches the paw: a loose wire?`));
    await wait(unit.patience.lookMs);
  }
  if (resting[0] === PAW_ACTIVE)
    return found(
      fail(
        'paw',
        `GPIO${PAW_PIN} says "touched" while nobody touches it: stuck, or the touch board is set the other way round`,
      ),
    );
  if (!operator.isThere) return found(untested('paw', 'free at rest; nobody was there to touch it'));

  operator.tell(`Touch the paw, and keep touching it (within ${unit.patience.touchMs / 1000} s).`);
  const touch = await change(unit, read, resting);
  if (touch === null)
    return found(
      fail('paw', `GPIO${PAW_PIN} never changed: no touch, no power on the touch board, or a broken wire`),
    );
  const [pin, seconds] = touch;
  if (pin > 0)
    return found(
      fail(
        'paw',
        `GPIO${pins[pin]}, the ${pin === 1 ? 'heart' : 'battery'}’s, changed with the touch, and not GPIO${PAW_PIN}: the wires are swapped`,
      ),
      pin === 1,
    );
  operator.tell('Let go of the paw.');
  const release = await change(
    unit,
    read,
    resting.map((level, i) => (i === 0 ? 1 - level : level)),
    true,
  );
  if (release === null) return found(fail('paw', `GPIO${PAW_PIN} stays touched: stuck`));
  return found({
    test: 'paw',
    outcome: 'pass',
    measured: Math.round(seconds * 10) / 10,
    bounds: { ...TOUCH, most: unit.patience.touchMs / 1000 },
    note: 'touched, and free again',
  });
}

/** The first pin (its index) that differs twice in a row, and after how many seconds; null if none does in time. The paw's alone if told. */
async function change(
  unit: Unit,
  read: () => Promise<number[]>,
  before: readonly number[],
  isPawOnly = false,
): Promise<[number, number] | null> {
  const began = Date.now();
  let last = -1;
  while (Date.now() - began < unit.patience.touchMs) {
    const now = await read();
    const at = now.findIndex((level, i) => level !== before[i] && (i === 0 || !isPawOnly));
    if (at >= 0 && at === last) return [at, (Date.now() - began) / 1000];
    last = at;
    await wait(unit.patience.lookMs);
  }
  return null;
}
