// The battery's percent and when it is low: no noise and no loud moment makes a toy look empty, and none flaps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BATTERY_UNKNOWN,
  batteryPercent,
  isLowAt,
  LOW_PERCENT,
  RECOVERED_PERCENT,
  steadyPercent,
} from '#firmware/battery.ts';

const percent = fc.integer({ min: 0, max: 100 });

describe('the percent that the toy goes by', () => {
  it('begins with the first reading and then goes one step a look, towards the reading', () => {
    expect(steadyPercent(BATTERY_UNKNOWN, 42)).toBe(42);
    fc.assert(
      fc.property(percent, percent, (before, reading) => {
        const after = steadyPercent(before, reading);
        expect(Math.abs(after - before)).toBe(before === reading ? 0 : 1);
        expect(Math.abs(after - reading)).toBeLessThanOrEqual(Math.abs(before - reading));
      }),
    );
  });

  it('does not fall to low while a loudspeaker pulls the cell down for five minutes', () => {
    let now = 40;
    for (let look = 0; look < 10; look++) now = steadyPercent(now, 0);
    expect(isLowAt(now, false)).toBe(false);
  });
});

describe('a low battery', () => {
  it('is one or is none for good while the readings stay within what a resting cell does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.array(fc.integer({ min: 0, max: RECOVERED_PERCENT - LOW_PERCENT - 1 }), { maxLength: 200 }),
        (base, above) => {
          let isLow = false;
          let changes = 0;
          for (const more of above) {
            const next = isLowAt(base + more, isLow);
            if (next !== isLow) changes++;
            isLow = next;
          }
          expect(changes).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('follows volts: empty at 3.3, low below 3.43, recovered above 3.55', () => {
    expect(batteryPercent(3)).toBe(0);
    expect(batteryPercent(5)).toBe(100);
    expect(isLowAt(batteryPercent(3.42), false)).toBe(true);
    expect(isLowAt(batteryPercent(3.45), false)).toBe(false);
    expect(isLowAt(batteryPercent(3.54), true)).toBe(true);
    expect(isLowAt(batteryPercent(3.57), true)).toBe(false);
  });
});
