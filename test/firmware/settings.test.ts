// What the toy remembers by its own running time, and the stamps of more senders than there are places.
import { describe, expect, it } from 'vitest';
import { createSettings, SETTINGS_BYTES } from '#firmware/settings.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createMemoryFlash } from '#firmware/simulator/flash-medium.ts';
import { createTwin } from '#firmware/twin.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';

const HOUR_S = 3600;
const keyOf = (number: number) => new Uint8Array(32).fill(number);

function createWorld() {
  const chip = createFlashChip(createMemoryFlash(8192), 0, () => 0.5);
  let nowS = 100;
  let due: (() => void)[] = [];
  const boot = (sleptS = 0) => {
    due = [];
    const timers = { now: () => nowS, after: (action: () => void) => due.push(action), cancel: () => {} };
    return createSettings(createTwin(chip.functions, createPrimitives(), 0, SETTINGS_BYTES), timers, sleptS);
  };
  const run = (seconds: number) => {
    nowS += seconds;
    for (const action of due.splice(0)) action();
  };
  return { boot, run };
}

describe('settings', () => {
  it('count running time across power cuts, by the hour', () => {
    const { boot, run } = createWorld();
    const settings = boot();
    settings.renewed(true);
    run(HOUR_S);
    run(HOUR_S);
    const later = boot();
    expect(later.policyAgeS()).toBe(2 * HOUR_S);
    run(HOUR_S);
    later.renewed(false);
    expect(later.policyAgeS()).toBe(0);
    expect(boot().pairedAgeS()).toBe(3 * HOUR_S);
  });

  it('count a sleep and what was before it', () => {
    const { boot, run } = createWorld();
    const settings = boot();
    settings.renewed(true);
    run(100);
    settings.keep();
    const later = boot(7200);
    expect(later.policyAgeS()).toBe(7300);
    run(60);
    expect(later.pairedAgeS()).toBe(7360);
  });

  it('know a stamp again after power-on, until the next pairing', () => {
    const { boot } = createWorld();
    boot().remember(keyOf(1), 5, () => true);
    const later = boot();
    expect([later.hasSeen(keyOf(1), 5), later.hasSeen(keyOf(1), 4), later.hasSeen(keyOf(1), 6)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(later.hasSeen(keyOf(2), 5)).toBe(false);
    later.countReset();
    expect(later.hasSeen(keyOf(1), 5)).toBe(true);
    later.renewed(true);
    expect(boot().hasSeen(keyOf(1), 5)).toBe(false);
    expect(boot().resets()).toBe(1);
  });

  it('give the place of a sender who was sent away, never that of one who is there', () => {
    const { boot } = createWorld();
    const settings = boot();
    const isGone = (prefix: Uint8Array) => prefix[0] === 7;
    for (let i = 1; i <= 32; i++) settings.remember(keyOf(i), 1, () => true);
    settings.remember(keyOf(33), 9, (prefix) => !isGone(prefix));
    expect(settings.hasSeen(keyOf(33), 9)).toBe(true);
    expect(settings.hasSeen(keyOf(7), 1)).toBe(false);
    for (let i = 1; i <= 32; i++) if (i !== 7) expect(settings.hasSeen(keyOf(i), 1)).toBe(true);
  });
});
