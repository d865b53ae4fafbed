import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeReplay,
  encodeReplay,
  NOTHING_TAKEN,
  REPLAY_WINDOW,
  takeSequence,
} from '#protocol/envelope/replay.ts';

describe('the replay window', () => {
  it('takes each sequence once, as a plain set would', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: -1500, max: 3000 }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let state = NOTHING_TAKEN;
        const taken = new Set<number>();
        let highest = 0;
        for (const move of steps) {
          const sequence = highest + move;
          const isFresh = sequence >= 1 && sequence > highest - REPLAY_WINDOW && !taken.has(sequence);
          if (!isFresh) {
            const before = state;
            expect(() => takeSequence(before, sequence)).toThrow('envelope-replay');
            continue;
          }
          state = decodeReplay(encodeReplay(takeSequence(state, sequence)));
          taken.add(sequence);
          highest = Math.max(highest, sequence);
        }
        expect(state.highest).toBe(highest);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the state it was given as it was', () => {
    const first = takeSequence(NOTHING_TAKEN, 5);
    takeSequence(first, 2000);
    expect(takeSequence(first, 4).highest).toBe(5);
    expect(NOTHING_TAKEN.taken.every((byte) => byte === 0)).toBe(true);
  });

  it('is lost when its bytes are', () => {
    expect(() => decodeReplay(new Uint8Array(0))).toThrow('replay-lost');
    const bytes = encodeReplay(takeSequence(NOTHING_TAKEN, 7));
    expect(() => decodeReplay(bytes.subarray(1))).toThrow('replay-lost');
  });

  it('ends at 2^32 - 1', () => {
    const last = takeSequence(NOTHING_TAKEN, 0xffffffff);
    expect(last.highest).toBe(0xffffffff);
    expect(() => takeSequence(last, 0x100000000)).toThrow('envelope-replay');
  });
});
