// What touches mean, and what the heart shows, by the clock.
import { describe, expect, it } from 'vitest';
import { createHeart, RHYTHM_PLAIN, STEP_MS, STEPS } from '#firmware/heart.ts';
import { createPaw } from '#firmware/paw.ts';
import { createVirtualClock } from '#firmware/simulator/clock.ts';
import type { Timers } from '#firmware/timers.ts';

function createTimers() {
  const clock = createVirtualClock();
  const cancels: (() => void)[] = [];
  const timers: Timers = {
    now: () => clock.now() / 1000,
    after: (action, delayMs) => cancels.push(clock.after(delayMs, action)) - 1,
    cancel: (timer) => cancels[timer]!(),
  };
  return { clock, timers };
}

function createTouched(isDown = false) {
  const { clock, timers } = createTimers();
  const told: string[] = [];
  const paw = createPaw(timers, isDown, {
    touched: () => told.push('touched'),
    held: () => told.push('held'),
    heldLong: () => told.push('long'),
    released: (isTap) => told.push(isTap ? 'released tap' : 'released'),
    tapped: () => told.push('tap'),
    tappedTwice: () => told.push('two taps'),
    heldFromStart: () => told.push('reset'),
  });
  const press = async (ms: number) => {
    paw.change(true);
    await clock.advance(ms);
    paw.change(false);
  };
  return { clock, paw, told, press };
}

describe('the paw', () => {
  it('tells of a touch at once and of a tap when no second one follows', async () => {
    const { told, press, clock } = createTouched();
    await press(499);
    expect(told).toEqual(['touched', 'released tap']);
    await clock.advance(400);
    expect(told).toEqual(['touched', 'released tap', 'tap']);
  });

  it('takes half a second for no tap', async () => {
    const { told, press, clock } = createTouched();
    await press(500);
    await clock.advance(1000);
    expect(told).toEqual(['touched', 'held', 'released']);
  });

  it('counts two taps as one sign', async () => {
    const { told, press, clock } = createTouched();
    await press(100);
    await clock.advance(300);
    await press(100);
    await clock.advance(1000);
    expect(told.filter((word) => word.includes('tap ') || word.includes('taps') || word === 'tap')).toEqual([
      'two taps',
    ]);
  });

  it('does not take a tap and a recording for two taps', async () => {
    const { told, press, clock } = createTouched();
    await press(100);
    await clock.advance(100);
    await press(2000);
    await press(100);
    await clock.advance(1000);
    expect(told.at(-1)).toBe('tap');
    expect(told).not.toContain('two taps');
  });

  it('tells of three seconds, and bounces change nothing', async () => {
    const { told, paw, clock } = createTouched();
    paw.change(true);
    paw.change(true);
    await clock.advance(3000);
    paw.change(false);
    paw.change(false);
    expect(told).toEqual(['touched', 'held', 'long', 'released']);
  });

  it('held from power-on is a reset after ten seconds, and nothing before', async () => {
    const early = createTouched(true);
    await early.clock.advance(9900);
    early.paw.change(false);
    await early.clock.advance(1000);
    expect(early.told).toEqual([]);
    await early.press(100);
    expect(early.told).toEqual(['touched', 'released tap']);
    const late = createTouched(true);
    await late.clock.advance(10_000);
    expect(late.told).toEqual(['reset']);
  });
});

describe('the heart', () => {
  it('beats, blinks over the beat, and glows over both', async () => {
    const { clock, timers } = createTimers();
    const seen: number[] = [];
    let isLit = false;
    const heart = createHeart(timers, (lit) => {
      isLit = lit;
      if (lit) seen.push(clock.now());
    });
    heart.beat(RHYTHM_PLAIN);
    await clock.advance(STEPS * STEP_MS);
    expect(seen).toEqual([0, 2 * STEP_MS, STEPS * STEP_MS]);
    heart.glow(true);
    heart.blink();
    await clock.advance(5000);
    expect(isLit).toBe(true);
    heart.glow(false);
    heart.beat(0);
    seen.length = 0;
    await clock.advance(1000);
    heart.blink();
    await clock.advance(5000);
    expect(isLit).toBe(false);
    expect(seen.slice(-2)).toEqual([clock.now() - 5000, clock.now() - 5000 + 2 * STEP_MS]);
  });
});
