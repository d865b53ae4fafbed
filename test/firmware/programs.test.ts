// Signed programs in the simulated toy's flash: what is taken, what runs after power-on, and that no power cut leaves a toy without one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { flashStart, programEnd } from '#firmware/simulator/board.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createMemoryFlash } from '#firmware/simulator/flash-medium.ts';
import { ownMaker, type Start, startPrograms } from '#firmware/simulator/programs.ts';
import { createMemoryKeys } from '#firmware/simulator/sodium.ts';
import * as records from '#protocol/ble/program-records.ts';
import { PROGRAM_SLOT_BYTES, slotImage } from '#protocol/program/slot.ts';
import { MAKER, OTHER_MAKER, offerOf, pieceOf, recordsOf, signed } from '#test/support/signed-programs.ts';
import { isCut } from './cut.ts';
import { seededRandom } from './seeded-random.ts';

const BOARD = board.BOARD_NUMBER;
const script = (name: string, length = 2000) => `${name};`.padEnd(length, ' ');
const V0 = signed(BOARD, 50, script('v0'));
const V1 = signed(BOARD, 100, script('v1'));
/** Of two sectors, the last piece not a multiple of four. */
const V2 = signed(BOARD, 200, script('v2', 5001));
const V3 = signed(BOARD, 300, script('v3'));

/** A toy's flash and maker's store, with V1 in slot A as the maker left it. */
function createWorld(seed = 1) {
  const medium = createMemoryFlash(board.FLASH_END - flashStart(board));
  const chip = createFlashChip(medium, flashStart(board), seededRandom(seed), programEnd(board));
  const maker = createMemoryKeys();
  ownMaker(maker, MAKER.publicKey);
  /** As a programmer on the cable would: past all rules. */
  const put = (slot: number, program: Uint8Array) => {
    const at = board.PROGRAMS_ADDRESS - flashStart(board) + slot * PROGRAM_SLOT_BYTES;
    medium.bytes.fill(0xff, at, at + PROGRAM_SLOT_BYTES);
    medium.bytes.set(slotImage(program), at);
  };
  put(0, V1);
  const start = (isWake = false) => startPrograms(chip.whole, board, maker, isWake);
  return { chip, maker, put, start };
}

/** What runs, by its first word. */
const nameOf = (start: Start) => start.code?.split(';')[0] ?? 'nothing';

function stateOf({ module }: Start): records.ProgramState {
  const out = new Uint8Array(20);
  expect(module.state(out, 3)).toBe(records.PROGRAM_STATE_BYTES);
  return records.decodeProgramState(out.slice(3, 13));
}

function take(start: Start, program: Uint8Array): records.ProgramState {
  for (const record of recordsOf(program)) expect(start.module.take(record)).toBe(true);
  return stateOf(start);
}

/** A world whose V1 has had its healthy link. */
function createHealthyWorld(seed?: number) {
  const world = createWorld(seed);
  const start = world.start();
  start.module.confirm();
  return { ...world, first: start };
}

