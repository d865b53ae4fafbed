// The shipped program's life between sleep and paw: when it sleeps, what wakes it, and that nothing is lost by it.
import { describe, expect, it } from 'vitest';
import { STEP_MS } from '#firmware/heart.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { SOUND_NEW_FAMILY, SOUND_NO } from '#firmware/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { ACK_STORED } from '#protocol/clip/records.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { type House, NOON_S, openHouse } from './house.ts';
import { seededRandom } from './seeded-random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STREAM = joinPackets(encodeVoice(createVoice(0.9)));
/** What the family's cell has, in volts: 82 %, 8 % and 41 %. */
const FULL = 4;
const EMPTY = 3.37;
const HALF = 3.65;

/** A family's toy whose bridge has just gone away; `change` is what its policy says otherwise. */
async function openHome(change: Parameters<House['policy']>[0] = {}): Promise<House> {
  const house = await openHouse();
  await house.pair();
  await house.connect();
  if (Object.keys(change).length > 0) {
    house.sendPolicy(house.policy({ counter: 2, ...change }));
    await house.pass(3000);
  }
  return house;
}

async function leave(house: House): Promise<void> {
  house.peripheral.leave();
  await house.clock.advance(MINUTE_MS);
}

function sleeps(house: House): number[] {
  return house.toy.events
    .filter((event) => event.kind === 'off' && event.reason === 'sleep')
    .map(({ atMs }) => atMs);
}

function boots(house: House): string[] {
  return house.toy.events
    .filter((event) => event.kind === 'boot')
    .map((event) => ('reason' in event ? event.reason : ''));
}

/** Lengths of the heart's flashes since `fromMs`, and the pauses between them. */
function flashes(house: House, fromMs: number): { lit: number[]; dark: number[] } {
  const times = house.toy.heart.history.filter(({ atMs }) => atMs >= fromMs);
  const lengths = (isLit: boolean) =>
    times.slice(1).flatMap((change, i) => (times[i]!.isLit === isLit ? [change.atMs - times[i]!.atMs] : []));
  return { lit: lengths(true), dark: lengths(false) };
}

describe('a toy without a bridge', () => {
  it('sleeps after a day, looks round every hour for a minute, and stays where it finds one', async () => {
    const house = await openHome();
    await leave(house);
    const leftMs = house.clock.now();
    await house.clock.advance(DAY_MS + HOUR_MS / 2);
    expect(house.toy.isOn).toBe(false);
    expect(house.toy.heart.isLit).toBe(false);
    expect(house.peripheral.handlers).toBeNull();
    expect(Math.abs(sleeps(house)[0]! - leftMs - DAY_MS)).toBeLessThan(2 * MINUTE_MS);
    await house.clock.advance(3 * HOUR_MS);
    expect(boots(house)).toEqual(['power', 'time', 'time', 'time']);
    const [first, second] = sleeps(house);
    expect(second! - first! - HOUR_MS).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(second! - first! - HOUR_MS).toBeLessThan(2 * MINUTE_MS);
    while (!house.toy.isOn) await house.clock.advance(10_000);
    const advertised = house.peripheral.advertised.length;
    expect(advertised).toBeGreaterThan(0);
    await house.connect(NOON_S + 2 * 86_400);
    house.deliver(1, STREAM);
    await house.pass(3000);
    expect(house.bridge.delivered).toEqual([ACK_STORED]);
    house.peripheral.leave();
    await house.clock.advance(DAY_MS - HOUR_MS);
    expect(house.toy.isOn).toBe(true);
    // Nobody has touched it: it does not sing at night of what is old.
    expect(house.speaker.tones.filter(({ sound }) => sound === SOUND_NEW_FAMILY)).toEqual([]);
    expect(house.toy.errors).toEqual([]);
  });

  it('is woken by the paw, and the first word arrives at the bridge', async () => {
    const house = await openHome();
    await leave(house);
    await house.clock.advance(DAY_MS + HOUR_MS / 2);
    house.voices.length = 0;
    house.toy.press();
    // Before the program runs, the microphone is open, and the heart says so.
    expect(house.toy.heart.isLit).toBe(true);
    await house.pass(3000);
    expect(house.toy.heart.isLit).toBe(true);
    house.toy.release();
    await house.pass(500);
    const made = house.voices.length;
    expect(made).toBeGreaterThanOrEqual(50);
    await house.connect();
    await house.pass(3000);
    const [taken] = house.bridge.taken;
    // All that was heard since the touch, from the first packet on.
    expect(taken!.end!.packets).toBe(made);
    expect(taken!.end!.bytes).toBe(joinPackets(house.voices).length);
    expect(house.toy.errors).toEqual([]);
  });

  it('stays for ten minutes after a touch, and for no stranger', async () => {
    const house = await openHome();
    await leave(house);
    await house.clock.advance(DAY_MS + HOUR_MS / 2);
    await house.hold(1000);
    const touchedMs = house.clock.now();
    for (let i = 0; i < 8; i++) {
      house.bridge.connect();
      await house.clock.advance(MINUTE_MS);
    }
    expect(house.toy.isOn).toBe(true);
    await house.clock.advance(4 * MINUTE_MS);
    expect(house.toy.isOn).toBe(false);
    expect(sleeps(house).at(-1)! - touchedMs).toBeGreaterThan(9 * MINUTE_MS);
  });

  it('plays what waits for a tap that woke it, and keeps quiet hours asleep', async () => {
    for (const [isQuiet, plays] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const house = await openHome(isQuiet ? { quietFrom: 13 * 60, quietTo: 11 * 60 } : {});
      house.deliver(1, STREAM);
      await house.pass(3000);
      await leave(house);
      // A day, and an hour and a half: past one o'clock.
      await house.clock.advance(DAY_MS + HOUR_MS + HOUR_MS / 2);
      const fromMs = house.clock.now();
      await house.tap();
      await house.pass(3000);
      expect(house.speaker.played.length).toBe(plays);
      // Quiet: the glow of the microphone and the blink that says no.
      if (isQuiet) expect(flashes(house, fromMs).lit.length).toBeLessThanOrEqual(3);
      expect(house.toy.errors).toEqual([]);
    }
  });

  it('opens no microphone by itself where the policy has not allowed it', async () => {
    const house = await openHome({ hasConsent: false });
    await leave(house);
    await house.clock.advance(DAY_MS + HOUR_MS / 2);
    house.voices.length = 0;
    await house.hold(2000);
    expect(house.toy.events.filter(({ kind }) => kind === 'microphone')).toEqual([]);
    expect(house.voices).toEqual([]);
    expect(house.speaker.tones.at(-1)!.sound).toBe(SOUND_NO);
  });

  it('throws away what the touch recorded if the policy has run out in its sleep', async () => {
    const house = await openHome();
    await leave(house);
    // Asleep nearly all the time, and thirty days are thirty days.
    await house.clock.advance(30 * DAY_MS - 2 * HOUR_MS);
    while (house.toy.isOn) await house.clock.advance(MINUTE_MS);
    await house.hold(2000);
    await house.connect();
    await house.pass(3000);
    expect(house.bridge.taken.length).toBe(1);
    house.peripheral.leave();
    await house.clock.advance(4 * HOUR_MS);
    while (house.toy.isOn) await house.clock.advance(MINUTE_MS);
    await house.hold(2000);
    await house.connect();
    await house.pass(3000);
    expect(house.bridge.taken.length).toBe(1);
    expect(house.toy.heart.isLit).toBe(false);
    expect(house.toy.errors).toEqual([]);
  }, 60_000);

  it('is not reset by a paw that woke it, nor by one that is held while it restarts', async () => {
    const house = await openHome();
    const key = house.toyKey.slice();
    await leave(house);
    await house.clock.advance(DAY_MS + HOUR_MS / 2);
    await house.hold(15_000);
    await house.connect();
    await house.pass(3000);
    expect(house.bridge.taken[0]!.end!.durationMs).toBeGreaterThan(14_000);
    expect(boots(house)).toEqual(['power', 'paw']);
    house.toy.press();
    await house.pass(1000);
    house.toy.restart();
    await house.pass(15_000);
    house.toy.release();
    await house.pass(1000);
    // The same toy, with what it had recorded until then; and the hand that is still there is a touch.
    await house.connect();
    await house.pass(3000);
    expect(house.toyKey).toEqual(key);
    expect(house.bridge.taken.length).toBe(3);
    expect(house.toy.errors).toEqual([]);
  });
});

