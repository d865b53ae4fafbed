// What remains of a test: a file for each run that a program can read, a table for the eye, an exit code; and no secret in any of them.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { base64, hexOf } from '#app/flash/letters.ts';
import { jigBoard, refuse } from '#cli/jig/command.ts';
import { type JigLog, logOf, rowOf, TABLE_HEAD, writeLog } from '#cli/jig/log.ts';
import { createOperator } from '#cli/jig/operator.ts';
import { type Result, TESTS } from '#cli/jig/result.ts';
import { testUnit } from '#cli/jig/run.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { SLOT_IDENTITY, SLOT_TAG } from '#protocol/link/primitives.ts';
import { createBenchUnit } from './bench-unit.ts';
import { QUICK } from './quick.ts';

const board = await jigBoard('c3-plush');
const began = new Date('2026-03-01T10:20:30.456Z');

function logWith(results: Result[]): JigLog {
  const unit = { toyId: 'ab'.repeat(16), versions: { espruino: '2v29', program: 3 }, results, fault: null };
  return logOf({ unit, board, pawpost: '0.1.0', operator: null, began, ended: began });
}
const all = (outcome: Result['outcome']): Result[] => TESTS.map((test) => ({ test, outcome, note: 'n' }));

describe('the log', () => {
  it('holds each number with its bounds, and no secret of the unit', async () => {
    const tag = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);
    const key = Uint8Array.from({ length: 32 }, (_, i) => 100 + i);
    const unit = createBenchUnit(board);
    const slots = new Uint8Array(512);
    slots.set(tag, 64 * SLOT_TAG);
    slots.set(key, 64 * SLOT_IDENTITY);
    unit.chip.keys.save(slots);
    const lines: string[] = [];
    unit.chip.told = (line) => void lines.push(line);
    const rows: string[] = [];
    const done = await testUnit({
      ...unit,
      port: unit.cable.port,
      board,
      patience: QUICK,
      onResult: (result) => rows.push(rowOf(result)),
    });
    const folder = mkdtempSync(join(tmpdir(), 'pawpost-jig-'));
    const log = logOf({ unit: done, board, pawpost: '0.1.0', operator: '7', began, ended: new Date() });
    const text = readFileSync(writeLog(join(folder, 'logs'), log), 'utf8');
    expect(readdirSync(join(folder, 'logs'))).toEqual([`${done.toyId}-2026-03-01T10-20-30.456Z.json`]);
    const read = JSON.parse(text) as JigLog;
    expect(read).toMatchObject({ board: 'c3-plush', boardNumber: 1, operator: '7', verdict: 'incomplete' });
    expect(read.results.find(({ test }) => test === 'battery')).toMatchObject({
      outcome: 'pass',
      measured: 3.9,
      bounds: { least: 3.4, most: 4.4, unit: 'V' },
    });
    expect(read.results.at(-1)).toMatchObject({ note: 'kept over a restart; it has a tag' });
    expect(unit.chip.keys.load()!.slice(0, 512)).toEqual(slots);
    const everything = [text, ...rows, ...lines, ...unit.said].join('\n');
    for (const secret of [tag, key])
      for (const form of [hexOf(secret), base64(secret), [...secret].join(','), encodeTag(secret).slice(8)])
        expect(everything).not.toContain(form);
  });

  it('is a new file for each run, and never takes another’s place', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawpost-jig-'));
    writeLog(folder, logWith(all('pass')));
    writeLog(folder, { ...logWith(all('pass')), beganAt: '2026-03-01T10:21:00.000Z' });
    expect(readdirSync(folder)).toHaveLength(2);
    expect(() => writeLog(folder, logWith(all('fail')))).toThrow('EEXIST');
  });

  it('is a table for the eye', () => {
    const bounds = { least: -96, most: -55, unit: 'dBFS', source: 's' };
    const row = rowOf({ test: 'microphone', outcome: 'fail', measured: -144, bounds, note: 'dead' });
    expect(row).toBe('microphone  FAIL        -144 dBFS     -96 to -55       dead');
    expect(TABLE_HEAD.indexOf('what it means')).toBe(row.indexOf('dead'));
  });
});

describe('the exit code', () => {
  it('is 0 for a unit that passed everything that it has', () => {
    expect(logWith(all('pass')).verdict).toBe('good');
    const withoutCell = all('pass').map(
      (result): Result =>
        result.test === 'battery' ? { ...result, outcome: 'not tested', isNeedless: true } : result,
    );
    expect(() => refuse(logWith(withoutCell), false)).not.toThrow();
  });

  it('is not for one that failed, or was not tested unless that is allowed', () => {
    const one = (outcome: Result['outcome']) => logWith([...all('pass').slice(1), { ...all(outcome)[0]! }]);
    expect(() => refuse(one('fail'), true)).toThrow('this unit failed: image');
    expect(() => refuse(one('not tested'), false)).toThrow('not tested: image');
    expect(() => refuse(one('not tested'), true)).not.toThrow();
  });
});

describe('the operator', () => {
  it('is asked until the answer is yes or no, and missed when none comes', async () => {
    const answers = ['what?', '', ' Yes', 'nO', null];
    const told: string[] = [];
    const operator = createOperator(
      async () => answers.shift() ?? null,
      (line) => told.push(line),
    );
    expect([await operator.sees('a'), await operator.sees('b'), await operator.sees('c')]).toEqual([
      true,
      false,
      null,
    ]);
    operator.tell('Touch the paw.');
    expect(told).toEqual(['→ Touch the paw.']);
  });
});

describe('a board', () => {
  it('that is none, or has no wires, is refused', async () => {
    await expect(jigBoard('teapot')).rejects.toThrow('there is no board teapot');
    await expect(jigBoard('linux')).rejects.toThrow('no board with a cable');
  });
});
