// What C knows of signed programs is what protocol/ and boards/ say: where they lie, what their heads say, what the guard leaves open, and
// the number of each board's image.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BOARD_NUMBER, CLIPS_ADDRESS, FLASH_END, PROGRAMS_ADDRESS } from '#boards/linux.ts';
import { ESPRUINO_AREAS, KEYS_AT, KEYS_END } from '#boards/wiring/chips.ts';
import * as record from '#protocol/ble/program-records.ts';
import * as opcode from '#protocol/ble/records.ts';
import * as head from '#protocol/program/head.ts';
import * as slot from '#protocol/program/slot.ts';
import { everyBoard } from './every-board.ts';

const NATIVE = new URL('../../firmware/native/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, NATIVE), 'utf8');

/** Every `#define NAME number` of a file. */
function numbersOf(file: string): Map<string, number> {
  const found = read(file).matchAll(/^#define (\w+) (0x[0-9a-f]+|\d+)u?\b/gm);
  return new Map([...found].map(([, name, value]) => [name!, Number(value)]));
}

it('slots and heads', () => {
  const numbers = numbersOf('program_layout.h');
  const expected = {
    PROGRAMS_ADDRESS,
    PROGRAM_SLOTS: slot.PROGRAM_SLOTS,
    PROGRAM_SLOT_BYTES: slot.PROGRAM_SLOT_BYTES,
    TRIES_AT: slot.SLOT_TRIES_AT,
    TRIES: slot.SLOT_TRIES,
    HEALTHY_AT: slot.SLOT_HEALTHY_AT,
    HEAD_BYTES: head.HEAD_BYTES,
    HEAD_BOARD_AT: head.HEAD_BOARD_AT,
    HEAD_VERSION_AT: head.HEAD_VERSION_AT,
    HEAD_LENGTH_AT: head.HEAD_LENGTH_AT,
    HEAD_ZEROS_AT: head.HEAD_ZERO_AT,
    HEAD_HASH_AT: head.HEAD_HASH_AT,
    HEAD_SIGNATURE_AT: head.HEAD_SIGNATURE_AT,
    OP_PROGRAM: opcode.OP_PROGRAM,
    OP_PIECE: opcode.OP_PIECE,
    OP_PROGRAM_STATE: opcode.OP_PROGRAM_STATE,
    PIECE_BYTES: record.PIECE_CODE_BYTES,
    STATE_BYTES: record.PROGRAM_STATE_BYTES,
    GUARD_FROM: CLIPS_ADDRESS,
  };
  for (const [name, value] of Object.entries(expected))
    expect([name, numbers.get(name)]).toEqual([name, value]);
  expect(read('program_layout.h')).toContain(`"${head.CONTEXT_PROGRAM}"`);
  expect(numbersOf('flash_port.h').get('SECTOR_BYTES')).toBe(slot.SECTOR_BYTES);
  expect(slot.SLOT_CODE_AT).toBe(slot.SECTOR_BYTES);
  expect(head.CODE_BYTES_MAX).toBe(slot.PROGRAM_SLOT_BYTES - slot.SLOT_CODE_AT);
});

describe('numbers of boards', async () => {
  const source = read('program_board_esp32.h');
  const boards = await everyBoard();

  it.each(boards.map(({ name }) => name))('%s', (name) => {
    const { board } = boards.find((each) => each.name === name)!;
    const macro = name === 'c3-stock' ? name : board.WIRING;
    const from = source.indexOf(`PAWPOST_BOARD_${macro.toUpperCase().replaceAll('-', '_')}`);
    expect(from).toBeGreaterThan(0);
    expect(Number(/#define BOARD_NUMBER (\d+)/.exec(source.slice(from))![1])).toBe(board.BOARD_NUMBER);
  });

  it('linux', () => expect(numbersOf('program_linux.c').get('BOARD')).toBe(BOARD_NUMBER));
});

describe('partitions.csv', () => {
  const rows = [...read('boards/partitions.csv').matchAll(/^(\w+),.*, *(0x[0-9a-f]+), *(\w+)/gm)].map(
    ([, name, from, size]) => {
      const bytes = size!.endsWith('K') ? Number(size!.slice(0, -1)) * 1024 : Number(size);
      return { name: name!, from: Number(from), end: Number(from) + bytes };
    },
  );

  it('has Espruino’s areas where they are', () => {
    for (const area of ESPRUINO_AREAS.slice(1))
      expect(rows).toContainEqual({ ...area, name: area.name.split(' ')[0] });
    expect(rows.length).toBe(ESPRUINO_AREAS.length);
  });

  it('has the keys between what the program may write and the slots', () => {
    const keys = rows.find(({ name }) => name === 'pawkeys')!;
    expect(keys.from).toBe(numbersOf('program_layout.h').get('GUARD_END'));
    expect(keys.end).toBe(PROGRAMS_ADDRESS);
    expect([KEYS_AT, KEYS_END]).toEqual([keys.from, keys.end]);
    expect(PROGRAMS_ADDRESS + slot.PROGRAM_SLOTS * slot.PROGRAM_SLOT_BYTES).toBe(FLASH_END);
  });
});

it('the line for the linker names all that is wrapped', () => {
  const named = [...read('README.md').matchAll(/--wrap=(\w+)/g)].map(([, name]) => name);
  const wrapped = [...read('jswrap_program.c').matchAll(/\b__wrap_(\w+)\(/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(wrapped.sort());
});