describe('a toy whose battery is low', () => {
  it('shows it by a flash that no sender has, sleeps, and looks at the battery alone', async () => {
    const house = await openHome();
    await leave(house);
    house.cell.volts = EMPTY;
    // Percent by percent: nothing a cell does is faster.
    await house.clock.advance(HOUR_MS);
    expect(house.toy.isOn).toBe(false);
    const { lit, dark } = flashes(house, sleeps(house)[0]! - 5 * MINUTE_MS);
    expect(new Set(lit)).toEqual(new Set([STEP_MS]));
    expect(Math.max(...dark)).toBe(4000 - STEP_MS);
    const advertised = house.peripheral.advertised.length;
    const before = sleeps(house).length;
    await house.clock.advance(DAY_MS);
    expect(sleeps(house).length - before).toBe(4);
    expect(house.peripheral.advertised.length).toBe(advertised);
    house.cell.volts = FULL;
    await house.clock.advance(6 * HOUR_MS + MINUTE_MS);
    expect(house.toy.isOn).toBe(true);
    await house.clock.advance(DAY_MS / 2);
    expect(house.toy.isOn).toBe(true);
    expect(house.toy.errors).toEqual([]);
  });

  it('does not sleep while a bridge is linked, nor while its paw is held or pairing is open', async () => {
    const house = await openHome();
    house.cell.volts = EMPTY;
    for (let minutes = 0; minutes < 90; minutes += 1) {
      await house.clock.advance(MINUTE_MS);
      house.bridge.carry();
    }
    expect(house.toy.isOn).toBe(true);
    expect(house.bridge.isOpen).toBe(true);
    house.peripheral.leave();
    house.toy.press();
    await house.clock.advance(30 * MINUTE_MS);
    expect(house.toy.isOn).toBe(true);
    house.toy.release();
    await house.clock.advance(12 * MINUTE_MS);
    expect(house.toy.isOn).toBe(false);
  });

  it('takes no noise for an empty cell, and flaps between nothing', async () => {
    for (const [volts, isLow] of [
      [HALF, false],
      [EMPTY + 0.05, true],
    ] as const) {
      const house = await openHome();
      await leave(house);
      const random = seededRandom(7);
      const cell = house.cell;
      // A quarter of a volt to each side, and every tenth reading a hole.
      Object.defineProperty(cell, 'volts', {
        get: () => volts + (random() - 0.5) / 2 - (random() < 0.1 ? 0.5 : 0),
      });
      const fromMs = house.clock.now();
      await house.clock.advance(2 * HOUR_MS);
      const low = flashes(house, fromMs).dark.filter((ms) => ms === 4000 - STEP_MS).length;
      expect(low > 0).toBe(isLow);
      expect(house.toy.isOn).toBe(!isLow);
    }
  });
});
