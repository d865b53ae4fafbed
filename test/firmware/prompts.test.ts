// What a child hears of what the toy does: it says so itself, for one who cannot read, and is silent in the quiet hours.
import { describe, expect, it } from 'vitest';
import { SOUND_FULL, SOUND_NO, SOUND_PAIRED, SOUND_PAIRING, SOUND_SENT } from '#firmware/voice.ts';
import { type House, openHouse } from './house.ts';

const sung = (house: House): number[] => house.speaker.tones.map(({ sound }) => sound);

describe('the toy says', () => {
  it('that pairing is open, which animals, and that it is over', async () => {
    const house = await openHouse();
    await house.pair();
    expect(sung(house)[0]).toBe(SOUND_PAIRING);
    expect(
      sung(house)
        .slice(1)
        .filter((sound) => sound < 16),
    ).toEqual(house.animals);
    expect(sung(house)).toContain(SOUND_PAIRED);
  });

  it('that a recording has reached the bridge, but not in the quiet hours', async () => {
    const house = await openHouse();
    await house.pair();
    await house.connect();
    house.speaker.tones.length = 0;
    await house.hold(1500);
    await house.pass(2000);
    expect(house.speaker.tones).toEqual([{ sound: SOUND_SENT, volume: 70 }]);
    house.sendPolicy(house.policy({ counter: 2, quietFrom: 12 * 60, quietTo: 13 * 60 }));
    await house.pass(500);
    await house.hold(1500);
    await house.pass(2000);
    expect(house.bridge.taken.length).toBe(2);
    expect(house.speaker.tones.length).toBe(1);
  });

  it('that no more goes in: after a minute, and when the memory is full', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    house.speaker.tones.length = 0;
    house.toy.press();
    await house.pass(61_000);
    // The paw is still held, and the end of the recording still being written.
    expect(sung(house)).toEqual([SOUND_FULL]);
    house.toy.release();
    await house.pass(1000);
    for (let i = 0; i < 20 && sung(house).length === 1; i++) {
      await house.hold(700);
      await house.pass(500);
    }
    expect(sung(house)).toEqual([SOUND_FULL, SOUND_FULL]);
    expect(sung(house)).not.toContain(SOUND_NO);
    expect(house.toy.errors).toEqual([]);
  });
});
