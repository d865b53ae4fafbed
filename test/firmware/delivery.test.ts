// A family's message through the shipped program: from the bridge to the speaker, once, and only with a stamp that counts.
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { SOUND_NO } from '#firmware/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { ACK_ALREADY_HAD, ACK_REFUSED, ACK_STORED } from '#protocol/clip/records.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { type House, NOON_S, openHouse } from './house.ts';

const STREAM = joinPackets(encodeVoice(createVoice(2.4)));
/** The codec's flush included. */
const SECONDS = 2.4;

async function nearHouse(): Promise<House> {
  const house = await openHouse();
  await house.pair();
  await house.connect();
  return house;
}

function secondsHeard(house: House): number {
  return (house.speaker.played.at(-1)?.length ?? 0) / 16_000;
}

describe('a message', () => {
  it('makes the heart beat, is heard at a tap, and again at two', async () => {
    const house = await nearHouse();
    house.deliver(1, STREAM);
    await house.pass(2000);
    expect(house.bridge.delivered).toEqual([ACK_STORED]);
    const beats = house.toy.heart.history.length;
    await house.pass(2000);
    expect(house.toy.heart.history.length).toBeGreaterThan(beats);
    await house.tap();
    await house.pass(4000);
    expect(house.speaker.played).toHaveLength(1);
    expect(secondsHeard(house)).toBeCloseTo(SECONDS, 0);
    const after = house.toy.heart.history.length;
    await house.pass(3000);
    expect(house.toy.heart.history.length).toBe(after);
    await house.tap();
    await house.tap();
    await house.pass(4000);
    expect(house.speaker.played).toHaveLength(2);
    expect(house.toy.errors).toEqual([]);
  });

  it('is refused without a genuine stamp, and taken once', async () => {
    const house = await nearHouse();
    house.deliver(1, STREAM, (stamp) => {
      stamp[120]! ^= 1;
    });
    await house.pass(1000);
    house.deliver(2, STREAM);
    await house.pass(2000);
    house.deliver(2, STREAM);
    await house.pass(1000);
    expect(house.bridge.delivered).toEqual([ACK_REFUSED, ACK_STORED, ACK_ALREADY_HAD]);
    await house.tap();
    await house.pass(4000);
    // Heard and erased, it is still known by its sequence.
    house.deliver(3, STREAM);
    await house.pass(2000);
    await house.tap();
    await house.pass(6000);
    house.deliver(2, STREAM);
    await house.pass(1000);
    expect(house.bridge.delivered.slice(3)).toEqual([ACK_STORED, ACK_ALREADY_HAD]);
    expect(house.toy.errors).toEqual([]);
  });

  it('that is not what was signed is refused when it is whole', async () => {
    const house = await nearHouse();
    const stream = STREAM.slice();
    house.deliver(1, stream);
    stream[30]! ^= 1;
    await house.pass(3000);
    expect(house.bridge.delivered).toEqual([ACK_REFUSED]);
    await house.tap();
    await house.pass(2000);
    expect(house.speaker.played).toEqual([]);
    expect(house.toy.errors).toEqual([]);
  });

  it('arrives while a recording leaves', async () => {
    const house = await nearHouse();
    house.toy.press();
    await house.pass(1000);
    house.deliver(1, STREAM);
    await house.pass(3000);
    house.toy.release();
    await house.pass(3000);
    expect(house.bridge.delivered).toEqual([ACK_STORED]);
    expect(house.bridge.taken[0]!.end).not.toBeNull();
    await house.tap();
    await house.pass(4000);
    expect(secondsHeard(house)).toBeCloseTo(SECONDS, 0);
    expect(house.toy.errors).toEqual([]);
  });

  it('is not heard in the quiet hours', async () => {
    const house = await nearHouse();
    house.sendPolicy(house.policy({ counter: 2, quietFrom: 12 * 60, quietTo: 13 * 60 }));
    await house.pass(500);
    house.deliver(1, STREAM);
    await house.pass(2000);
    await house.tap();
    await house.pass(2000);
    expect(house.speaker.played).toEqual([]);
    expect(house.speaker.tones.map(({ sound }) => sound)).not.toContain(SOUND_NO);
    house.bridge.sayReady(NOON_S + 3600);
    await house.pass(500);
    await house.tap();
    await house.pass(4000);
    expect(house.speaker.played).toHaveLength(1);
    expect(house.toy.errors).toEqual([]);
  });
});
