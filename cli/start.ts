// `start`: a whole household on this machine and one page to hold its paw; Ctrl-C leaves nothing behind.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { boardNames } from '#firmware/build/build.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { idText } from '#protocol/family/member.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import { type Chronicle, createChronicle } from './chronicle.ts';
import { CommandError } from './failure.ts';
import { createHousehold } from './household.ts';
import { bestRoom } from './room.ts';
import { createEars } from './start/ears.ts';
import { createPlay } from './start/scene.ts';
import { type PageServer, startServer } from './start/server.ts';
import { createThieves } from './start/thieves.ts';
import { untilStopped } from './stop.ts';

const LINK_MS = 60_000;
/** A household that has not put everything away by then is left: the process ends and takes it along. */
const CLOSE_MS = 10_000;
const MAX_PORT = 65_535;

interface StartOptions {
  port: string;
  board: string;
  keep?: string;
}

export function addStart(program: Command): void {
  program
    .command('start')
    .description('relay, bridge, simulated toy and a page to play with them, until Ctrl-C')
    .option('--port <number>', 'port of the page on this machine; 0 takes any', '8080')
    .option('--board <name>', 'the toy’s board', 'c3-plush')
    .option('--keep <dir>', 'empty folder that keeps the household’s files; left out, they are removed')
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const port = portOf(options.port);
  if (!boardNames().includes(options.board)) {
    throw new CommandError(`there is no board ${options.board}`, `There are ${boardNames().join(', ')}.`);
  }
  if (options.keep !== undefined) requireEmpty(options.keep);
  await untilStopped(async (signal) => {
    const chronicle = createChronicle(true);
    const { tell } = chronicle;
    const server = await startServer(port);
    const directory = options.keep ?? mkdtempSync(join(tmpdir(), 'pawpost-start-'));
    const clear = () => {
      if (options.keep === undefined) rmSync(directory, { recursive: true, force: true });
    };
    // Also after an exception that nobody caught, and after a second Ctrl-C that would not wait.
    process.once('exit', clear);
    try {
      await play(server, directory, options.board, chronicle, signal);
    } finally {
      tell('putting everything away');
      await server.close();
      clear();
      process.off('exit', clear);
      tell(options.keep === undefined ? 'nothing is left' : `the household’s files are in ${directory}`);
    }
  });
}

async function play(
  server: PageServer,
  directory: string,
  board: string,
  chronicle: Chronicle,
  signal: AbortSignal,
): Promise<void> {
  const { tell } = chronicle;
  const voice = createVoice();
  const ears = createEars(voice);
  const thieves = createThieves();
  const scene = createPlay(server, ears, thieves, tell);
  const room = bestRoom({ timing: 'realtime' }, tell);
  tell(room.isBluetooth ? 'the air: Bluetooth in memory, at the speed of the real one' : 'the air: memory');
  room.onPacket((packet) => thieves.overhear(packet));
  const household = await createHousehold({
    directory,
    board,
    microphone: ears,
    speaker: scene.speaker,
    room,
    tell: scene.tell,
    person: scene.person,
  });
  const { toy, relay } = household;
  tell(`the relay serves at ${relay.url}; an adult and a bridge are a family`);
  toy.onEvent((event) => {
    if (event.kind === 'boot') tell(`the toy boots: ${board}; its paw is held for three seconds`);
    else if (event.kind === 'tone' && event.sound < ANIMALS.length)
      tell(`the toy sings: ${ANIMALS[event.sound]}`);
  });
  try {
    await unless(signal, async () => {
      const toyId = await household.pair();
      tell(`the toy is paired: ${idText(toyId).slice(0, 8)}, in the family`);
      household.startBridge();
      await linked(chronicle, signal, () => scene.isLinked && toy.isOn);
      if (signal.aborted) return;
      tell('the bridge is linked with the toy');
      await server.open(scene.begin(household, toyId));
      tell(`ready: open ${server.url} in a browser; Ctrl-C ends it`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    });
  } finally {
    scene.end();
    await within(CLOSE_MS, household.close());
  }
}

async function linked(chronicle: Chronicle, signal: AbortSignal, isSo: () => boolean): Promise<void> {
  await chronicle.until('the bridge links with the toy', LINK_MS, () => signal.aborted || isSo());
}

/** Ends with `work`, or at once when `signal` aborts: what `work` was doing then is taken away under it, and its failure is no news. */
async function unless(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const working = work();
  working.catch(() => {});
  let aborted = () => {};
  const stopped = new Promise<void>((resolve) => {
    aborted = resolve;
    signal.addEventListener('abort', aborted, { once: true });
  });
  if (!signal.aborted) await Promise.race([working, stopped]);
  signal.removeEventListener('abort', aborted);
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, tooLate]);
  clearTimeout(timer);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > MAX_PORT) {
    throw new CommandError(`${text} is no port`, `Give --port a number from 0 to ${MAX_PORT}.`);
  }
  return port;
}

/** @throws CommandError for a folder that has something in it: the household would mix with it. */
function requireEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new CommandError(`${directory} is not empty`, 'Give --keep a folder that is new or empty.');
  }
}
