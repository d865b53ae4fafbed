// `toy jig`: the test of a new unit on a cable, as whoever stands at the bench types it.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Wiring } from '#boards/wiring/facts.ts';
import { boardNames } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';
import { CommandError } from '../failure.ts';
import { findPort, type SerialPackage } from '../flash/serial.ts';
import { converse } from '../question.ts';
import { type RadioOptions, radioOf, withRadio } from '../radio.ts';
import { type JigLog, logOf, rowOf, TABLE_HEAD, writeLog } from './log.ts';
import { createOperator, NOBODY, type Operator } from './operator.ts';
import { testUnit } from './run.ts';
import type { JigBoard } from './unit.ts';

export function addJig(toy: Command): void {
  withRadio(
    toy
      .command('jig')
      .description(
        'test one unit on a cable: paw, heart, battery, microphone, speaker, radio, flash, keys; writes a log, leaves the toy as it was',
      ),
  )
    .requiredOption('--port <path>', 'the cable’s port, such as /dev/ttyACM0 or COM3 ("toy ports")')
    .requiredOption('--board <name>', `one of ${boardNames().join(', ')}`)
    .option('--out <dir>', 'folder of the logs, one file a run: <toy id>-<time>.json', 'jig')
    .option('--operator <mark>', 'how the log calls whoever tests: a number, initials')
    .option('--no-operator', 'nobody is there: what needs eyes and hands is "not tested"')
    .option('--allow-untested', 'exit with 0 even if something was not tested')
    .option('--json', 'print the log, as JSON, in place of the table')
    .addHelpText(
      'after',
      '\nExits with 0 if everything was tested and passed, else with 1. A result is never a pass that was not measured.',
    )
    .action(jig);
}

/** Of an operator's mark. */
const MARK_LETTERS = 40;

interface JigOptions extends RadioOptions {
  port: string;
  board: string;
  out: string;
  operator?: string | boolean;
  allowUntested?: true;
  json?: true;
}

async function jig(options: JigOptions): Promise<void> {
  const board = await jigBoard(options.board);
  const Serial = (await import('serialport')).SerialPort as unknown as SerialPackage;
  const port = await findPort(options.port, Serial);
  const say = options.json === true ? () => {} : (line: string) => console.log(line);
  const run = async (operator: Operator): Promise<void> => {
    const began = new Date();
    let isFirst = true;
    const unit = await testUnit({
      port,
      board,
      operator,
      openRadio: () => radioOf(options),
      onResult: (result) => {
        if (isFirst) say(TABLE_HEAD);
        isFirst = false;
        say(rowOf(result));
      },
    });
    const mark = typeof options.operator === 'string' ? options.operator.slice(0, MARK_LETTERS) : null;
    const log = logOf({ unit, board, pawpost: version(), operator: mark, began, ended: new Date() });
    const path = writeLog(options.out, log);
    if (options.json === true) console.log(JSON.stringify(log));
    for (const cause of log.causes) say(cause);
    say(`Toy ${log.toy}: ${log.verdict}. The log is ${path}.`);
    if (unit.fault !== null) throw unit.fault;
    refuse(log, options.allowUntested === true);
  };
  if (options.operator === false) await run(NOBODY);
  else await converse((ask) => run(createOperator(ask, (line) => process.stderr.write(`${line}\n`))));
}

/** @throws CommandError for a unit that must not leave the bench. */
export function refuse(log: JigLog, mayBeUntested: boolean): void {
  const of = (outcome: string) =>
    log.results.filter((each) => each.outcome === outcome && !each.isNeedless).map(({ test }) => test);
  if (log.verdict === 'bad')
    throw new CommandError(`this unit failed: ${of('fail').join(', ')}`, 'Mend it and run this again.');
  if (log.verdict === 'incomplete' && !mayBeUntested)
    throw new CommandError(
      `not tested: ${of('not tested').join(', ')}`,
      'The table says why. With --allow-untested this is no failure.',
    );
}

/** What the jig knows of a board. @throws CommandError for one that is none, or has no wires. */
export async function jigBoard(name: string): Promise<JigBoard> {
  if (!boardNames().includes(name))
    throw new CommandError(`there is no board ${name}`, `Choose one of ${boardNames().join(', ')}.`);
  const facts = (await import(`#boards/${name}.ts`)) as Board;
  if (facts.WIRING === '')
    throw new CommandError(
      `${name} is no board with a cable`,
      'It is for tests; choose a board of hardware.',
    );
  const { wiring } = (await import(`#boards/wiring/${facts.WIRING}.ts`)) as { wiring: Wiring };
  return { facts, wiring };
}

function version(): string {
  const path = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
