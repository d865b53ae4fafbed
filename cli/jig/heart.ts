// The heart: lit while the operator looks.
import type { Operator } from './operator.ts';
import { fail, pass, type Result, untested } from './result.ts';
import { type Unit, wait } from './unit.ts';

export async function testHeart(unit: Unit, operator: Operator, isBlocked: boolean): Promise<Result> {
  const { HEART_PIN, HEART_ACTIVE } = unit.board.facts;
  if (isBlocked) return untested('heart', `GPIO${HEART_PIN} has the paw’s wire`);
  if (!operator.isThere) return untested('heart', 'nobody was there to look');
  const light = (isLit: boolean) =>
    unit.console.ask(
      `pinMode(${HEART_PIN},"output"),digitalWrite(${HEART_PIN},${isLit ? HEART_ACTIVE : 1 - HEART_ACTIVE}),1`,
    );
  await light(true);
  const [isSeen] = await Promise.all([operator.sees('Is the heart lit?'), wait(unit.patience.litMs)]);
  await light(false);
  if (isSeen === null) return untested('heart', 'nobody answered');
  if (!isSeen)
    return fail(
      'heart',
      `GPIO${HEART_PIN} is driven, and nobody sees light: the LED’s wire, or the LED the wrong way round`,
    );
  return pass('heart', 'seen');
}
