// Clips over the modelled radio: they arrive whole and once whatever the radio does, and the healthy radio is kept busy.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endClip, growClip, startClip } from '#protocol/clip/sender.ts';
import { EVENT_MS, HEALTHY, type Ills, makeClip, PACKETS_PER_EVENT, Road } from './road.ts';

const NEAR = { limitBytes: 244, toyWindow: 16, chunkWindow: 16 };

function runUntil(road: Road, ills: Ills, isDone: () => boolean, limitMs: number): void {
  const until = road.nowMs + limitMs;
  while (!isDone() && road.nowMs < until) road.step(ills);
}

describe('throughput at MTU 247, 30 ms, 4 packets an event', () => {
  it.each(['from the toy', 'to the toy'])(
    '%s a minute of voice fills 0.90 of what ATT carries',
    (direction) => {
      const road = new Road(NEAR, 1);
      const [from, to] = direction === 'from the toy' ? [road.toy, road.bridge] : [road.bridge, road.toy];
      const chunkBytes = from.sender.chunkBytes;
      const { chunks, clip, name } = makeClip(3, 124, chunkBytes, from === road.toy ? 32 : 261);
      from.outgoingChunks = chunks;
      startClip(from.sender, clip, 0);
      runUntil(road, HEALTHY, () => from.acknowledged.length > 0, 60_000);
      expect(from.acknowledged).toEqual([0]);
      expect(to.kept.get(name)!.chunks).toEqual(chunks);
      const capacityBytes = (road.nowMs / EVENT_MS) * PACKETS_PER_EVENT * 244;
      expect((124 * 992) / capacityBytes).toBeGreaterThanOrEqual(0.9);
    },
  );

  it('keeps both directions busy at once', () => {
    const road = new Road({ ...NEAR, toyWindow: 30 }, 1);
    const recording = makeClip(4, 124, 1008, 32);
    const message = makeClip(5, 124, 992, 261);
    road.toy.outgoingChunks = recording.chunks;
    road.bridge.outgoingChunks = message.chunks;
    startClip(road.toy.sender, recording.clip, 0);
    startClip(road.bridge.sender, message.clip, 0);
    const isDone = () => road.toy.acknowledged.length > 0 && road.bridge.acknowledged.length > 0;
    runUntil(road, HEALTHY, isDone, 60_000);
    expect(isDone()).toBe(true);
    const capacityBytes = (road.nowMs / EVENT_MS) * PACKETS_PER_EVENT * 244;
    expect((124 * 992) / capacityBytes).toBeGreaterThanOrEqual(0.8);
  });
});

describe('a clip that is still being recorded', () => {
  it('is complete at the bridge within a second of the paw', () => {
    const road = new Road(NEAR, 2);
    const { chunks, clip, name } = makeClip(6, 30, 1008, 32);
    const end = clip.end!;
    road.toy.outgoingChunks = chunks;
    startClip(road.toy.sender, { ...clip, chunks: 0, end: null }, 0);
    for (let made = 0; made < 30; ) {
      road.step(HEALTHY);
      if (road.nowMs >= (made + 1) * 480) growClip(road.toy.sender, ++made);
    }
    endClip(road.toy.sender, end);
    const releasedMs = road.nowMs;
    runUntil(road, HEALTHY, () => road.toy.acknowledged.length > 0, 10_000);
    expect(road.toy.acknowledged).toEqual([0]);
    expect(road.bridge.kept.get(name)).toEqual({ chunks, finished: 1, isDurable: true });
    expect(road.nowMs - releasedMs).toBeLessThanOrEqual(1000);
  });
});

const ills = fc.record({
  loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
  repeat: fc.double({ min: 0, max: 0.2, noNaN: true }),
  swap: fc.double({ min: 0, max: 0.2, noNaN: true }),
  cut: fc.double({ min: 0, max: 0.2, noNaN: true }),
  liesAbove: fc.integer({ min: 1, max: 12 }),
});

describe('whatever the radio does', () => {
  it('each clip arrives whole, is finished once and acknowledged', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer(),
          ills: ills,
          limitBytes: fc.constantFrom(20, 60, 182, 244),
          toyWindow: fc.integer({ min: 1, max: 30 }),
          chunkWindow: fc.integer({ min: 1, max: 20 }),
          breaksMs: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 4 }),
          recording: fc.integer({ min: 1, max: 14 }),
          message: fc.integer({ min: 1, max: 14 }),
          growMs: fc.constantFrom(0, 480, 1700),
          storeMs: fc.constantFrom(0, 70, 1500),
        }),
        (plan) => {
          const road = new Road(plan, plan.seed);
          const recording = makeClip(plan.seed, plan.recording, 1008, 32);
          const message = makeClip(plan.seed + 1, plan.message, 992, 261);
          road.bridge.storeMs = plan.storeMs;
          road.toy.outgoingChunks = recording.chunks;
          road.bridge.outgoingChunks = message.chunks;
          startClip(road.toy.sender, { ...recording.clip, chunks: 0, end: null }, 0);
          startClip(road.bridge.sender, message.clip, 0);
          let made = 0;
          const isDone = () => road.toy.acknowledged.length > 0 && road.bridge.acknowledged.length > 0;
          const breaksMs = [...plan.breaksMs];
          while (!isDone() && road.nowMs < 400_000) {
            road.step(road.nowMs < 20_000 ? plan.ills : HEALTHY);
            while (made < plan.recording && road.nowMs >= made * plan.growMs) {
              growClip(road.toy.sender, ++made);
              if (made === plan.recording) endClip(road.toy.sender, recording.clip.end!);
            }
            if (breaksMs.some((atMs) => atMs >= road.nowMs && atMs < road.nowMs + EVENT_MS)) road.reconnect();
          }
          expect(isDone()).toBe(true);
          expect(road.bridge.kept.get(recording.name)).toEqual({
            chunks: recording.chunks,
            finished: 1,
            isDurable: true,
          });
          expect(road.toy.kept.get(message.name)).toEqual({
            chunks: message.chunks,
            finished: 1,
            isDurable: true,
          });
          expect(road.bridge.kept.size).toBe(1);
          expect(road.toy.kept.size).toBe(1);
        },
      ),
      { numRuns: 150 },
    );
  });
});
