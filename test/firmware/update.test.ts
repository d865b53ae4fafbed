// A toy gets a new program from its bridge, with the shipped program on both sides of the restart: when it restarts, what it is afterwards,
// and what becomes of a program that is no good.
import { describe, expect, it } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { buildToy } from '#firmware/build/build.ts';
import { PROGRAM_FAILED, PROGRAM_NOT_NEWER, PROGRAM_READY } from '#protocol/ble/program-records.ts';
import { decodeStatus, OP_STATUS, type Status } from '#protocol/ble/records.ts';
import { MAKER, signed } from '#test/support/signed-programs.ts';
import { bringProgram } from './bring-program.ts';
import { type House, openHouse } from './house.ts';

const OLD = 100;
const NEW = 200;
const [oldCode, newCode] = [
  (await buildToy(board.BOARD, '0.1.0')).code,
  (await buildToy(board.BOARD, '0.2.0')).code,
];
const oldProgram = signed(board.BOARD_NUMBER, OLD, oldCode);
const newProgram = signed(board.BOARD_NUMBER, NEW, newCode);
/** From the last piece to the first line of the new program, and half a second for it. */
const RESTART_MS = 3000;
const TRIAL_MS = 600_000;
/** From a full cell to one that is low, and back, as the toy believes it. */
const LOW_MS = 3_600_000;
const RECOVERY_MS = 900_000;

/** A paired toy with the old program, and its bridge on the line. */
async function openLinked(): Promise<House> {
  const house = await openHouse({ made: { maker: MAKER.publicKey, program: oldProgram } });
  await house.pair();
  await house.connect();
  return house;
}

/** STATUS of the link that is open. */
function statusOf({ bridge }: House): Status {
  return decodeStatus(bridge.said.findLast((plain) => plain[0] === OP_STATUS)!);
}

async function connectedStatus(house: House): Promise<Status> {
  house.bridge.said.length = 0;
  await house.connect();
  return statusOf(house);
}

const boots = ({ toy }: House) => toy.events.filter((event) => event.kind === 'boot').length;

describe('an update', () => {
  it('runs after a restart of the toy’s own, and the toy is the same toy', async () => {
    const house = await openLinked();
    expect(statusOf(house)).toMatchObject({ program: OLD, board: board.BOARD_NUMBER, generation: 1 });
    expect(await bringProgram(house, newProgram)).toMatchObject({ code: PROGRAM_READY, version: NEW });
    await house.pass(RESTART_MS);
    expect(house.toy.events.findLast((event) => event.kind === 'boot')).toMatchObject({
      reason: 'E.reboot()',
    });
    expect(await connectedStatus(house)).toMatchObject({ program: NEW, generation: 1, resets: 0 });
    expect((await bringProgram(house, oldProgram))!.code).toBe(PROGRAM_NOT_NEWER);
    expect((await bringProgram(house, newProgram))!.code).toBe(PROGRAM_NOT_NEWER);
    // It has been healthy: no power cut brings the old one back.
    for (let i = 0; i < 4; i++) {
      await house.toy.powerCut();
      await house.toy.start();
      await house.pass(500);
    }
    await house.clock.advance(TRIAL_MS + 1000);
    expect(await connectedStatus(house)).toMatchObject({ program: NEW });
    expect(house.toy.errors).toEqual([]);
  });

  it('goes on after a power cut, from the beginning', async () => {
    // Here and there, among what the toy writes besides: programs.test.ts cuts at every operation.
    for (const operation of [1, 30, 60]) {
      const house = await openLinked();
      house.toy.cutPowerAt(operation);
      await bringProgram(house, newProgram);
      await house.pass(RESTART_MS);
      expect([operation, house.toy.isOn]).toEqual([operation, false]);
      await house.toy.start();
      await house.pass(500);
      const { program } = await connectedStatus(house);
      if (program === OLD) {
        expect((await bringProgram(house, newProgram))!.code).toBe(PROGRAM_READY);
        await house.pass(RESTART_MS);
      }
      expect(await connectedStatus(house)).toMatchObject({ program: NEW, generation: 1 });
      expect(house.toy.errors).toEqual([]);
    }
  });

  it('waits for a child who holds the paw', async () => {
    const house = await openLinked();
    house.toy.press();
    expect((await bringProgram(house, newProgram))!.code).toBe(PROGRAM_READY);
    await house.pass(10_000);
    expect(boots(house)).toBe(1);
    house.toy.release();
    await house.pass(RESTART_MS);
    expect(boots(house)).toBe(2);
    // What the child said meanwhile has not been lost.
    await house.connect();
    await house.pass(20_000);
    expect(house.bridge.taken.at(-1)!.end!.durationMs).toBeGreaterThan(10_000);
  });

  it('does not take a child who holds the paw during the restart for one who resets the toy', async () => {
    const house = await openLinked();
    expect((await bringProgram(house, newProgram))!.code).toBe(PROGRAM_READY);
    while (boots(house) === 1 && house.toy.isOn) await house.pass(20);
    expect(house.toy.isOn).toBe(false);
    await house.hold(15_000);
    const status = await connectedStatus(house);
    expect(status).toMatchObject({ program: NEW, generation: 1, resets: 0 });
    await house.pass(20_000);
    expect(house.bridge.taken.at(-1)!.end!.durationMs).toBeGreaterThan(14_000);
  });

  it('waits for a battery that is not low', async () => {
    const house = await openLinked();
    house.cell.volts = 3.35;
    // A percent at each look: nothing that a cell does is faster.
    await house.clock.advance(LOW_MS);
    await house.connect();
    expect((await bringProgram(house, newProgram))!.code).toBe(PROGRAM_READY);
    const before = boots(house);
    await house.clock.advance(60_000);
    expect(boots(house)).toBe(before);
    house.cell.volts = 3.9;
    await house.clock.advance(RECOVERY_MS);
    expect(boots(house)).toBe(before + 1);
    expect(await connectedStatus(house)).toMatchObject({ program: NEW });
  });
});

describe('a program that is no good', () => {
  it.each([
    ['throws at once', 'throw new Error("no good");'],
    ['stops when it is parsed', 'function ('],
    ['never links', 'print("here");'],
    ['restarts the toy', 'setTimeout(function () { E.reboot(); }, 1000);'],
    ['wants to overwrite the other', 'require("Flash").erasePage(0x2fa000);'],
    ['wants to overwrite the keys', 'require("Flash").write(new Uint8Array(4), 0x2f4000);'],
  ])('and %s gives way to the one before, and does not come again', async (_, script) => {
    const house = await openLinked();
    const bad = signed(board.BOARD_NUMBER, NEW, script);
    expect((await bringProgram(house, bad))!.code).toBe(PROGRAM_READY);
    const before = boots(house);
    await house.pass(RESTART_MS);
    for (let i = 0; i < 3; i++) await house.clock.advance(TRIAL_MS + 500);
    expect(boots(house) - before).toBe(4);
    expect(await connectedStatus(house)).toMatchObject({ program: OLD, generation: 1 });
    expect((await bringProgram(house, bad))!.code).toBe(PROGRAM_FAILED);
    const better = signed(board.BOARD_NUMBER, NEW + 1, newCode);
    expect((await bringProgram(house, better))!.code).toBe(PROGRAM_READY);
    await house.pass(RESTART_MS);
    expect(await connectedStatus(house)).toMatchObject({ program: NEW });
  });
});