describe('a newer program', () => {
  it('is taken piece by piece, runs after a restart, and stays when it is healthy', () => {
    const { first, start } = createHealthyWorld();
    expect(stateOf(first)).toMatchObject({
      code: records.PROGRAM_NOT_NEWER,
      version: 0,
      next: 0,
      board: BOARD,
    });
    first.module.take(offerOf(V2));
    expect(stateOf(first)).toEqual({ code: records.PROGRAM_WANTED, version: 200, next: 0, board: BOARD });
    expect(take(first, V2)).toEqual({ code: records.PROGRAM_READY, version: 200, next: 5001, board: BOARD });
    expect(first.module.isReady()).toBe(true);
    const second = start();
    expect([nameOf(second), second.module.isOnTrial()]).toEqual(['v2', true]);
    second.module.confirm();
    expect(second.module.isOnTrial()).toBe(false);
    for (let i = 0; i < 5; i++) expect(nameOf(start())).toBe('v2');
  });

  it('wants the piece that it lacks, whatever else comes', () => {
    const { first } = createHealthyWorld();
    const { module } = first;
    module.take(pieceOf(V2, 0));
    expect(stateOf(first).code).toBe(records.PROGRAM_NOT_NEWER);
    module.take(offerOf(V2));
    module.take(pieceOf(V2, 0));
    const others = [pieceOf(V2, 0), pieceOf(V2, 1536), pieceOf(V2, 768).slice(0, -1), offerOf(V2)];
    for (const record of [...others, offerOf(V0), offerOf(V2)]) module.take(record);
    expect(stateOf(first)).toMatchObject({ code: records.PROGRAM_WANTED, version: 200, next: 768 });
    for (const record of recordsOf(V2).slice(2)) module.take(record);
    expect(module.isReady()).toBe(true);
  });

  it('that was spoilt on the way is broken, runs nowhere, and is taken again', () => {
    const { first, start } = createHealthyWorld();
    const spoilt = V2.slice();
    spoilt[1000]! ^= 1;
    expect(take(first, spoilt)).toMatchObject({ code: records.PROGRAM_BROKEN, next: 0 });
    expect(first.module.isReady()).toBe(false);
    expect(nameOf(start())).toBe('v1');
    expect(take(first, V2).code).toBe(records.PROGRAM_READY);
  });

  it.each<[string, Uint8Array, number]>([
    ['the same', V1, records.PROGRAM_NOT_NEWER],
    ['an older one', V0, records.PROGRAM_NOT_NEWER],
    ['another board’s', signed(BOARD + 1, 200, 'x'), records.PROGRAM_WRONG_BOARD],
    ['another maker’s', signed(BOARD, 200, 'x', OTHER_MAKER), records.PROGRAM_UNSIGNED],
    ['one whose version was changed', changed(V1, 18, 250), records.PROGRAM_UNSIGNED],
    ['one without the context', changed(V2, 0, 0), records.PROGRAM_UNSIGNED],
    ['one that is too long', changed(V2, 22, 1), records.PROGRAM_UNSIGNED],
  ])('is not %s', (_, program, code) => {
    const { first, start, chip } = createHealthyWorld();
    const { operations } = chip;
    expect(take(first, program)).toMatchObject({ code, next: 0 });
    expect([first.module.isReady(), chip.operations]).toEqual([false, operations]);
    expect(nameOf(start())).toBe('v1');
  });

  it('is not begun more than 32 times between two starts', () => {
    const { first } = createHealthyWorld();
    for (let i = 0; i < 16; i++) for (const program of [V2, V3]) first.module.take(offerOf(program));
    expect(stateOf(first).code).toBe(records.PROGRAM_WANTED);
    first.module.take(offerOf(V2));
    expect(stateOf(first).code).toBe(records.PROGRAM_NO_ROOM);
  });
});

function changed(program: Uint8Array, at: number, value: number): Uint8Array {
  const copy = program.slice();
  copy[at] = value;
  return copy;
}

describe('a program that is never healthy', () => {
  it('has three tries, then the other runs and takes it no more, but takes a newer one', () => {
    const { first, start } = createHealthyWorld();
    take(first, V2);
    const names = Array.from({ length: 5 }, () => nameOf(start()));
    expect(names).toEqual(['v2', 'v2', 'v2', 'v1', 'v1']);
    const back = start();
    expect(back.module.isOnTrial()).toBe(false);
    expect(take(back, V2)).toMatchObject({ code: records.PROGRAM_FAILED, next: 0 });
    expect(take(back, V3).code).toBe(records.PROGRAM_READY);
    expect(nameOf(start())).toBe('v3');
  });

  it('may not overwrite its way back while it is on trial', () => {
    const { first, start } = createHealthyWorld();
    take(first, V2);
    const onTrial = start();
    expect(take(onTrial, V3).code).toBe(records.PROGRAM_NO_ROOM);
    onTrial.module.confirm();
    expect(take(onTrial, V3).code).toBe(records.PROGRAM_READY);
  });

  it('is not tried at the end of a sleep, and is there when a bridge offers it again', () => {
    const { first, start, chip } = createHealthyWorld();
    take(first, V2);
    for (let i = 0; i < 5; i++) expect(nameOf(start(true))).toBe('v1');
    const awake = start(true);
    const { operations } = chip;
    awake.module.take(offerOf(V2));
    expect(stateOf(awake)).toMatchObject({ code: records.PROGRAM_READY, next: 5001 });
    expect([awake.module.isReady(), chip.operations]).toEqual([true, operations]);
    expect(nameOf(start())).toBe('v2');
  });

  it('runs all the same where there is no other', () => {
    const { start } = createWorld();
    for (let i = 0; i < 5; i++) {
      const started = start();
      expect([nameOf(started), started.module.isOnTrial()]).toEqual(['v1', false]);
    }
  });
});

