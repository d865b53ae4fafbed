// Every board can be built: its pins against its chip, its wires against each other, its flash against Espruino's; and a wrong board is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHIPS, ESPRUINO_AREAS, SECTOR_BYTES } from '#boards/wiring/chips.ts';
import type { PinFact, Wiring } from '#boards/wiring/facts.ts';
import { areasOf, boardFaults, type ProgramFacts, type Wire, wiresOf } from '#boards/wiring/rules.ts';
import { type BuiltBoard, everyBoard } from './every-board.ts';

const boards = await everyBoard();
const named = boards.map((built) => [built.name, built] as const);
const c3 = boards.find(({ name }) => name === 'c3-plush')!;
const s3 = boards.find(({ name }) => name === 's3-devkitc')!;
const echo = boards.find(({ name }) => name === 'atom-echo')!;
const esp32 = boards.find(({ name }) => name === 'esp32-devkitc')!;

/** The board with one wire on another pin, everything else as it was. */
function rewire({ board, wiring }: BuiltBoard, wire: Wire, pin: number): [ProgramFacts, Wiring] {
  const wireless = (fact: PinFact): PinFact => ({ pin, source: fact.source, why: fact.why });
  switch (wire.part) {
    case 'paw':
      return [{ ...board, PAW_PIN: pin }, wiring];
    case 'heart':
      return [{ ...board, HEART_PIN: pin }, wiring];
    case 'battery':
      return [{ ...board, BATTERY_PIN: pin }, wiring];
    default: {
      const part = { ...wiring[wire.part] } as Record<string, unknown>;
      part[wire.signal] = wireless(part[wire.signal] as PinFact);
      return [board, { ...wiring, [wire.part]: part }];
    }
  }
}

describe('every board', () => {
  it.each(named)('%s keeps the rules of its chip', (_, { board, wiring }) => {
    expect(boardFaults(board, wiring)).toEqual([]);
  });

  it.each(named)('%s says of each wire why, and how we know', (_, { board, wiring }) => {
    for (const { reason } of wiresOf(board, wiring)) {
      expect(reason.why.length).toBeGreaterThan(3);
      expect(['repo', 'datasheet', 'ours']).toContain(reason.source);
    }
    expect(wiring.rowsSource).not.toBe('');
  });

  it.each(named)('%s has holes that are pins of its chip, and each once', (_, { wiring }) => {
    const numbers = wiring.rows.flatMap(({ holes }) => holes).filter((hole) => typeof hole === 'number');
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const pin of numbers) expect(CHIPS[wiring.chip].pins).toContain(pin);
  });

  it('the chips’ own tables hold together', () => {
    for (const chip of Object.values(CHIPS)) {
      for (const list of [chip.adc1, chip.wake, chip.inputOnly, ...chip.reserved.map(({ pins }) => pins)])
        for (const pin of list) expect(chip.pins).toContain(pin);
      const reserved = chip.reserved.flatMap(({ pins }) => pins);
      expect(new Set(reserved).size).toBe(reserved.length);
    }
  });
});

