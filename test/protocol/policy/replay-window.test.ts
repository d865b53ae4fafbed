// The replay window against a plain set that remembers everything.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mark, REPLAY_WINDOW, REPLAY_WINDOW_BYTES, seen } from '#protocol/policy/replay-window.ts';

it('says seen for what was marked and for what is too old, and for nothing else', () => {
  const step = fc.integer({ min: -80, max: 80 });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(step, step, fc.nat(1000)), { maxLength: 60 }),
      fc.constantFrom(0, 0xfffffff0 - 70_000),
      (steps, base) => {
        const windows = new Uint8Array(3 * REPLAY_WINDOW_BYTES).fill(0xee);
        const offset = REPLAY_WINDOW_BYTES;
        windows.fill(0, offset, 2 * REPLAY_WINDOW_BYTES);
        const marked = new Set<number>();
        let highest = 0;
        for (const by of steps) {
          const sequence = Math.max(1, (highest || base) + by);
          const isTooOld = highest - sequence > REPLAY_WINDOW;
          expect(seen(windows, offset, sequence)).toBe(isTooOld || marked.has(sequence));
          mark(windows, offset, sequence);
          if (!isTooOld) marked.add(sequence);
          highest = Math.max(highest, sequence);
          for (let at = Math.max(1, highest - 70); at < highest + 3; at++)
            expect(seen(windows, offset, at)).toBe(highest - at > REPLAY_WINDOW || marked.has(at));
        }
        expect(windows.subarray(0, offset).every((byte) => byte === 0xee)).toBe(true);
        expect(windows.subarray(2 * REPLAY_WINDOW_BYTES).every((byte) => byte === 0xee)).toBe(true);
      },
    ),
  );
});

it('goes to the last sequence there is', () => {
  const windows = new Uint8Array(REPLAY_WINDOW_BYTES);
  mark(windows, 0, 1);
  mark(windows, 0, 0xffffffff);
  expect(seen(windows, 0, 0xffffffff)).toBe(true);
  expect(seen(windows, 0, 0xfffffffe)).toBe(false);
  mark(windows, 0, 0xfffffffe);
  expect(seen(windows, 0, 0xfffffffe)).toBe(true);
  expect(seen(windows, 0, 1)).toBe(true);
});