describe('the floor', () => {
  it('keeps what is older from running, whoever puts it there', () => {
    const { first, start, put } = createHealthyWorld();
    take(first, V2);
    start().module.confirm();
    put(0, V1);
    expect(nameOf(start())).toBe('v2');
    put(1, V1);
    expect(nameOf(start())).toBe('nothing');
  });

  it('rises even where the power was cut before it could', () => {
    const { first, start, maker } = createHealthyWorld();
    take(first, V2);
    const before = maker.load()!;
    start().module.confirm();
    maker.save(before);
    const again = start();
    again.module.confirm();
    expect(maker.load()!.slice(32)).toEqual(new Uint8Array([200, 0]));
  });
});

describe('a power cut', () => {
  it('at any moment of an update leaves one of the two, and the update can go on', () => {
    for (const seed of [1, 2, 3]) {
      let operation = 1;
      for (let wasCut = true; wasCut; operation++) {
        const { chip, start, first, put } = createHealthyWorld(seed * 100 + operation);
        // What lies in the other slot since long ago.
        put(1, V0);
        let isHealthy = false;
        wasCut = isCut(chip, operation, () => {
          take(first, V2);
          start().module.confirm();
          isHealthy = true;
          start();
        });
        let now = start();
        if (nameOf(now) === 'v1') {
          expect(isHealthy).toBe(false);
          expect(take(now, V2).code).toBe(records.PROGRAM_READY);
          now = start();
        }
        expect(nameOf(now)).toBe('v2');
        now.module.confirm();
        expect(nameOf(start())).toBe('v2');
      }
      // A head to zeros, three sectors, seven pieces, the head, a try, the healthy word.
      expect(operation).toBe(1 + 3 + 7 + 1 + 1 + 1 + 2);
    }
  });

  it('while a failed program makes room does not bring it back', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { first, start, chip } = createHealthyWorld(seed);
      take(first, V2);
      for (let i = 0; i < 3; i++) start();
      const back = start();
      expect(isCut(chip, 1 + (seed % 2), () => take(back, V3))).toBe(true);
      expect(nameOf(start())).toBe('v1');
    }
  });
});

describe('a toy without its maker’s key', () => {
  it('runs nothing and takes nothing; the key is set once', () => {
    const { chip } = createWorld();
    const maker = createMemoryKeys();
    const start = startPrograms(chip.whole, board, maker);
    expect([start.code, start.hasMaker]).toEqual([null, false]);
    expect(take(start, V2).code).toBe(records.PROGRAM_UNSIGNED);
    expect(start.module.own(new Uint8Array(31).fill(1))).toBe(false);
    expect(start.module.own(new Uint8Array(32))).toBe(false);
    expect(start.module.own(MAKER.publicKey)).toBe(true);
    expect(start.module.own(OTHER_MAKER.publicKey)).toBe(false);
    expect(start.module.own(MAKER.publicKey)).toBe(true);
    expect(nameOf(startPrograms(chip.whole, board, maker))).toBe('v1');
  });
});

describe('any records', () => {
  const genuine = recordsOf(V2);
  const spoilt = fc
    .tuple(fc.constantFrom(...genuine), fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([record, at, bits]) => changed(record, at % record.length, record[at % record.length]! ^ bits));
  const any = fc.oneof(fc.constantFrom(...genuine), spoilt, fc.uint8Array({ maxLength: 800 }));

  it('never throw, and never make anything ready but what the maker signed', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (said) => {
        const { first, start } = createHealthyWorld();
        for (const record of said) {
          first.module.take(record);
          stateOf(first);
        }
        const isReady = first.module.isReady();
        const after = start();
        expect(nameOf(after)).toBe(isReady ? 'v2' : 'v1');
        if (isReady) expect(after.code).toBe(Buffer.from(V2.subarray(136)).toString());
      }),
      { numRuns: 40 },
    );
  });
});
