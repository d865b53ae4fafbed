// `toy sounds`: the sounds that are built into the toy, to be heard on a computer; or the table that its C sings them from.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { writeWav } from '#firmware/simulator/wav.ts';
import { scoreHeader } from '#firmware/sounds/header.ts';
import { SAMPLE_HZ } from '#firmware/sounds/mouth.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { singSound } from '#firmware/sounds/table.ts';
import { CommandError } from './failure.ts';

export function addSounds(toy: Command): void {
  toy
    .command('sounds')
    .description('the toy’s own sounds: a list, or with --out a WAV file of each')
    .option('--out <dir>', 'write the WAV files there')
    .option('--volume <percent>', 'as the toy would be set', '100')
    .option('--header <file>', 'write the C table of them there')
    .action(sounds);
}

function sounds(options: { out?: string; volume: string; header?: string }): void {
  const volume = Number(options.volume);
  if (!Number.isInteger(volume) || volume < 0 || volume > 100)
    throw new CommandError(`no volume: ${options.volume}`, 'Give a percentage, 0 to 100.');
  if (options.header !== undefined) {
    writeFileSync(options.header, scoreHeader());
    return;
  }
  if (options.out !== undefined) mkdirSync(options.out, { recursive: true });
  SCORE.forEach(({ name }, number) => {
    const samples = singSound(number, volume);
    const file = `${String(number).padStart(2, '0')}-${name.replace(/[^a-z]+/g, '-')}.wav`;
    if (options.out !== undefined) writeFileSync(join(options.out, file), writeWav(samples));
    console.log(`${number}  ${name}, ${(samples.length / SAMPLE_HZ).toFixed(2)} s`);
  });
}
