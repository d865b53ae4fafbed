import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, wallClock } from '#bridge/clock.ts';

describe('waiting after failures', () => {
  it('doubles from half a second to a minute, and takes at most half off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const full = Math.min(60_000, 500 * 2 ** Math.min(failures - 1, 20));
          const waited = backoffMs(failures, () => chance);
          expect(waited).toBeLessThanOrEqual(full);
          expect(waited).toBeGreaterThanOrEqual(full / 2);
        },
      ),
    );
    expect(backoffMs(1, () => 0)).toBe(500);
    expect(backoffMs(4, () => 0)).toBe(4000);
  });
});

describe('sleeping', () => {
  it('ends at once when it is aborted, before or during', async () => {
    await wallClock.sleep(1e9, AbortSignal.abort());
    const stop = new AbortController();
    const asleep = wallClock.sleep(1e9, stop.signal);
    stop.abort();
    await asleep;
  });
});
