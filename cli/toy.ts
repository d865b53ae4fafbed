// `toy`: build the toy's program, run it without a board; `flash/` puts it into one.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { Wiring } from '#boards/wiring/facts.ts';
import { boardNames, buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import { BlenoUnavailable } from '#firmware/simulator/bleno.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import type { Board } from '#firmware/simulator/board.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createToy, type ToyOptions } from '#firmware/simulator/toy.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { blenoOver } from '#test/air/install.ts';
import { createAirServer } from '#test/air/server.ts';
import { publicBytes, readKey } from './app/signing.ts';
import { drawToy } from './drawing/drawing.ts';
import { CommandError } from './failure.ts';
import { addFlash } from './flash/command.ts';
import { addJig } from './jig/command.ts';
import { addRelease, releaseOf, requireBoard } from './release.ts';
import { soundOf } from './speech.ts';
import { untilStopped } from './stop.ts';
import { readTag, writeTag } from './tag-file.ts';
import { addSounds } from './toy-sounds.ts';

export function addToy(program: Command): void {
  const toy = program
    .command('toy')
    .description('the toy: build its program, run it without a board, put it into one');
  toy
    .command('build')
    .description('build the program for a board, check that Espruino can run it, print its size')
    .requiredOption('--board <name>', `one of ${boardNames().join(', ')}`)
    .option('--out <file>', 'write the program there')
    .option('--json', 'as JSON')
    .action(build);
  toy
    .command('drawing')
    .description('draw the wires of a toy with this board, from the facts of boards/')
    .requiredOption('--board <name>', `one of ${boardNames().join(', ')}`)
    .option('--out <file>', 'write the SVG there; else it is printed')
    .action(draw);
  toy
    .command('simulate')
    .description('run the program over simulated hardware; type p, r or t (press, release, tap) and Enter')
    .requiredOption('--dir <dir>', 'where the toy’s flash, keys, tag and what it played are kept')
    .option('--board <name>', `one of ${boardNames().join(', ')}`, 'c3-stock')
    .option(
      '--air <socket>',
      'serve a virtual air there for bridges in other processes, not this machine’s adapter',
    )
    .option('--say <wav>', 'what the microphone hears: any WAV; a built-in sound if left out')
    .option(
      '--key <file>',
      'key (PEM) of the toy’s maker: a new toy gets the program that he signs, and takes newer ones from him alone',
    )
    .option('--release <x.y.z>', 'what the program of a new toy calls itself, to see a newer one arrive')
    .option('--no-quirks', 'a radio without the faults of stock Espruino')
    .action(simulate);
  addRelease(toy);
  addSounds(toy);
  addFlash(toy);
  addJig(toy);
}

async function build(options: { board: string; out?: string; json?: true }): Promise<void> {
  requireBoard(options.board);
  const { board, code, bytes, hash } = await buildToy(options.board);
  if (options.out !== undefined) writeFileSync(options.out, code);
  if (options.json === true) console.log(JSON.stringify({ board, bytes, limit: TOY_BYTES_LIMIT, hash }));
  else console.log(`${board}: ${bytes} bytes of ${TOY_BYTES_LIMIT}, sha256 ${hash}`);
  if (bytes > TOY_BYTES_LIMIT) {
    throw new CommandError(`${bytes - TOY_BYTES_LIMIT} bytes too many`, 'The toy’s program must shrink.');
  }
}

async function draw(options: { board: string; out?: string }): Promise<void> {
  requireBoard(options.board);
  const board = (await import(`#boards/${options.board}.ts`)) as Board;
  if (board.WIRING === '')
    throw new CommandError(`${options.board} has no wires`, 'It is for tests; choose a board of hardware.');
  const { wiring } = (await import(`#boards/wiring/${board.WIRING}.ts`)) as { wiring: Wiring };
  const svg = drawToy(board, wiring);
  if (options.out === undefined) process.stdout.write(svg);
  else writeFileSync(options.out, svg);
}

interface SimulateOptions {
  dir: string;
  board: string;
  air?: string;
  say?: string;
  key?: string;
  release?: string;
  quirks: boolean;
}

async function simulate(options: SimulateOptions): Promise<void> {
  requireBoard(options.board);
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const said = options.say === undefined ? createVoice() : await soundOf(options.say);
  const server =
    options.air === undefined ? null : await createAirServer(options.air, { timing: 'realtime' });
  const speaker = createRememberingSpeaker();
  const toy = createToy({
    ...(await programFor(options)),
    board: (await import(`#boards/${options.board}.ts`)) as Board,
    peripheral: createBlenoPeripheral(server === null ? {} : blenoOver(server.air.addController())),
    microphone: createMicrophone(said),
    speaker,
    storagePath: options.dir,
    tagSecret: tagIn(options.dir),
    quirks: options.quirks,
  });
  toy.onEvent((event) => {
    if (event.kind === 'heart') console.log(`heart ${event.isLit ? 'on' : 'off'}`);
    else if (event.kind === 'microphone' || event.kind === 'speaker') {
      // Before the line about it: who waits for the line reads the file.
      if (event.kind === 'speaker' && !event.isOpen) {
        writeFileSync(join(options.dir, 'played.wav'), writeWav(speaker.played.at(-1) ?? new Int16Array(0)));
      }
      console.log(`${event.kind} ${event.isOpen ? 'opens' : 'closes'}`);
    } else if (event.kind === 'tone') console.log(`sound ${event.sound} ${SCORE[event.sound]?.name}`);
    else if (event.kind === 'error') console.error(`the toy’s program failed: ${event.message}`);
    else console.log(event.kind);
  });
  await toy.start().catch((error) => {
    if (!(error instanceof BlenoUnavailable)) throw error;
    throw new CommandError(
      error.message,
      'Give --air <socket>, and to the bridge too: then it needs no adapter.',
    );
  });
  console.log(`toy ready; its tag is in ${join(options.dir, 'tag')}`);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line === 'p') toy.press();
    else if (line === 'r') toy.release();
    else if (line === 't') {
      toy.press();
      setTimeout(() => toy.release(), 150);
    }
  });
  await untilStopped(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  );
  lines.close();
  await toy.stop();
  await server?.close();
}

/** What a toy begins with: signed by its maker, or, without one, as it is built. */
async function programFor({ board, key, release }: SimulateOptions): Promise<Partial<ToyOptions>> {
  if (release !== undefined && !/^\d\.\d{1,2}\.\d{1,2}$/.test(release))
    throw new CommandError(`${release} is no release`, 'Give three numbers, such as 0.0.9.');
  if (key === undefined) return { bundle: (await buildToy(board, release)).code };
  const maker = readKey(key);
  const { program } = await releaseOf(maker, board, release);
  return { made: { maker: publicBytes(maker), program } };
}

/** The secret of this toy's tag, made when the toy is. */
function tagIn(directory: string): Uint8Array {
  const path = join(directory, 'tag');
  if (!existsSync(path)) {
    writeTag(path, sodium.randombytes_buf(32));
  }
  return readTag(path);
}
