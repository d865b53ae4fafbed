// `device`: a member of the family without a screen, for machines and tests: join, take what came, say something, play something.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exchange, runPerson, speakToToy } from '#bridge/person.ts';
import { listVoices, type Voice } from '#bridge/voices.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { oggFromStream, streamFromOgg } from '#protocol/audio/ogg.ts';
import { idText, ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { CommandError } from './failure.ts';
import { findToy, HOME_HELP, withDevice } from './home.ts';
import { addJoin } from './join.ts';
import { decodeSpeech, encodeSpeech, soundOf } from './speech.ts';
import { untilStopped } from './stop.ts';

const PEOPLE = [ROLE_ADULT, ROLE_RELATIVE] as const;

export function addDevice(program: Command): void {
  const device = program.command('device').description('a family member’s device without a screen');
  addJoin(device, ['adult', 'relative']);
  device
    .command('inbox')
    .description('take what waits at the relay and list what the child said')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--follow', 'go on taking until Ctrl-C')
    .option('--json', 'as JSON')
    .action(inbox);
  device
    .command('record')
    .description('say something to a toy')
    .argument('<file>', 'a WAV file (any), or an Ogg Opus file as the app makes them')
    .requiredOption('--home <dir>', HOME_HELP)
    .option('--toy <id>', 'which toy, if the family has several')
    .action(record);
  device
    .command('play')
    .description('write a message to a file that any player plays')
    .argument('<id>', 'the message’s id, or the first letters of it')
    .requiredOption('--home <dir>', HOME_HELP)
    .requiredOption('--out <file>', 'where to: .opus or .wav')
    .action(play);
}

async function inbox(options: { home: string; follow?: true; json?: true }): Promise<void> {
  await withDevice(options.home, PEOPLE, async (device) => {
    const print = (voices: Voice[]) => {
      if (options.json === true) console.log(JSON.stringify(voices.map(describe), null, 2));
      else for (const voice of voices) console.log(line(voice));
    };
    const refused = (messageId: Uint8Array, code: string) =>
      console.error(`refused ${idText(messageId)}: ${code}`);
    if (options.follow !== true) await exchange(device, { refused });
    print(await listVoices(device.store, device.keys, 'inbox'));
    if (options.follow !== true) return;
    await untilStopped((signal) => {
      const trouble = (error: unknown) =>
        console.error((error as { advice?: string }).advice ?? (error as Error).message);
      const events = { refused, trouble, heard: (voice: Voice) => print([voice]) };
      return runPerson(device, events, Math.random, signal).ended;
    });
  });
}

async function record(path: string, { home, toy: prefix }: { home: string; toy?: string }): Promise<void> {
  if (!existsSync(path))
    throw new CommandError(`there is no file ${path}`, 'Give a WAV or an Ogg Opus file.');
  const stream = await streamOf(path);
  await withDevice(home, PEOPLE, async (device) => {
    await device.family.refresh().catch(() => {});
    const toy = findToy(device, prefix);
    const id = await speakToToy(device, toy.id, stream);
    try {
      await exchange(device, {});
      console.log(`${idText(id)} is on its way to ${idText(toy.id)}.`);
    } catch (error) {
      console.log(`${idText(id)} is kept here and goes out when the relay can be reached ("device inbox").`);
      throw error;
    }
  });
}

async function play(prefix: string, { home, out }: { home: string; out: string }): Promise<void> {
  await withDevice(home, PEOPLE, async (device) => {
    const voices = await listVoices(device.store, device.keys, 'inbox');
    const matches = voices.filter(({ messageId }) => idText(messageId).startsWith(prefix.toLowerCase()));
    const [voice] = matches;
    if (voice === undefined || matches.length > 1) {
      throw new CommandError(
        voice === undefined ? `there is no message ${prefix}` : `${prefix} names several messages`,
        'Run "device inbox" for the ids.',
      );
    }
    const isWav = out.endsWith('.wav');
    writeFileSync(out, isWav ? writeWav(await decodeSpeech(voice.stream)) : oggFromStream(voice.stream, 1));
    console.log(`${out}: ${(voice.durationMs / 1000).toFixed(1)} s`);
  });
}

/** The packet stream of a sound file. @throws CommandError for a file that is none, too short or too long. */
async function streamOf(path: string): Promise<Uint8Array> {
  const file = readFileSync(path);
  if (Buffer.from(file.subarray(0, 4)).toString('latin1') !== 'OggS')
    return encodeSpeech(await soundOf(path));
  try {
    return streamFromOgg(file);
  } catch (error) {
    const why =
      (error as Error).message === 'audio-long' ? 'longer than a minute' : 'no Ogg Opus that a toy plays';
    throw new CommandError(`${path}: ${why}`, 'Give what the app recorded, or a WAV file.');
  }
}

function describe({ messageId, toyId, sentAt, durationMs }: Voice) {
  return {
    id: idText(messageId),
    toy: idText(toyId),
    sentAt: new Date(sentAt * 1000).toISOString(),
    durationMs,
  };
}

function line(voice: Voice): string {
  const { id, toy, sentAt, durationMs } = describe(voice);
  return `${id}  ${sentAt}  ${(durationMs / 1000).toFixed(1).padStart(4)} s  from toy ${toy.slice(0, 8)}`;
}
