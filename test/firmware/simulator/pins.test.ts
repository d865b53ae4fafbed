// Simulated pins and timers keep Espruino's manners.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '#firmware/simulator/clock.ts';
import { createLife } from '#firmware/simulator/life.ts';
import { createPins } from '#firmware/simulator/pins.ts';
import { createTimers } from '#firmware/simulator/timers.ts';

function createWorld() {
  const clock = createVirtualClock();
  const errors: string[] = [];
  const life = createLife(clock, (error) => errors.push(error.message));
  const world = { seconds: () => clock.now() / 1000, analog: (pin: number) => pin / 10, driven: () => {} };
  return { clock, life, errors, pins: createPins(life, world, new Map()), timers: createTimers(life) };
}

describe('setWatch', () => {
  it('fires for a level that has stayed for the debounce, with the time of its edge', async () => {
    const { clock, pins } = createWorld();
    const seen: string[] = [];
    pins.functions.setWatch((event) => seen.push(`${event.state} ${event.time} ${event.lastTime}`), 3, {
      repeat: true,
      edge: 'both',
      debounce: 20,
    });
    await clock.advance(100);
    for (const level of [1, 0, 1]) {
      pins.drive(3, level);
      await clock.advance(5);
    }
    await clock.advance(100);
    expect(pins.functions.digitalRead(3)).toBe(1);
    // A bounce that ends where it began is nothing.
    pins.drive(3, 0);
    await clock.advance(5);
    pins.drive(3, 1);
    await clock.advance(100);
    pins.drive(3, 0);
    await clock.advance(100);
    expect(seen).toEqual(['true 0.11 0', 'false 0.32 0.11']);
  });

  it('fires for the edge it was asked for, once unless repeated, and not after clearWatch', async () => {
    const { clock, pins } = createWorld();
    const seen: string[] = [];
    pins.functions.setWatch(() => seen.push('once'), 3, {});
    pins.functions.setWatch(() => seen.push('falling'), 3, { repeat: true, edge: 'falling' });
    const gone = pins.functions.setWatch(() => seen.push('cleared'), 3, { repeat: true });
    pins.functions.clearWatch(gone);
    for (const level of [1, 0, 1, 0]) {
      pins.drive(3, level);
      await clock.advance(1);
    }
    expect(seen).toEqual(['once', 'falling', 'falling']);
  });

  it('knows no pins that the board lacks', () => {
    const { pins } = createWorld();
    expect(() => pins.functions.digitalWrite(49, 1)).toThrow('Invalid pin');
    expect(() => pins.functions.analogRead(-1)).toThrow('Invalid pin');
    expect(pins.functions.analogRead(2)).toBe(0.2);
  });
});

describe('timers', () => {
  it('are numbers, repeat until cleared, and take undefined for a mistake', async () => {
    const { clock, timers } = createWorld();
    const seen: number[] = [];
    const interval = timers.setInterval(() => seen.push(clock.now()), 100);
    const cleared = timers.setTimeout(() => seen.push(-1), 50);
    timers.clearTimeout(cleared);
    expect([interval, cleared]).toEqual([1, 2]);
    await clock.advance(350);
    timers.clearInterval(interval);
    await clock.advance(350);
    expect(seen).toEqual([100, 200, 300]);
    expect(() => timers.clearTimeout(undefined as unknown as number)).toThrow('not allowed');
  });

  it('may clear themselves, throw, and die with the toy', async () => {
    const { clock, life, timers, errors } = createWorld();
    let count = 0;
    const interval = timers.setInterval(() => {
      count++;
      timers.clearInterval(interval);
    }, 10);
    timers.setTimeout(() => {
      throw new Error('broken');
    }, 20);
    timers.setTimeout(() => count++, 1000);
    await clock.advance(500);
    life.end();
    await clock.advance(1000);
    expect(count).toBe(1);
    expect(errors).toEqual(['broken']);
  });
});
