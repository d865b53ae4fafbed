// `demo`: a child's voice to a parent and the answer back, from a file to a file, with what a thief would see on the way.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { boardNames } from '#firmware/build/build.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { oggFromStream } from '#protocol/audio/ogg.ts';
import { idText } from '#protocol/family/member.ts';
import { type Chronicle, createChronicle } from './chronicle.ts';
import { CommandError } from './failure.ts';
import { answerIt, finalLoot, pair, sayIt, setScene } from './scene.ts';
import { soundOf } from './speech.ts';

interface DemoOptions {
  say?: string;
  answer?: string;
  out: string;
  json?: true;
  board: string;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('carry a voice from the paw to the parent and the answer back, without hardware')
    .option('--say <wav>', 'what the child says: any WAV; a built-in sound if left out')
    .option('--answer <wav>', 'what the parent answers: any WAV; a built-in sound if left out')
    .requiredOption('--out <dir>', 'where heard-by-parent.opus, heard-by-child.wav and relay.dump go')
    .option('--board <name>', 'the toy’s board', 'c3-stock')
    .option('--json', 'print one summary object and nothing else')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  if (!boardNames().includes(options.board)) {
    throw new CommandError(`there is no board ${options.board}`, `Choose one of ${boardNames().join(', ')}.`);
  }
  const said = options.say === undefined ? createVoice() : await soundOf(options.say);
  const answer = options.answer === undefined ? createVoice() : await soundOf(options.answer);
  mkdirSync(options.out, { recursive: true });
  const chronicle = createChronicle(options.json !== true);
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-demo-'));
  try {
    const summary = await run(options, said, answer, directory, chronicle);
    if (options.json === true) console.log(JSON.stringify(summary, null, 2));
    if (!summary.ok) {
      throw new CommandError(
        'a message did not arrive whole',
        `What did arrive is in ${options.out}; the summary says which leg failed.`,
      );
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(
  options: DemoOptions,
  said: Int16Array,
  answer: Int16Array,
  directory: string,
  chronicle: Chronicle,
) {
  const scene = await setScene(directory, options.board, said, chronicle);
  const { household, room } = scene;
  try {
    const toyId = await pair(scene);
    const child = await sayIt(scene, said);
    const parent = await answerIt(scene, toyId, answer);
    const { heard } = child;
    const thief = await finalLoot(scene, [...child.packets, ...parent.packets]);
    const file = (name: string) => join(options.out, name);
    writeFileSync(file('heard-by-parent.opus'), oggFromStream(heard.stream, 1));
    writeFileSync(file('heard-by-child.wav'), writeWav(parent.played));
    writeFileSync(file('relay.dump'), Buffer.concat(scene.onRelay));
    const written = ['heard-by-parent.opus', 'heard-by-child.wav', 'relay.dump'].map(file);
    chronicle.tell(`written: ${written.join(', ')}`);
    const isSafe = Object.values(thief).every(({ packetsFound }) => packetsFound === 0);
    return {
      ok: child.isWhole && parent.isWhole && isSafe && household.toy.errors.length === 0,
      isBluetooth: room.isBluetooth,
      board: options.board,
      messages: { fromChild: idText(heard.messageId), fromParent: idText(parent.messageId) },
      ms: chronicle.ms,
      bytes: { ...child.bytes, ...parent.bytes },
      durationMs: { fromChild: heard.durationMs, fromParent: parent.durationMs },
      isWhole: { fromChild: child.isWhole, fromParent: parent.isWhole },
      heart: chronicle.heart,
      thief,
    };
  } finally {
    await household.close();
  }
}
