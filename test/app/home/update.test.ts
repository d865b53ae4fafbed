// The phone near a toy brings it a newer program, and the model says how far it is, by the phone's radio.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToyUpdate } from '#app/model.ts';
import * as board from '#boards/c3-plush.ts';
import { readProgram, type SignedProgram } from '#bridge/programs.ts';
import { releaseOf } from '#cli/release.ts';
import { beginFamily, pairToy } from './family.ts';
import { type House, openHouse, type TestPhone } from './house.ts';

const OLD = '0.0.7';
const NEW = '0.0.8';
const maker = generateKeyPairSync('ed25519').privateKey;
let house: House;
let phone: TestPhone;
/** What the app's site has. */
let offered: SignedProgram | null;
const seen: ToyUpdate[] = [];

const programOf = async (key: KeyObject, release: string) =>
  readProgram((await releaseOf(key, board.BOARD, release)).program, board.BOARD_NUMBER);
const toyNow = () => phone.model.state.toys.value[0];

beforeAll(async () => {
  house = await openHouse({ maker, release: OLD });
  offered = await programOf(maker, NEW);
  phone = await house.addPhone({
    programs: {
      newerThan: async (version) => (offered !== null && offered.version > version ? offered : null),
    },
  });
  await beginFamily(phone, 'Ada');
  phone.model.state.toys.subscribe(([toy]) => {
    if (toy?.update) seen.push(toy.update);
  });
});
afterAll(() => house.close());

describe.sequential('a newer program', () => {
  it('comes from the phone, and the toy starts it when it is left alone', async () => {
    await pairToy(house, phone);
    await phone.until('old program', () => toyNow()?.firmware === OLD);
    await phone.until('new program', () => toyNow()?.firmware === NEW);
    expect(toyNow()!.update).toBeNull();
    const percents = seen.flatMap((update) => (update.step === 'coming' ? [update.percent] : []));
    expect(percents[0]).toBe(0);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(new Set(percents).size).toBeGreaterThan(3);
    // Whether it said `ready` before it restarted is chance.
    expect(seen.filter(({ step }) => step === 'refused')).toEqual([]);
    expect(phone.model.state.trouble.value).toBeNull();
  });

  it('that the toy does not take says why', async () => {
    offered = await programOf(generateKeyPairSync('ed25519').privateKey, '0.0.9');
    house.toy.setInRange(false);
    await phone.until('absence', () => toyNow()?.link !== 'here');
    house.toy.setInRange(true);
    await phone.until('refusal', () => toyNow()?.update?.step === 'refused');
    expect(toyNow()).toMatchObject({ firmware: NEW, update: { code: 'unsigned' } });
    expect(house.toy.toy.errors).toEqual([]);
  });
});
