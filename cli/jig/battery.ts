// The battery: what the gauge says must be what a cell can have.
import { CELL } from './limits.ts';
import { measure, type Result, untested } from './result.ts';
import { askNumber, type Unit } from './unit.ts';

const READS = 16;

export async function testBattery(unit: Unit): Promise<Result> {
  const { BATTERY_PIN, BATTERY_FULL_SCALE_VOLTS } = unit.board.facts;
  if (BATTERY_PIN < 0) return { ...untested('battery', 'this board does not measure one'), isNeedless: true };
  const part = await askNumber(
    unit,
    `(function(i,s){pinMode(${BATTERY_PIN},"analog");for(s=i=0;i<${READS};i++)s+=analogRead(${BATTERY_PIN});return s/${READS}})()`,
  );
  const volts = Math.round(part * BATTERY_FULL_SCALE_VOLTS * 100) / 100;
  return measure('battery', volts, CELL, {
    good: 'a cell',
    low:
      volts < 1 ? 'no cell: unplugged, switched off, or the gauge’s wire' : 'flat: charge it and test again',
    high: 'more than a cell can have: the gauge’s resistors, or its wire on another supply',
  });
}
