// `start`: a relay, the app, a new toy and a page to hold its paw, on this machine; Ctrl-C leaves nothing behind.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { boardNames } from '#firmware/build/build.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { buildApp } from './app/build.ts';
import { createChronicle } from './chronicle.ts';
import { CommandError } from './failure.ts';
import { programFor } from './household.ts';
import { bestRoom } from './room.ts';
import { createEars } from './start/ears.ts';
import { createHouse, freePort } from './start/house.ts';
import { createPi } from './start/pi.ts';
import { createRoomRadios } from './start/room-radio.ts';
import { createPlay } from './start/scene.ts';
import { type PageServer, startServer } from './start/server.ts';
import { createThieves } from './start/thieves.ts';
import { untilStopped } from './stop.ts';

/** What has not been put away by then is left: the process ends and takes it along. */
const CLOSE_MS = 10_000;
const MAX_PORT = 65_534;

interface StartOptions {
  port: string;
  board: string;
  keep?: string;
}

export function addStart(program: Command): void {
  program
    .command('start')
    .description('relay, app, simulated toy and a page to play with them, until Ctrl-C')
    .option(
      '--port <number>',
      'port of the page on this machine, the app has the next; 0 takes any two',
      '8080',
    )
    .option('--board <name>', 'the toy’s board', 'c3-plush')
    .option(
      '--keep <dir>',
      'empty folder that keeps the files of relay, toy and Pi; left out, they are removed',
    )
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const port = portOf(options.port);
  if (!boardNames().includes(options.board)) {
    throw new CommandError(`there is no board ${options.board}`, `There are ${boardNames().join(', ')}.`);
  }
  if (options.keep !== undefined) requireEmpty(options.keep);
  await untilStopped(async (signal) => {
    const { tell } = createChronicle(true);
    const appPort = port === 0 ? await freePort() : port + 1;
    const server = await startServer(port, `http://localhost:${appPort}`);
    const directory = options.keep ?? mkdtempSync(join(tmpdir(), 'pawpost-start-'));
    const clear = () => {
      if (options.keep === undefined) rmSync(directory, { recursive: true, force: true });
    };
    // Also after an exception that nobody caught, and after a second Ctrl-C that would not wait.
    process.once('exit', clear);
    try {
      tell('the app and the toy’s program are built');
      await unless(signal, () => Promise.all([buildApp(), programFor(options.board)]));
      if (!signal.aborted) await play(server, { directory, board: options.board, appPort }, tell, signal);
    } catch (error) {
      // What was being set up when it was stopped may fail, and is no news.
      if (!signal.aborted) throw error;
    } finally {
      tell('putting everything away');
      await server.close();
      clear();
      process.off('exit', clear);
      tell(options.keep === undefined ? 'nothing is left' : `the files are in ${directory}`);
    }
  });
}

async function play(
  server: PageServer,
  { directory, board, appPort }: { directory: string; board: string; appPort: number },
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ears = createEars(createVoice());
  const thieves = createThieves();
  const scene = createPlay(server, ears, thieves, tell);
  const room = bestRoom({ timing: 'realtime' }, tell);
  tell(room.isBluetooth ? 'the air: Bluetooth in memory, at the speed of the real one' : 'the air: memory');
  room.onPacket((packet) => thieves.overhear(packet));
  const house = await createHouse({
    directory,
    board,
    room,
    microphone: ears,
    speaker: scene.speaker,
    voice: thieves.seek,
    linked: scene.linked,
    appPort,
    pageUrl: server.url,
    radio: server.radio,
  });
  const radios = createRoomRadios(room);
  const pi = createPi(join(directory, 'pi'), room, (state) => server.tell({ kind: 'pi', pi: state }), tell);
  try {
    tell(`the relay serves at ${house.relay.url}; the app at ${house.app.url}`);
    await house.toy.start();
    tell(`the toy boots: ${board}; it is new, and nobody's`);
    await server.open(scene.begin(house, radios, pi));
    tell(`ready: open ${server.url} in a browser; Ctrl-C ends it`);
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    scene.end();
    await within(CLOSE_MS, putAway([() => pi.close(), () => radios.close(), () => house.close()]));
    room.close();
  }
}

/** One after the other, whatever one of them says. */
async function putAway(things: (() => Promise<void>)[]): Promise<void> {
  for (const close of things) await close().catch(() => {});
}

/** Ends with `work`, or at once when `signal` aborts: what `work` was doing then leaves nothing behind, and its failure is no news. */
async function unless(signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
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

/** @throws CommandError for a folder that has something in it: ours would mix with it. */
function requireEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new CommandError(`${directory} is not empty`, 'Give --keep a folder that is new or empty.');
  }
}
