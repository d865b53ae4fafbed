// Pairing, attacked: without the tag, without the held paw, on a toy that belongs to somebody, and from between toy and parent.
import { describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { createKeys } from '#bridge/keys.ts';
import { PairingFailed, pairToy } from '#bridge/pairing.ts';
import { LinkRefused } from '#bridge/toy-link.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import * as records from '#protocol/ble/records.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import { beginCeremony, takeCommitment, takeReveal } from '#protocol/link/ceremony.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type House, openHouse, TAG } from '#test/firmware/house.ts';
import { createFalseToy } from './false-toy.ts';

const WRONG_TAG = new Uint8Array(32).fill(0x77);

/** Calls for a pairing and says whether the toy answered. */
async function isAnswered(house: House, tag: Uint8Array): Promise<boolean> {
  house.bridge.connect();
  await house.pass(100);
  const handshake = house.bridge.callPairing(tag);
  await house.pass(500);
  try {
    house.bridge.finishPairing(handshake);
    return true;
  } catch (error) {
    expect((error as Error).message).toBe('the toy was silent');
    return false;
  }
}

describe.concurrent('pairing', () => {
  it('is not answered for a wrong tag, nor for an empty one', async () => {
    const house = await openHouse();
    await house.hold(3200);
    for (const tag of [WRONG_TAG, new Uint8Array(32), TAG.map((byte, i) => (i === 31 ? byte ^ 1 : byte))]) {
      expect(await isAnswered(house, tag)).toBe(false);
    }
    expect(await isAnswered(house, TAG)).toBe(true);
  });

  it('is not answered while the paw has not been held, nor a minute after it was', async () => {
    const house = await openHouse();
    expect(await isAnswered(house, TAG)).toBe(false);
    await house.hold(2500);
    expect(await isAnswered(house, TAG)).toBe(false);
    await house.hold(3200);
    await house.pass(61_000);
    expect(await isAnswered(house, TAG)).toBe(false);
  });

  it('is not answered by a toy that belongs to a family, whoever holds its paw and tag', async () => {
    const house = await openHouse();
    await house.pair();
    await house.hold(5000);
    expect(await isAnswered(house, TAG)).toBe(false);
    await house.connect();
    expect(house.toy.errors).toEqual([]);
  });

  it('that comes apart before its policy leaves the toy nobody’s', async () => {
    const house = await openHouse();
    await house.hold(3200);
    expect(await isAnswered(house, TAG)).toBe(true);
    await house.toy.powerCut();
    await house.toy.start();
    await house.pass(500);
    expect(await isAnswered(house, TAG)).toBe(false);
    await house.pair();
    expect(house.toy.errors).toEqual([]);
  });
});

/** What pairing needs of an adult's device before the parent has confirmed. */
function parentDevice(): Device {
  return {
    keys: createKeys(ROLE_ADULT),
    clock: wallClock,
    random: (out: Uint8Array) => out.set(sodium.randombytes_buf(out.length)),
    nowS: () => Math.floor(Date.now() / 1000),
  } as Device;
}

/** Somebody with the tag pairs with the toy, as its bridge, up to the animals. Returns those that the toy sings. */
async function pairBetween(house: House): Promise<string[]> {
  const { bridge } = house;
  await house.hold(3200);
  bridge.connect();
  await house.pass(100);
  const handshake = bridge.callPairing(TAG);
  await house.pass(100);
  bridge.finishPairing(handshake);
  const ceremony = beginCeremony(createPrimitives(), handshake.transcript.slice(), true);
  const ask = async (plain: Uint8Array, op: number) => {
    bridge.say(plain);
    await house.pass(300);
    return bridge.said.findLast((said) => said[0] === op)!;
  };
  bridge.sayReady(0);
  const commit = new Uint8Array(records.COMMIT_BYTES);
  records.encodeCommit(ceremony.commitment, commit, 0);
  takeCommitment(ceremony, records.decodeCommit(await ask(commit, records.OP_COMMIT)));
  const reveal = new Uint8Array(records.REVEAL_BYTES);
  records.encodeReveal(ceremony.nonce, reveal, 0);
  takeReveal(ceremony, records.decodeReveal(await ask(reveal, records.OP_REVEAL)));
  await house.pass(8000);
  return house.speaker.tones.filter(({ sound }) => sound < 16).map(({ sound }) => ANIMALS[sound]!);
}

describe.concurrent('somebody between toy and parent', () => {
  it('who has the tag shows the parent other animals than the toy sings', async () => {
    // Sixteen bits: twice the same by chance is one run in four thousand million.
    const tries: { sung: string[]; shown: string[] }[] = [];
    while (tries.length < 2 && tries.every(({ sung, shown }) => `${sung}` === `${shown}`)) {
      const sung = await pairBetween(await openHouse());
      let shown: string[] = [];
      const pairing = pairToy({
        radio: createFalseToy(TAG, () => {}),
        adult: parentDevice(),
        tag: TAG,
        wishes: FIRST_WISHES,
        async confirm(animals) {
          shown = animals;
          return false;
        },
        signal: AbortSignal.timeout(20_000),
      });
      await expect(pairing).rejects.toThrow(PairingFailed);
      expect([sung.length, shown.length]).toEqual([4, 4]);
      tries.push({ sung, shown });
    }
    expect(tries.some(({ sung, shown }) => `${sung}` !== `${shown}`)).toBe(true);
  });

  it('with the tag alone and no toy still shows animals that nobody sings: what the parent is asked for', async () => {
    let sung: number[] = [];
    let shown: string[] = [];
    const pairing = pairToy({
      radio: createFalseToy(TAG, (animals) => {
        sung = animals;
      }),
      adult: parentDevice(),
      tag: TAG,
      wishes: FIRST_WISHES,
      async confirm(animals) {
        shown = animals;
        return false;
      },
      signal: AbortSignal.timeout(20_000),
    });
    await expect(pairing).rejects.toThrow(PairingFailed);
    expect(shown).toEqual(sung.map((animal) => ANIMALS[animal]));
  });

  it('who has no tag cannot be taken for the toy', async () => {
    const pairing = pairToy({
      radio: createFalseToy(WRONG_TAG, () => {}),
      adult: parentDevice(),
      tag: TAG,
      wishes: FIRST_WISHES,
      confirm: async () => {
        throw new Error('a parent was asked');
      },
      signal: AbortSignal.timeout(1_000),
    });
    await expect(pairing).rejects.toThrow(LinkRefused);
  });
});
