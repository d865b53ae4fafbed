// The toy says which messages were heard: at once where a bridge is near, when it is asked where none was, and to nobody else.
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import {
  ASK_BYTES,
  decodeHeard,
  decodeStatus,
  encodeAsk,
  OP_HEARD,
  OP_STATUS,
} from '#protocol/ble/records.ts';
import { ACK_STORED, AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { type House, openHouse } from './house.ts';

const STREAM = joinPackets(encodeVoice(createVoice(0.6)));
/** Long enough to erase all that is to be erased. */
const TIDY_MS = 20_000;

async function nearHouse(): Promise<House> {
  const house = await openHouse();
  await house.pair();
  await house.connect();
  return house;
}

/** Delivers messages 1 to `count`, which then wait. */
async function leave(house: House, count: number, from = 1): Promise<Uint8Array[]> {
  const ids: Uint8Array[] = [];
  for (let i = from; i < from + count; i++) {
    ids.push(house.deliver(i, STREAM));
    await house.pass(1500);
  }
  expect(house.bridge.delivered.slice(-count)).toEqual(ids.map(() => ACK_STORED));
  return ids;
}

async function listen(house: House, count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    await house.tap();
    await house.pass(2500);
  }
}

const heardOf = (house: House) =>
  house.bridge.said
    .filter((plain) => plain[0] === OP_HEARD)
    .map((plain) => {
      const { id, ageS } = decodeHeard(plain);
      return { message: id[0], ageS };
    });

/** What the toy answers to a question; then that is forgotten. */
async function ask(house: House, id: Uint8Array, isKnown = false): Promise<ReturnType<typeof heardOf>> {
  house.bridge.said.length = 0;
  const plain = new Uint8Array(ASK_BYTES);
  encodeAsk(id, isKnown, plain, 0);
  house.bridge.say(plain);
  await house.pass(300);
  return heardOf(house);
}

describe('a message that was heard', () => {
  it('is told at once where a bridge is near, and again when it is heard again', async () => {
    const house = await nearHouse();
    await leave(house, 1);
    expect(heardOf(house)).toEqual([]);
    await house.tap();
    await house.pass(500);
    // Not before its end.
    expect(heardOf(house)).toEqual([]);
    await house.pass(2500);
    expect(heardOf(house)).toEqual([{ message: 1, ageS: 0 }]);
    await house.tap();
    await house.tap();
    await house.pass(3000);
    expect(heardOf(house).map(({ message }) => message)).toEqual([1, 1]);
    expect(house.toy.errors).toEqual([]);
  });

  it('that was silenced before its end is not told', async () => {
    const house = await nearHouse();
    const [id] = await leave(house, 1);
    await house.tap();
    await house.pass(100);
    await house.tap();
    await house.pass(3000);
    expect(heardOf(house)).toEqual([]);
    expect(await ask(house, id!)).toEqual([]);
    expect(house.toy.errors).toEqual([]);
  });

  it('while nobody was near is told when asked, as often as asked, with its age', async () => {
    const house = await nearHouse();
    const [id] = await leave(house, 1);
    house.peripheral.leave();
    await listen(house);
    await house.pass(60_000);
    await house.connect();
    expect(heardOf(house)).toEqual([]);
    const [answer] = await ask(house, id!);
    expect(answer!.message).toBe(1);
    expect(answer!.ageS).toBeGreaterThanOrEqual(60);
    expect(answer!.ageS).toBeLessThan(70);
    expect((await ask(house, id!)).length).toBe(1);
    expect(house.toy.errors).toEqual([]);
  });

  it('is told after a power cut too, but not when it was', async () => {
    const house = await nearHouse();
    const [id] = await leave(house, 1);
    house.peripheral.leave();
    await listen(house);
    await house.toy.powerCut();
    await house.toy.start();
    await house.pass(500);
    await house.connect();
    expect(await ask(house, id!)).toEqual([{ message: 1, ageS: AGE_UNKNOWN }]);
    expect(house.toy.errors).toEqual([]);
  });

  it('is kept until a bridge keeps it; then only the last one is', async () => {
    const house = await nearHouse();
    const ids = await leave(house, 4);
    house.peripheral.leave();
    await listen(house, 4);
    await house.pass(TIDY_MS);
    await house.connect();
    for (const id of ids) expect((await ask(house, id)).map(({ message }) => message)).toEqual([id[0]]);
    for (const id of ids) expect(await ask(house, id, true)).toEqual([]);
    await house.pass(TIDY_MS);
    const left = [];
    for (const id of ids) left.push(...(await ask(house, id)));
    expect(left.map(({ message }) => message)).toEqual([4]);
    // So it is after a power cut: what was told stays told.
    await house.toy.powerCut();
    await house.toy.start();
    await house.pass(500);
    await house.connect();
    const [next] = await leave(house, 1, 5);
    await listen(house);
    expect(await ask(house, next!, true)).toEqual([]);
    await house.pass(TIDY_MS);
    expect(await ask(house, ids[3]!)).toEqual([]);
    expect((await ask(house, next!)).length).toBe(1);
    expect(house.toy.errors).toEqual([]);
  });

  it('gives way, the oldest first, where room for the next is short', async () => {
    const house = await nearHouse();
    const ids = await leave(house, 5);
    house.peripheral.leave();
    await listen(house, 5);
    for (let i = 0; i < 3; i++) {
      await house.hold(1500);
      await house.pass(5000);
    }
    await house.connect();
    await house.pass(4000);
    expect(house.bridge.taken.map(({ end }) => end !== null)).toEqual([true, true, true]);
    const told = [];
    for (const id of ids) told.push(...(await ask(house, id)));
    const messages = told.map(({ message }) => message!);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThan(5);
    expect(messages).toEqual([1, 2, 3, 4, 5].slice(-messages.length));
    expect(house.toy.errors).toEqual([]);
  });
});

