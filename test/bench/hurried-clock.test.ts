// The clock that the link's benchmark hurries: what falls due runs in order and at its time, and real time goes on after.
import { expect, it } from 'vitest';
import { createHurriedClock } from './hurried-clock.ts';

it('runs a minute at once, in order, what was set off meanwhile too', async () => {
  const clock = createHurriedClock();
  const beganMs = clock.now();
  const ran: [string, number][] = [];
  const note = (name: string) => ran.push([name, Math.round((clock.now() - beganMs) / 100) * 100]);
  clock.after(30_000, () => note('late'));
  clock.after(10_000, () => {
    note('early');
    clock.after(5_000, () => note('follows'));
  });
  clock.after(20_000, () => note('never'))();
  clock.after(61_000, () => note('not yet'));
  await clock.hurry(60_000);
  expect(ran).toEqual([
    ['early', 10_000],
    ['follows', 15_000],
    ['late', 30_000],
  ]);
  expect(clock.now() - beganMs).toBeGreaterThanOrEqual(60_000);
});

it('goes at the wall’s pace where nobody hurries it', async () => {
  const clock = createHurriedClock();
  await clock.hurry(1_000);
  const begunMs = performance.now();
  await new Promise<void>((resolve) => clock.after(50, resolve));
  expect(performance.now() - begunMs).toBeGreaterThanOrEqual(48);
});
