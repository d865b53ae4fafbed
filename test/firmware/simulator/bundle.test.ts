// The shipped bundle on the simulated toy: it boots on both boards, greets, obeys nobody while unpaired, and outlives power cuts in
// the flash operations of its first boot.
import { describe, expect, it } from 'vitest';
import * as plushBoard from '#boards/c3-plush.ts';
import * as stockBoard from '#boards/c3-stock.ts';
import { createVirtualClock } from '#firmware/simulator/clock.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createToy } from '#firmware/simulator/toy.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { createChance } from '#test/air/chance.ts';
import { builtToy } from '#test/support/built-toys.ts';
import { createFakePeripheral } from './fake-peripheral.ts';

const BOARDS = { 'c3-plush': plushBoard, 'c3-stock': stockBoard };
const BUNDLES = {
  'c3-plush': (await builtToy('c3-plush')).code,
  'c3-stock': (await builtToy('c3-stock')).code,
};
/** Longer than the first boot needs to make its slots. */
const TIDY_MS = 20_000;

function createWorld(name: keyof typeof BOARDS, seed = 1) {
  const clock = createVirtualClock();
  const peripheral = createFakePeripheral();
  const toy = createToy({
    bundle: BUNDLES[name],
    board: BOARDS[name],
    peripheral,
    microphone: createMicrophone(createVoice()),
    speaker: createRememberingSpeaker(),
    clock,
    random: createChance(seed),
    tagSecret: new Uint8Array(32).fill(5),
  });
  return { clock, peripheral, toy };
}

describe.each(['c3-plush', 'c3-stock'] as const)('the bundle of %s', (name) => {
  it('advertises, greets whoever subscribes, and lets a stranger hear nothing', async () => {
    const { clock, peripheral, toy } = createWorld(name);
    await toy.start();
    await clock.advance(1000);
    expect(peripheral.advertised.every((data) => data.length <= 31)).toBe(true);
    expect(peripheral.advertised.length).toBeGreaterThan(0);
    peripheral.subscribe(247);
    await clock.advance(500);
    // HELLO: first fragment of the first frame, type 1, version 1, the board's limit.
    const hello = peripheral.notified[0]!;
    expect([hello[0]! & 0x7f, hello[1], hello[2], hello[3]]).toEqual([0x40, 1, 1, BOARDS[name].VALUE_BYTES]);
    toy.press();
    await clock.advance(1000);
    toy.release();
    await clock.advance(1000);
    expect(toy.events.filter((event) => event.kind === 'microphone')).toEqual([]);
    expect(toy.errors).toEqual([]);
  });
});

it('outlives a power cut in the flash operations of its first boot', async () => {
  const whole = createWorld('c3-plush');
  await whole.toy.start();
  await whole.clock.advance(TIDY_MS);
  const operations = whole.toy.flash.operations;
  await whole.clock.advance(TIDY_MS);
  expect(whole.toy.flash.operations).toBe(operations);
  // All of the first slot, then every fifth: the other slots are made as the first was.
  for (let operation = 1; operation <= operations; operation += operation < 36 ? 1 : 5) {
    const { clock, peripheral, toy } = createWorld('c3-plush', operation);
    toy.cutPowerAt(operation);
    await toy.start();
    for (let ms = 0; ms < TIDY_MS && toy.isOn; ms += 1000) await clock.advance(1000);
    expect(toy.isOn).toBe(false);
    await toy.start();
    peripheral.advertised.length = 0;
    await clock.advance(500);
    expect(toy.errors.map((error) => error.stack)).toEqual([]);
    await toy.stop();
  }
  expect(operations).toBeGreaterThan(20);
});
