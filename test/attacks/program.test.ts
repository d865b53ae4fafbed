// A thief with a bridge and all its secrets wants to run his own program in the toy, or an old one with a hole in it: nothing runs that
// the toy's maker has not signed for this board, and nothing that is older than what has run.
import { beforeAll, describe, expect, it } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { buildToy } from '#firmware/build/build.ts';
import {
  PROGRAM_BROKEN,
  PROGRAM_NOT_NEWER,
  PROGRAM_UNSIGNED,
  PROGRAM_WANTED,
  PROGRAM_WRONG_BOARD,
} from '#protocol/ble/program-records.ts';
import { decodeStatus, OP_PROGRAM_STATE, OP_STATUS } from '#protocol/ble/records.ts';
import { HEAD_BYTES, HEAD_VERSION_AT } from '#protocol/program/head.ts';
import { bringProgram, sayProgram } from '#test/firmware/bring-program.ts';
import { type House, NOON_S, openHouse, TAG } from '#test/firmware/house.ts';
import { MAKER, OTHER_MAKER, offerOf, pieceOf, signed } from '#test/support/signed-programs.ts';

const BOARD = board.BOARD_NUMBER;
const RUNNING = 200;
const EVIL = 'print("evil");'.padEnd(3000, ' ');
const { code } = await buildToy(board.BOARD, '0.2.0');
const made = { maker: MAKER.publicKey, program: signed(BOARD, RUNNING, code) };
/** What the maker has signed and the thief has found: an old program, one for another board, a new one. */
const old = signed(BOARD, RUNNING - 1, EVIL);
const elsewhere = signed(BOARD + 1, RUNNING + 1, EVIL);
const newer = signed(BOARD, RUNNING + 1, 'print("new");'.padEnd(3000, ' '));

/** The head of one program before the code of another. */
const grafted = (head: Uint8Array, body: Uint8Array) =>
  new Uint8Array([...head.subarray(0, HEAD_BYTES), ...body.subarray(HEAD_BYTES)]);
function withVersion(program: Uint8Array, version: number): Uint8Array {
  const copy = program.slice();
  copy[HEAD_VERSION_AT] = version;
  return copy;
}

describe('a stolen bridge', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ made });
    await house.pair();
    await house.connect();
  });

  it.each<[string, Uint8Array, number]>([
    ['a program that it signed itself', signed(BOARD, RUNNING + 1, EVIL, OTHER_MAKER), PROGRAM_UNSIGNED],
    ['an old program', old, PROGRAM_NOT_NEWER],
    ['an old program that calls itself new', withVersion(old, RUNNING + 1), PROGRAM_UNSIGNED],
    ['another board’s program', elsewhere, PROGRAM_WRONG_BOARD],
    ['another board’s program for this one', withBoard(elsewhere), PROGRAM_UNSIGNED],
    ['its own code after the maker’s head', grafted(newer, old), PROGRAM_BROKEN],
    ['a head of nothing', new Uint8Array(HEAD_BYTES), PROGRAM_UNSIGNED],
  ])('cannot run %s', async (_, program, expected) => {
    expect((await bringProgram(house, program))!.code).toBe(expected);
    await expectUnchanged(house);
  });

  it('cannot run half a program', async () => {
    expect((await sayProgram(house, offerOf(newer)))!.code).toBe(PROGRAM_WANTED);
    for (const from of [0, 768]) await sayProgram(house, pieceOf(newer, from));
    // The last piece, cut short, and as if it were the last; and more than there is.
    await sayProgram(house, pieceOf(newer, 1536).slice(0, 100));
    await sayProgram(house, pieceOf(newer, 2304));
    expect(await sayProgram(house, pieceOf(signed(BOARD, 1, EVIL.repeat(3)), 3072))).toMatchObject({
      code: PROGRAM_WANTED,
      next: 1536,
    });
    await expectUnchanged(house);
  });
});

function withBoard(program: Uint8Array): Uint8Array {
  const copy = program.slice();
  copy[16] = BOARD;
  return copy;
}

/** Before and after a power cut, the toy runs what it ran. */
async function expectUnchanged(house: House): Promise<void> {
  const boots = () => house.toy.events.filter((event) => event.kind === 'boot').length;
  const before = boots();
  await house.pass(5000);
  expect(boots()).toBe(before);
  await house.toy.powerCut();
  await house.toy.start();
  await house.pass(500);
  house.bridge.said.length = 0;
  await house.connect();
  const status = house.bridge.said.find((plain) => plain[0] === OP_STATUS)!;
  expect(decodeStatus(status)).toMatchObject({ program: RUNNING, generation: 1 });
  expect(house.toy.events.filter((event) => event.kind === 'print')).toEqual([]);
}

describe('whoever has the tag', () => {
  it('can bring no program to a toy that is being paired, the maker’s own neither', async () => {
    const { bridge, hold, pass } = await openHouse({ made });
    await hold(3200);
    bridge.connect();
    await pass(100);
    const handshake = bridge.callPairing(TAG);
    await pass(100);
    bridge.finishPairing(handshake);
    bridge.sayReady(NOON_S);
    await pass(300);
    expect(bridge.said.map((plain) => plain[0])).toContain(OP_STATUS);
    for (let i = 0; i < 5; i++) {
      bridge.say(offerOf(newer));
      await pass(300);
    }
    expect(bridge.said.map((plain) => plain[0])).not.toContain(OP_PROGRAM_STATE);
  });
});
