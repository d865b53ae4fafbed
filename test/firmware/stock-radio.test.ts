// The shipped program over Espruino's own NRF, with what the running firmware was seen to do: bursts lost, events twice, 60 bytes a value.
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { ACK_STORED } from '#protocol/clip/records.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { openHouse } from './house.ts';

describe('a toy with the stock radio', () => {
  it('pairs, sends and receives although values are lost', async () => {
    const house = await openHouse({ seed: 7 });
    await house.pair();
    await house.hold(4000);
    await house.connect();
    expect(house.bridge.hello!.limitBytes).toBe(60);
    house.deliver(1, joinPackets(encodeVoice(createVoice(2))));
    await house.pass(60_000);
    expect(house.bridge.delivered).toEqual([ACK_STORED]);
    expect(house.bridge.taken.map(({ end }) => end === null)).toEqual([false]);
    expect(house.toy.errors).toEqual([]);
  });

  for (const seed of [1, 2, 3, 4]) {
    it(`loses none of its own values to haste: a recording and a message take seconds (seed ${seed})`, async () => {
      const house = await openHouse({ seed });
      await house.pair();
      await house.hold(4000);
      await house.connect();
      house.deliver(1, joinPackets(encodeVoice(createVoice(2))));
      await house.pass(5000);
      expect(house.bridge.taken.map(({ end }) => end === null)).toEqual([false]);
      expect(house.bridge.delivered).toEqual([ACK_STORED]);
    });
  }
});
