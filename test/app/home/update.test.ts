// The phone near a toy brings it a newer program, and the model says how far it is, by the phone's radio.
import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToyUpdate } from '#app/model.ts';
import * as board from '#boards/c3-plush.ts';
import { readProgram, type SignedProgram } from '#bridge/programs.ts';
import { releaseOf } from '#cli/release.ts';
import { signProgram } from '#protocol/program/head.ts';
import { encodeProgram } from '#protocol/program/version.ts';
import { beginFamily, pairToy } from './family.ts';
import { type House, openHouse, type TestPhone } from './house.ts';

const OLD = '0.0.7';
const NEW = '0.0.8';
/** Two programs are built, perhaps on a busy machine. */
const BUILDING_MS = 120_000;
const maker = generateKeyPairSync('ed25519').privateKey;
let house: House;
let phone: TestPhone;
/** What the app's site has. */
let offered: SignedProgram | null;
const seen: ToyUpdate[] = [];

const toyNow = () => phone.model.state.toys.value[0];

beforeAll(async () => {
  house = await openHouse({ maker, release: OLD });
  const { program } = await releaseOf(maker, board.BOARD, NEW);
  offered = readProgram(program, board.BOARD_NUMBER);
  phone = await house.addPhone({
    programs: {
      newerThan: async (version) => (offered !== null && offered.version > version ? offered : null),
    },
  });
  await beginFamily(phone, 'Ada');
  phone.model.state.toys.subscribe(([toy]) => {
    if (toy?.update) seen.push(toy.update);
  });
}, BUILDING_MS);
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
    const other = generateKeyPairSync('ed25519').privateKey;
    const forged = signProgram(board.BOARD_NUMBER, encodeProgram('0.0.9'), new Uint8Array(900), (message) =>
      sign(null, message, other),
    );
    offered = readProgram(forged, board.BOARD_NUMBER);
    house.toy.setInRange(false);
    await phone.until('absence', () => toyNow()?.link !== 'here');
    house.toy.setInRange(true);
    await phone.until('refusal', () => toyNow()?.update?.step === 'refused');
    expect(toyNow()).toMatchObject({ firmware: NEW, update: { code: 'unsigned' } });
    expect(house.toy.toy.errors).toEqual([]);
  });
});
