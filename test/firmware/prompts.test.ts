// What a child hears of what the toy does: it says so itself, for one who cannot read, and is silent in the quiet hours.
import { describe, expect, it } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import {
  SOUND_BATTERY_LOW,
  SOUND_FORGETTING,
  SOUND_FULL,
  SOUND_NEW_PROGRAM,
  SOUND_NO,
  SOUND_NOBODYS,
  SOUND_PAIRED,
  SOUND_PAIRING,
  SOUND_SENT,
} from '#firmware/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { builtToy } from '#test/support/built-toys.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { MAKER, signed } from '#test/support/signed-programs.ts';
import { bringProgram } from './bring-program.ts';
import { type House, openHouse } from './house.ts';

const sung = (house: House): number[] => house.speaker.tones.map(({ sound }) => sound);

const HOUR_MS = 3_600_000;
const { code } = await builtToy(board.BOARD);
const openMade = () =>
  openHouse({ made: { maker: MAKER.publicKey, program: signed(board.BOARD_NUMBER, 100, code) } });

describe('the toy says', () => {
  it('that it is nobody’s, that pairing is open, which animals, and that it is over', async () => {
    const house = await openMade();
    await house.pair();
    const [first, second, ...rest] = sung(house);
    expect([first, second]).toEqual([SOUND_NOBODYS, SOUND_PAIRING]);
    expect(rest.filter((sound) => sound < 16)).toEqual(house.animals);
    expect(rest).toContain(SOUND_PAIRED);
  });

  it('that it is about to forget, and that it has', async () => {
    const house = await openMade();
    await house.pair();
    await house.toy.powerCut();
    house.speaker.tones.length = 0;
    house.toy.press();
    await house.toy.start();
    await house.pass(9_000);
    expect(sung(house)).toEqual([SOUND_FORGETTING]);
    await house.pass(2_000);
    expect(sung(house)).toEqual([SOUND_FORGETTING, SOUND_NOBODYS]);
    house.toy.release();
  });

  it('that its battery is low, when somebody taps it', async () => {
    const house = await openMade();
    await house.pair();
    await house.toy.powerCut();
    house.cell.volts = 3.3;
    await house.toy.start();
    await house.pass(1000);
    expect(sung(house)).not.toContain(SOUND_BATTERY_LOW);
    await house.tap();
    await house.pass(1000);
    expect(sung(house).at(-1)).toBe(SOUND_BATTERY_LOW);
    await house.connect();
    house.deliver(1, joinPackets(encodeVoice(createVoice(1))));
    await house.pass(2000);
    house.speaker.tones.length = 0;
    await house.tap();
    await house.pass(4000);
    expect(house.speaker.played.length).toBe(1);
    expect(sung(house)).toEqual([SOUND_BATTERY_LOW]);
    expect(house.toy.errors).toEqual([]);
  });

  it('that it has a new program', async () => {
    const house = await openMade();
    await house.pair();
    // Not within a day of pairing: then it says that.
    await house.clock.advance(20 * HOUR_MS);
    await house.toy.powerCut();
    await house.toy.start();
    await house.clock.advance(5 * HOUR_MS);
    await house.connect();
    house.speaker.tones.length = 0;
    await bringProgram(house, signed(board.BOARD_NUMBER, 200, code));
    await house.pass(3000);
    expect(sung(house)).toEqual([SOUND_NEW_PROGRAM]);
    await house.connect();
    await house.pass(1000);
    await house.toy.powerCut();
    await house.toy.start();
    await house.pass(1000);
    expect(sung(house)).toEqual([SOUND_NEW_PROGRAM]);
  });

  it('that a recording has reached the bridge, but not in the quiet hours', async () => {
    const house = await openMade();
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
    const house = await openMade();
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
