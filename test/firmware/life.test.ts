// The shipped program through power cuts at every step, resets, strangers and silence.
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { SOUND_NEW_FAMILY } from '#firmware/voice.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { decodeStatus, OP_POLICY_RESULT, OP_STATUS } from '#protocol/ble/records.ts';
import { ACK_ALREADY_HAD, ACK_STORED } from '#protocol/clip/records.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { type House, NOON_S, openHouse } from './house.ts';

const STREAM = joinPackets(encodeVoice(createVoice(0.9)));
/** Every how many writes or erases of flash the power is cut. */
const CUT_STEP = 7;

function statusOf(house: House) {
  return decodeStatus(house.bridge.said.findLast((plain) => plain[0] === OP_STATUS)!);
}

/** A day in the toy's life that writes to flash in all its ways; `false` where the power went. */
async function live(house: House): Promise<boolean> {
  const isOn = () => house.toy.isOn;
  house.toy.press();
  for (let i = 0; i < 10 && isOn(); i++) await house.pass(100);
  house.toy.release();
  for (let i = 0; i < 15 && isOn(); i++) await house.pass(100);
  if (isOn()) house.deliver(1, STREAM);
  for (let i = 0; i < 15 && isOn(); i++) await house.pass(100);
  if (isOn()) house.sendPolicy(house.policy({ counter: 2 }));
  for (let i = 0; i < 5 && isOn(); i++) await house.pass(100);
  if (isOn()) await house.tap();
  for (let i = 0; i < 40 && isOn(); i++) await house.pass(100);
  return isOn();
}

describe('a toy', () => {
  it('comes back from a power cut at any moment with all that it answered for', async () => {
    let cuts = 0;
    for (let operation = 1; ; operation += CUT_STEP) {
      const house = await openHouse();
      await house.pair();
      await house.connect();
      house.toy.cutPowerAt(operation);
      const isWhole = await live(house);
      if (isWhole) break;
      cuts++;
      house.toy.release();
      await house.toy.start();
      await house.pass(500);
      await house.connect();
      await house.pass(3000);
      expect(house.toy.errors).toEqual([]);
      expect(statusOf(house).counter).toBeGreaterThanOrEqual(1);
      // The bridge never gave up on the message: it is had once, whenever it was stored.
      if (!house.bridge.delivered.includes(ACK_STORED)) {
        if (house.bridge.delivered.length === 0) house.deliver(1, STREAM);
        await house.pass(3000);
      }
      expect([ACK_STORED, ACK_ALREADY_HAD]).toContain(house.bridge.delivered[0]);
      // What the bridge began to take, it gets to its end.
      for (const taken of house.bridge.taken) expect(taken.end).not.toBeNull();
      expect(house.bridge.taken.length).toBeLessThanOrEqual(1);
    }
    expect(cuts).toBeGreaterThan(5);
  });

  it('is reset by a paw held from power-on, counts it, and can be paired again', async () => {
    const house = await openHouse();
    await house.pair();
    const before = house.toyKey;
    await house.toy.powerCut();
    house.toy.press();
    await house.toy.start();
    await house.pass(10_500);
    house.toy.release();
    await house.pass(1000);
    await house.pair();
    expect(house.toyKey).not.toEqual(before);
    expect(statusOf(house).resets).toBe(1);
    expect(house.toy.errors).toEqual([]);
  });

  it('sings of a new family when it wakes, for a day', async () => {
    const house = await openHouse();
    await house.pair();
    await house.toy.powerCut();
    house.speaker.tones.length = 0;
    await house.toy.start();
    await house.pass(100);
    expect(house.speaker.tones.map(({ sound }) => sound)).toEqual([SOUND_NEW_FAMILY]);
  });

  it('sends away who brings no record within ten seconds, and answers no stranger', async () => {
    const house = await openHouse();
    await house.pair();
    house.bridge.connect();
    await house.pass(9900);
    expect(house.peripheral.disconnects).toBe(0);
    await house.pass(300);
    expect(house.peripheral.disconnects).toBe(1);
    house.toyRoot = new Uint8Array(32).fill(99);
    await expect(house.connect()).rejects.toThrow('silent');
    expect(house.toy.errors).toEqual([]);
  });

  it('is silent to the tag while its paw has not opened pairing, or when it has a family', async () => {
    const house = await openHouse();
    house.bridge.connect();
    await house.pass(100);
    expect(house.bridge.hello!.isPairingOpen).toBe(false);
    const handshake = house.bridge.callPairing(new Uint8Array(32).fill(1));
    await house.pass(300);
    expect(() => house.bridge.finishPairing(handshake)).toThrow('silent');
    await house.pair();
    await expect(house.pair()).rejects.toThrow('silent');
    expect(house.toy.errors).toEqual([]);
  });

  it('obeys a newer policy only, and nothing but one after thirty days', async () => {
    const house = await openHouse();
    await house.pair();
    await house.connect();
    house.sendPolicy(house.policy());
    await house.pass(500);
    const result = house.bridge.said.findLast((plain) => plain[0] === OP_POLICY_RESULT)!;
    expect(result[1]).toBe(1);
    house.peripheral.leave();
    // It sleeps most of that time, which counts; a touch wakes it.
    await house.clock.advance(31 * 86_400_000);
    await house.hold(1000);
    await house.connect(NOON_S + 31 * 86_400);
    await house.hold(2000);
    house.deliver(1, STREAM);
    await house.pass(3000);
    expect(house.bridge.taken).toEqual([]);
    expect(house.bridge.delivered).toEqual([]);
    house.sendPolicy(house.policy({ counter: 2 }));
    await house.pass(5000);
    expect(house.bridge.delivered).toEqual([ACK_STORED]);
    expect(house.toy.errors).toEqual([]);
  }, 120_000);
});
