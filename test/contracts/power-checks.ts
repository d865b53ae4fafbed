// What every implementation of the power module must do, in two starts: before a sleep, and after the touch that ends it. Toy-safe.
import type { Power } from '#firmware/native/native.d.ts';
import { equals, type NativeCheck } from './native-check.ts';

export interface PowerWorld {
  power: Power;
}

/** What the first start asks for. */
export const ASKED_S = 3600;
/** 2027-01-15 08:00 UTC. */
export const TOLD_S = 1800000000;

function powerOn(world: PowerWorld, done: (wrong: string) => void): void {
  const power = world.power;
  let wrong = equals('isPowerOn', power.isPowerOn(), true);
  wrong += equals('isWokenByPaw', power.isWokenByPaw(), false);
  wrong += equals('askedS', power.askedS(), 0);
  done(wrong + equals('sleptS', power.sleptS(), 0));
}

function time(world: PowerWorld, done: (wrong: string) => void): void {
  const power = world.power;
  const wrong = equals('unixS before it is told', power.unixS(), -1);
  power.setTime(TOLD_S);
  done(wrong + equals('unixS', power.unixS(), TOLD_S));
}

function touched(world: PowerWorld, done: (wrong: string) => void): void {
  const power = world.power;
  let wrong = equals('isPowerOn', power.isPowerOn(), false);
  wrong += equals('isWokenByPaw', power.isWokenByPaw(), true);
  wrong += equals('isWokenByPaw again', power.isWokenByPaw(), false);
  wrong += equals('askedS', power.askedS(), ASKED_S);
  const sleptS = power.sleptS();
  if (sleptS < 0 || sleptS > ASKED_S) wrong += `sleptS is ${sleptS}; `;
  done(wrong);
}

function timeAfter(world: PowerWorld, done: (wrong: string) => void): void {
  const lateS = world.power.unixS() - TOLD_S;
  // One second more or less by rounding.
  done(lateS >= world.power.sleptS() - 1 && lateS < ASKED_S ? '' : `the time is ${lateS} s later; `);
}

export const POWER_CHECKS: NativeCheck<PowerWorld>[] = [
  { name: 'power: a power-on is neither a touch nor the end of a sleep', run: powerOn },
  { name: 'power: the time is known when it has been told', run: time },
];

export const TOUCH_CHECKS: NativeCheck<PowerWorld>[] = [
  { name: 'power: a touch that ends a sleep is told once', run: touched },
  { name: 'power: the time outlasts sleep', run: timeAfter },
];
