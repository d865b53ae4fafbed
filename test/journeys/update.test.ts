// A newer program goes from the bridge's own code into the toy and runs there, although the link breaks, the power fails and a child speaks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { readProgram } from '#bridge/programs.ts';
import { buildToy } from '#firmware/build/build.ts';
import { decodeProgram, encodeProgram } from '#protocol/program/version.ts';
import { SAID_MS } from '#test/support/journey.ts';
import { MAKER, OTHER_MAKER, signed } from '#test/support/signed-programs.ts';
import {
  type PairedFamily,
  pairFamily,
  type SignedLife,
  type VirtualLife,
} from '#test/support/virtual-household.ts';

const BOARD = board.BOARD_NUMBER;
const [OLD, NEW] = [encodeProgram('0.1.0'), encodeProgram('0.2.0')];
const LINK_MS = 20_000;
const UPDATE_MS = 120_000;
const AWAY_MS = 500;

let family: PairedFamily;
let oldCode: string;
let newCode: string;
beforeAll(async () => {
  oldCode = (await buildToy(board.BOARD, decodeProgram(OLD))).code;
  newCode = (await buildToy(board.BOARD, decodeProgram(NEW))).code;
  family = await pairFamily();
}, 120_000);
afterAll(() => family.close());

/** A life of a toy with the old program, beside a bridge that has the new one. */
async function begin(seed: number, maker = MAKER): Promise<VirtualLife> {
  const program = readProgram(signed(BOARD, NEW, newCode, maker), BOARD);
  const life: SignedLife = {
    made: { maker: MAKER.publicKey, program: signed(BOARD, OLD, oldCode) },
    programs: {
      newerThan: async (version, of) => (of === BOARD && version < program.version ? program : null),
    },
  };
  return family.begin(seed, life);
}

const counted = (life: VirtualLife, event: string) =>
  life.bridgeEvents.filter((told) => told.event === event).length;

/** What the toy last said that it runs. */
function running(life: VirtualLife): number | undefined {
  const told = life.bridgeEvents.findLast((event) => event.event === 'status');
  return told?.event === 'status' ? told.status.program : undefined;
}

it('while a child speaks and the link breaks time and again', async () => {
  const life = await begin(1);
  await life.toy.start();
  let breaks = 0;
  const breakAgain = () => {
    life.breakLinkAt(80, () => {
      breaks++;
      breakAgain();
    });
  };
  breakAgain();
  life.toy.press();
  await life.pass(SAID_MS);
  life.toy.release();
  for (let passed = 0; passed < UPDATE_MS && running(life) !== NEW; passed += AWAY_MS) {
    await life.pass(AWAY_MS);
    life.setInRange(true);
  }
  expect(running(life)).toBe(NEW);
  expect(breaks).toBeGreaterThan(2);
  expect([counted(life, 'recorded'), counted(life, 'program-refused')]).toEqual([1, 0]);
  // The voice first: it was whole before the program was.
  const order = life.bridgeEvents.map(({ event }) => event);
  expect(order.indexOf('recorded')).toBeLessThan(order.indexOf('program-ready'));
  expect(life.toy.errors).toEqual([]);
  await life.close();
}, 60_000);

it('when the power has failed in the middle, and only once', async () => {
  const life = await begin(2);
  await life.toy.start();
  expect(await life.passUntil(() => counted(life, 'program') > 3, LINK_MS)).toBe(true);
  await life.toy.powerCut();
  await life.pass(AWAY_MS);
  await life.toy.start();
  expect(await life.passUntil(() => running(life) === NEW, UPDATE_MS)).toBe(true);
  const offers = counted(life, 'program');
  await life.toy.powerCut();
  await life.toy.start();
  const links = counted(life, 'linked');
  expect(await life.passUntil(() => counted(life, 'linked') > links, LINK_MS)).toBe(true);
  await life.pass(5000);
  expect([running(life), counted(life, 'program')]).toEqual([NEW, offers]);
  expect(life.toy.errors).toEqual([]);
  await life.close();
}, 60_000);

it('but not one that another maker has signed', async () => {
  const life = await begin(3, OTHER_MAKER);
  await life.toy.start();
  expect(await life.passUntil(() => counted(life, 'program-refused') > 0, LINK_MS)).toBe(true);
  await life.pass(5000);
  const told = life.bridgeEvents.find(({ event }) => event === 'program-refused');
  expect(told).toMatchObject({ code: 'unsigned', version: NEW });
  expect([running(life), counted(life, 'program-refused'), counted(life, 'unlinked')]).toEqual([OLD, 1, 0]);
  await life.close();
}, 60_000);