describe('a wrong board is refused', () => {
  it.each(named)('%s: any wire on any pin that its chip wants for itself', (_, built) => {
    let tried = 0;
    for (const wire of wiresOf(built.board, built.wiring))
      for (const { pins, by } of CHIPS[built.wiring.chip].reserved)
        for (const pin of pins) {
          const faults = boardFaults(...rewire(built, wire, pin));
          expect(faults).toContain(`${wire.part} ${wire.signal} on GPIO${pin}: belongs to ${by}`);
          tried++;
        }
    expect(tried).toBeGreaterThan(80);
  });

  it.each(named)('%s: any two wires on one pin, unless both time one bus', (_, built) => {
    const wires = wiresOf(built.board, built.wiring);
    for (const wire of wires)
      for (const other of wires) {
        if (other.part === wire.part && other.signal === wire.signal) continue;
        const isTiming = (signal: string) => signal === 'clock' || signal === 'select';
        if (isTiming(wire.signal) && isTiming(other.signal)) continue;
        if (wire.pin === other.pin) continue;
        expect(boardFaults(...rewire(built, wire, other.pin)).join()).toContain(`GPIO${other.pin}: both`);
      }
  });

  it.each(named)('%s: any wire on what something else on the board holds', (_, built) => {
    for (const wire of wiresOf(built.board, built.wiring))
      for (const { pins, by } of built.wiring.taken)
        for (const pin of pins)
          expect(boardFaults(...rewire(built, wire, pin)).join('\n')).toContain(`taken by ${by}`);
  });

  it.each(named)('%s: an area of flash anywhere but in the gap', (_, { board, wiring }) => {
    const clips = areasOf(board)[0]!;
    const room = clips.end - clips.from;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x3ff }), (sector) => {
        const at = sector * SECTOR_BYTES;
        const isFree = at >= 0x204000 && at + room <= board.POLICY_ADDRESS;
        expect(boardFaults({ ...board, CLIPS_ADDRESS: at }, wiring).length === 0).toBe(isFree);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: SECTOR_BYTES - 1 }), (offset) => {
        const moved = { ...board, POLICY_ADDRESS: board.POLICY_ADDRESS - offset };
        expect(boardFaults(moved, wiring).join()).toContain('not whole sectors');
      }),
    );
  });

  const cases: [string, ProgramFacts, Wiring, string][] = [
    ['a battery on ADC2', { ...c3.board, BATTERY_PIN: 5 }, c3.wiring, 'not on ADC1'],
    ['a battery on a pin that measures nothing', { ...s3.board, BATTERY_PIN: 21 }, s3.wiring, 'not on ADC1'],
    ['a paw that cannot wake a C3', { ...c3.board, PAW_PIN: 6 }, c3.wiring, 'cannot wake the chip'],
    [
      'a paw that cannot wake an ESP32',
      { ...esp32.board, PAW_PIN: 19 },
      esp32.wiring,
      'cannot wake the chip',
    ],
    ['a paw that cannot wake an S3', { ...s3.board, PAW_PIN: 47 }, s3.wiring, 'cannot wake the chip'],
    [
      'a heart on a pin that can only be read',
      { ...esp32.board, HEART_PIN: 36 },
      esp32.wiring,
      'can only be read',
    ],
    ['a pin that does not exist', { ...s3.board, HEART_PIN: 23 }, s3.wiring, 'no such pin'],
    ['a pin without a hole', { ...esp32.board, HEART_PIN: 37 }, esp32.wiring, 'has no hole'],
    [
      'two buses on a C3',
      c3.board,
      {
        ...c3.wiring,
        amplifier: { ...c3.wiring.amplifier, clock: { pin: 3, source: 'ours', why: 'wrong' } },
      },
      'has one I2S',
    ],
    ['a C3 that plays while it records', c3.board, without(c3.wiring, 'takesTurns'), 'take turns'],
    [
      'a PDM microphone on a C3',
      c3.board,
      { ...c3.wiring, microphone: { ...c3.wiring.microphone, kind: 'pdm', select: null } },
      'cannot hear a PDM microphone',
    ],
    [
      'a C3 that says it cannot hear itself',
      c3.board,
      without(c3.wiring, 'hearsItself'),
      'with 1 of the chip',
    ],
    ['an S3 that says it cannot', s3.board, without(s3.wiring, 'hearsItself'), 'with 2 of the chip'],
    [
      'a board that hears itself over a wire that both want',
      echo.board,
      { ...echo.wiring, hearsItself: { ports: 2, why: 'hope' } },
      'cannot listen while it plays',
    ],
    [
      'a C3 with two I2S',
      c3.board,
      { ...c3.wiring, hearsItself: { ports: 2, why: 'hope' } },
      'with 1 of the chip',
    ],
    ['an unexplained missing battery', { ...c3.board, BATTERY_PIN: -1 }, c3.wiring, 'absence has a reason'],
    ['a chip with half the flash', c3.board, { ...c3.wiring, flashBytes: 0x200000 }, 'ends after the flash'],
    ['one clip too many', { ...c3.board, CLIP_SLOTS: 8 }, c3.wiring, 'overlaps clips'],
    [
      'no room for the keys',
      { ...c3.board, PROGRAMS_ADDRESS: c3.board.SETTINGS_ADDRESS + 8192 },
      c3.wiring,
      'no sector of it',
    ],
    ['the end in Espruino’s own', { ...c3.board, FLASH_END: 0x311000 }, c3.wiring, 'overlaps flash'],
  ];
  it.each(cases)('%s', (_, board, wiring, fault) => {
    expect(boardFaults(board, wiring).join('\n')).toContain(fault);
  });

  it('a soldered reason is worth nothing for a wire that the maker of the toy lays', () => {
    const loose = { ...c3.wiring, heart: { ...c3.wiring.heart, soldered: 'we say so' } };
    expect(boardFaults({ ...c3.board, HEART_PIN: 9 }, loose).join()).toContain('belongs to strapping');
  });

  it('Espruino’s areas lie in order and fill 4 MB but for the gap', () => {
    for (const [at, area] of ESPRUINO_AREAS.entries())
      if (at > 0) expect(area.from).toBeGreaterThanOrEqual(ESPRUINO_AREAS[at - 1]!.end);
    expect(ESPRUINO_AREAS.at(-1)!.end).toBe(0x400000);
  });
});

function without(wiring: Wiring, name: keyof Wiring): Wiring {
  const { [name]: _, ...rest } = wiring;
  return rest as Wiring;
}
