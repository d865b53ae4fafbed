// The test of one unit: a good one passes, each fault is found and named, nothing is a pass that was not measured.
import { describe, expect, it } from 'vitest';
import { likelyCauses } from '#cli/jig/causes.ts';
import { jigBoard } from '#cli/jig/command.ts';
import { NOBODY } from '#cli/jig/operator.ts';
import { type Outcome, TESTS, type Test } from '#cli/jig/result.ts';
import { type TestedUnit, testUnit, verdictOf } from '#cli/jig/run.ts';
import { SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { HEAD_BYTES, signProgram } from '#protocol/program/head.ts';
import { type BenchUnit, createBenchUnit, type Faults } from './bench-unit.ts';
import { QUICK } from './quick.ts';

const board = await jigBoard('c3-plush');

/** `act` before the test, on the unit. */
async function tested(
  faults: Faults,
  { name = 'c3-plush', isAlone = false, act = (_: BenchUnit): void => {} } = {},
): Promise<TestedUnit & { said: string[] }> {
  const its = await jigBoard(name);
  const unit = createBenchUnit(its, faults);
  act(unit);
  const done = await testUnit({
    port: unit.cable.port,
    board: its,
    operator: isAlone ? NOBODY : unit.operator,
    openRadio: unit.openRadio,
    patience: QUICK,
  });
  expect(done.results.map(({ test }) => test)).toEqual(TESTS);
  for (const { outcome, measured, bounds } of done.results)
    if (outcome === 'pass' && measured !== undefined)
      expect(measured >= bounds!.least && measured <= bounds!.most).toBe(true);
  return { ...done, said: unit.said };
}

const outcomes = ({ results }: TestedUnit): Partial<Record<Test, Outcome>> =>
  Object.fromEntries(
    results.filter(({ outcome }) => outcome !== 'pass').map(({ test, outcome }) => [test, outcome]),
  );
const noteOf = ({ results }: TestedUnit, test: Test) => results.find((each) => each.test === test)!.note;

/** A unit as "toy flash" leaves it has a program. */
function withProgram({ flash }: BenchUnit, number = board.facts.BOARD_NUMBER): void {
  const program = signProgram(number, 7, new Uint8Array(9), () => new Uint8Array(64));
  flash.set(program.subarray(0, HEAD_BYTES), board.facts.PROGRAMS_ADDRESS);
}

describe('a good unit', () => {
  it('passes everything, and is left as it was', async () => {
    const unit = createBenchUnit(board);
    withProgram(unit);
    const before = unit.cable.starts;
    const done = await testUnit({
      port: unit.cable.port,
      board,
      operator: unit.operator,
      openRadio: unit.openRadio,
      patience: QUICK,
    });
    expect(outcomes(done)).toEqual({});
    expect(verdictOf(done)).toBe('good');
    expect(done.versions).toEqual({ espruino: '2v29', program: 7 });
    expect(done.fault).toBeNull();
    expect(likelyCauses(done.results, board)).toEqual([]);
    expect(unit.cable.starts - before).toBe(2);
    expect(unit.cable.port.readable).toBeNull();
    const again = await testUnit({
      port: unit.cable.port,
      board,
      operator: NOBODY,
      openRadio: unit.openRadio,
      patience: QUICK,
    });
    expect(again.toyId).toBe(done.toyId);
  });

  it.concurrent.each(['xiao-s3-sense', 't-circle-s3', 's3-devkitc', 'esp32-devkitc'])(
    'of board %s passes',
    async (name) => {
      const done = await tested({}, { name });
      expect(outcomes(done)).toEqual({ program: 'not tested' });
    },
  );

  it('that cannot hear itself is heard by a person, and its cell is not missed', async () => {
    const done = await tested({}, { name: 'atom-echo' });
    expect(outcomes(done)).toEqual({ program: 'not tested', battery: 'not tested' });
    expect(done.said.join('\n')).toContain('Did you hear the melody');
    expect(noteOf(done, 'hearing')).toBe('it hears a voice');
  });
});

describe('a fault is found and named', () => {
  const cases: [string, Faults, Partial<Record<Test, Outcome>>, Test, string][] = [
    [
      'a dead microphone',
      { isMicrophoneDead: true },
      { microphone: 'fail', hearing: 'not tested', speaker: 'fail' },
      'microphone',
      'dead',
    ],
    [
      'a microphone with its hole shut',
      { isMicrophoneDeaf: true },
      { hearing: 'fail', speaker: 'fail' },
      'hearing',
      'its hole',
    ],
    ['a silent speaker', { isSpeakerSilent: true }, { speaker: 'fail' }, 'speaker', 'not heard'],
    ['a speaker against the microphone', { isSpeakerLoud: true }, { speaker: 'fail' }, 'speaker', 'too loud'],
    [
      'a noisy room',
      { isNoisyRoom: true },
      { microphone: 'fail', hearing: 'fail', speaker: 'fail' },
      'microphone',
      'too loud',
    ],
    ['a stuck paw', { isPawStuck: true }, { paw: 'fail' }, 'paw', 'stuck'],
    ['a paw with a broken wire', { isPawBroken: true }, { paw: 'fail' }, 'paw', 'never changed'],
    ['a paw with a loose wire', { isPawLoose: true }, { paw: 'fail' }, 'paw', 'flickers'],
    [
      'paw and heart with each other’s wires',
      { arePawAndHeartSwapped: true },
      { paw: 'fail', heart: 'not tested' },
      'paw',
      'swapped',
    ],
    ['a dark heart', { isHeartDark: true }, { heart: 'fail' }, 'heart', 'nobody sees light'],
    ['a flat cell', { volts: 3.1 }, { battery: 'fail' }, 'battery', 'flat'],
    ['no cell', { volts: 0.1 }, { battery: 'fail' }, 'battery', 'no cell'],
    ['a gauge on the wrong supply', { volts: 5 }, { battery: 'fail' }, 'battery', 'more than a cell'],
    ['a dead radio', { hasRadio: false }, { radio: 'fail', air: 'not tested' }, 'radio', 'does not start'],
    ['no antenna', { hasAntenna: false }, { air: 'fail' }, 'air', 'nothing is heard'],
    ['worn flash', { isFlashWorn: true }, { flash: 'fail' }, 'flash', 'does not keep'],
    ['another board’s image', { image: 'PAWPOST_ESP32' }, { image: 'fail' }, 'image', 'PAWPOST_ESP32C3'],
  ];
  it.concurrent.each(cases)('%s', async (_, faults, expected, test, words) => {
    const done = await tested(faults, { act: withProgram });
    expect(outcomes(done)).toEqual(expected);
    expect(noteOf(done, test)).toContain(words);
    expect(verdictOf(done)).toBe('bad');
  });

  it('a chip that forgets its keys', async () => {
    const done = await tested(
      {},
      {
        act: (unit) => {
          withProgram(unit);
          unit.chip.forgets = true;
        },
      },
    );
    expect(outcomes(done)).toEqual({ keys: 'fail' });
  });

  it('a program for another board', async () => {
    const done = await tested({}, { act: (unit) => withProgram(unit, 4) });
    expect(outcomes(done)).toEqual({ program: 'fail' });
  });

  it('and the wire to look at is named', async () => {
    const causes = async (faults: Faults) => likelyCauses((await tested(faults)).results, board).join('\n');
    expect(await causes({ isMicrophoneDead: true })).toContain('GPIO6 and GPIO7, are swapped');
    expect(await causes({ isMicrophoneDeaf: true })).toContain('hole');
    expect(await causes({ isSpeakerSilent: true })).toContain('amplifier (data on GPIO7, enable on GPIO1');
    expect(await causes({ hasAntenna: false })).toContain('antenna');
  });
});

describe('what was not measured is no pass', () => {
  it('when nobody is there', async () => {
    const done = await tested({}, { isAlone: true });
    expect(outcomes(done)).toEqual({ program: 'not tested', paw: 'not tested', heart: 'not tested' });
    expect(verdictOf(done)).toBe('incomplete');
    expect(outcomes(await tested({}, { isAlone: true, name: 'atom-echo' }))).toMatchObject({
      speaker: 'not tested',
      hearing: 'not tested',
    });
    expect(outcomes(await tested({ isPawStuck: true }, { isAlone: true })).paw).toBe('fail');
  });

  it('when there is no adapter', async () => {
    const done = await tested({ hasAdapter: false });
    expect(outcomes(done).air).toBe('not tested');
    expect(noteOf(done, 'air')).toContain('no adapter');
  });

  it('when the toy is somebody’s, whose messages may be in its flash', async () => {
    const done = await tested(
      {},
      {
        act: ({ chip }) => {
          const slots = new Uint8Array(512);
          slots[64 * SLOT_TOY_ROOT] = 1;
          chip.keys.save(slots);
        },
      },
    );
    expect(outcomes(done).flash).toBe('not tested');
  });

  it('when the cable cannot start the chip anew', async () => {
    const unit = createBenchUnit(board, {}, { hasResetWires: false });
    const done = await testUnit({ ...unit, port: unit.cable.port, board, patience: QUICK });
    expect(outcomes(done).keys).toBe('not tested');
  });

  const lines = ['process.env', 'digitalRead', 'output', '.level()', '.echo(', 'advertise', 'erasePage'];
  it.concurrent.each([...lines, 'generate(7)', 'clear(7)'])(
    'when the cable comes off at %s',
    async (words) => {
      const unit = createBenchUnit(board);
      unit.chip.told = (line) => {
        if (line.includes(words)) unit.cable.pull();
      };
      const done = await testUnit({ ...unit, port: unit.cable.port, board, patience: QUICK });
      expect(done.fault).toMatchObject({ code: 'gone' });
      expect(done.results.map(({ test }) => test)).toEqual(TESTS);
      expect(verdictOf(done)).not.toBe('good');
      expect(done.results.at(-1)).toMatchObject({
        outcome: 'not tested',
        note: 'the board is gone from its cable',
      });
    },
  );

  it('nor is there a result of a unit that never said who it is', async () => {
    const unit = createBenchUnit(board);
    unit.chip.told = (line) => {
      if (line.includes('publicKey')) unit.cable.pull();
    };
    const order = { ...unit, port: unit.cable.port, board, patience: QUICK };
    await expect(testUnit(order)).rejects.toMatchObject({ code: 'gone' });
    expect(unit.cable.port.readable).toBeNull();
    const stock = createBenchUnit(board);
    stock.chip.isStock = true;
    stock.chip.solder = null;
    await expect(testUnit({ ...order, port: stock.cable.port })).rejects.toMatchObject({ code: 'modules' });
  });
});
