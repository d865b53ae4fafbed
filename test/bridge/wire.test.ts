import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel } from '#bridge/radio.ts';
import { createWire } from '#bridge/wire.ts';
import { createJoiner, join, sendCredit } from '#protocol/ble/joiner.ts';
import { createSplitter } from '#protocol/ble/splitter.ts';

const LIMIT = 60;
const WINDOW = 8;

/** The toy's end of a channel: joins what comes and credits it; `isLost` says of each value, either way, whether it vanishes. */
function toyEnd(isLost: (value: number) => boolean) {
  const frames: Uint8Array[] = [];
  const values: Uint8Array[] = [];
  let count = 0;
  let toHost: (value: Uint8Array) => void = () => {};
  let closed: () => void = () => {};
  const joiner = createJoiner(WINDOW, createSplitter(), (buffer, length) =>
    frames.push(buffer.slice(0, length)),
  );
  const channel: Channel = {
    mtu: 247,
    async send(value) {
      values.push(value);
      if (isLost(count++)) return;
      join(joiner, value);
      sendCredit(joiner, (buffer, offset, length) => {
        const credit = buffer.slice(offset, offset + length);
        if (!isLost(count++)) queueMicrotask(() => toHost(credit));
        return true;
      });
    },
    onValue: (listener) => {
      toHost = listener;
    },
    onClose: (listener) => {
      closed = listener;
    },
    close: async () => closed(),
  };
  return { channel, frames, values, hangUp: () => closed() };
}

const frame = (seed: number, length: number) => new Uint8Array(length).map((_, i) => (seed + i) % 256);

describe('frames over a channel', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('arrive whole and in order, in values no larger than the toy takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 2, max: 1045 }), { minLength: 1, maxLength: 12 }),
        async (sizes) => {
          const toy = toyEnd(() => false);
          const wire = createWire(toy.channel, () => Date.now());
          wire.onFrame(() => {});
          wire.setLimits(LIMIT, WINDOW);
          const sent = sizes.map((size, i) => frame(i, size));
          for (const each of sent) wire.send(each);
          await vi.advanceTimersByTimeAsync(10);
          expect(toy.frames).toEqual(sent);
          expect(Math.max(...toy.values.map(({ length }) => length))).toBeLessThanOrEqual(LIMIT);
          await wire.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('go on after lost values and lost credits: later frames arrive', async () => {
    let isBad = true;
    const toy = toyEnd((value) => isBad && value % 5 === 4);
    const wire = createWire(toy.channel, () => Date.now());
    wire.onFrame(() => {});
    wire.setLimits(LIMIT, WINDOW);
    for (let i = 0; i < 6; i++) wire.send(frame(i, 500));
    await vi.advanceTimersByTimeAsync(20_000);
    isBad = false;
    wire.send(frame(77, 300));
    wire.send(frame(78, 300));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(toy.frames.at(-1)).toEqual(frame(78, 300));
    await wire.close();
  });

  it('share values where one ends and the next begins, when the next is known in time', async () => {
    const toy = toyEnd(() => false);
    const wire = createWire(toy.channel, () => Date.now());
    let left = 20;
    wire.onFrame(() => {});
    wire.setLimits(244, 30);
    wire.onRoom(() => {
      while (wire.hasRoom() && left > 0) wire.send(frame(left--, 1017));
    });
    wire.send(frame(99, 1017));
    await vi.advanceTimersByTimeAsync(50);
    expect(toy.frames.length).toBe(21);
    // 4.25 values for a frame of voice instead of 5.
    expect(toy.values.length).toBeLessThanOrEqual(21 * 4.3 + 1);
    await wire.close();
  });

  it('stop when the channel closes, which is told once to each who asked', async () => {
    const toy = toyEnd(() => false);
    const wire = createWire(toy.channel, () => Date.now());
    let told = 0;
    wire.onClose(() => told++);
    toy.hangUp();
    wire.onClose(() => told++);
    expect(told).toBe(2);
    wire.send(frame(1, 100));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(toy.values).toEqual([]);
    expect(wire.hasRoom()).toBe(false);
  });
});