describe('a question', () => {
  it('about what waits, what was recorded or what is not there gets no answer', async () => {
    const house = await nearHouse();
    const [waiting] = await leave(house, 1);
    await house.hold(1500);
    await house.pass(3000);
    const recording = house.bridge.taken[0]!.id;
    for (const id of [waiting!, recording, new Uint8Array(16), new Uint8Array(16).fill(255)]) {
      expect(await ask(house, id)).toEqual([]);
      // Nor does it help to say that it was heard.
      expect(await ask(house, id, true)).toEqual([]);
    }
    await listen(house);
    expect(heardOf(house)).toEqual([{ message: 1, ageS: 0 }]);
    expect(house.toy.errors).toEqual([]);
  });

  it('of a bridge that is not in the policy any more gets no answer', async () => {
    const house = await nearHouse();
    const [id] = await leave(house, 1);
    await listen(house);
    expect((await ask(house, id!)).length).toBe(1);
    house.sendPolicy(house.policy({ counter: 2, bridges: [new Uint8Array(32).fill(9)] }));
    await house.pass(500);
    expect(await ask(house, id!)).toEqual([]);
    await expect(house.connect()).rejects.toThrow('the toy was silent');
    expect(await ask(house, id!)).toEqual([]);
    expect(house.toy.errors).toEqual([]);
  });

  it('does not keep the toy from saying how it is', async () => {
    const house = await nearHouse();
    const [id] = await leave(house, 1);
    await listen(house);
    house.bridge.said.length = 0;
    const plain = new Uint8Array(ASK_BYTES);
    encodeAsk(id!, false, plain, 0);
    for (let i = 0; i < 5; i++) house.bridge.say(plain);
    house.sendPolicy(house.policy({ counter: 2 }));
    house.bridge.sayReady(0);
    await house.pass(500);
    const status = house.bridge.said.findLast((said) => said[0] === OP_STATUS)!;
    expect(decodeStatus(status).counter).toBe(2);
    expect(heardOf(house).length).toBeGreaterThan(0);
    expect(house.toy.errors).toEqual([]);
  });
});
