// The native modules inside the real interpreter, with Node as the world around them: sound in files, a central on the socket, power cuts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOARD_NUMBER } from '#boards/linux.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';
import { RUNNING_VERSION } from '#test/contracts/program-checks.ts';
import { programHeads } from '#test/contracts/program-heads.ts';
import { type Checked, runChecks } from './checks.ts';
import { makeFolder, startInterpreter } from './interpreter.ts';
import { sleep } from './life.ts';
import { programOf, programWith } from './program.ts';
import { followRadioScript } from './radio-script.ts';
import { openToyLine, type ToyLine } from './toy-line.ts';
import { likeness, VOICE_RATE as RATE, voice } from './voice.ts';

/** From a start to the first word of a short program. */
/** What a program that sleeps ends with (firmware/native/README.md). */
const ASLEEP_CODE = 85;
const START_MS = 20_000;

async function contract(): Promise<number> {
  const { passed } = await runChecks('primitives', await programOf('primitives'));
  return passed + (await runChecks('pieces', await programOf('pieces'))).passed;
}

async function soundContract(): Promise<number> {
  const folder = makeFolder();
  writeFileSync(join(folder, 'microphone'), voice(2));
  const environment = {
    PAWPOST_MICROPHONE: join(folder, 'microphone'),
    PAWPOST_SPEAKER: join(folder, 'speaker'),
  };
  return (await runChecks('contract', await programOf('contract'), { environment })).passed;
}

async function powerCut(): Promise<number> {
  const host = createPrimitives();
  const macs = Array.from({ length: 16 }, (_, slot) => {
    const mac = new Uint8Array(16);
    host.load(slot, counting(slot * 3, 64));
    host.mac(mac, slot, new Uint8Array(0), new Uint8Array(0));
    return toHex(mac);
  });
  const program = await programWith('flash', [macs]);
  const first: Checked = await runChecks('flash', program);
  const second = await runChecks('flash, after a power cut', program, {
    folder: first.folder,
    isNew: false,
  });
  return first.passed + second.passed;
}

async function sound(): Promise<number> {
  const folder = makeFolder();
  const said = voice(2);
  writeFileSync(join(folder, 'microphone'), said);
  const { passed } = await runChecks('sound', await programOf('sound'), {
    environment: {
      PAWPOST_MICROPHONE: join(folder, 'microphone'),
      PAWPOST_SPEAKER: join(folder, 'speaker'),
      PAWPOST_PACE: 'fast',
    },
  });
  const heard = readFileSync(join(folder, 'speaker'));
  // Opus's voice mode shifts phases by fractions of a sample; a pre-skip left in, or taken twice, would shift all by 104.
  const lags = [-104, -2, -1, 0, 1, 2, 104];
  // The second after the first half.
  const alike = lags.map((lag) => likeness(said, heard, lag, RATE / 2, RATE * 1.5));
  const best = Math.max(...alike);
  if (best < 0.85 || Math.abs(lags[alike.indexOf(best)]!) > 2)
    throw new Error(`sound: what is heard is not what was said (${alike.join(' ')})`);
  return passed + 1;
}

async function overflow(): Promise<number> {
  const folder = makeFolder();
  writeFileSync(join(folder, 'microphone'), voice(7));
  const environment = { PAWPOST_MICROPHONE: join(folder, 'microphone') };
  return (await runChecks('overflow', await programOf('overflow'), { environment })).passed;
}

async function radio(): Promise<number> {
  const line: ToyLine = await openToyLine(join(makeFolder(), 'air'));
  try {
    const environment = { PAWPOST_RADIO: line.path };
    const program = await programOf('radio');
    return (await runChecks('radio', program, { environment }, () => followRadioScript(line))).passed;
  } finally {
    await line.close();
  }
}

/** The program module, to the point where the next start runs the newer program. */
export async function programs(): Promise<number> {
  const program = await programWith('programs', [programHeads(BOARD_NUMBER)]);
  const checked = await runChecks('programs', program, { signedAs: RUNNING_VERSION });
  const next = startInterpreter(program, {
    folder: checked.folder,
    isNew: false,
    signedAs: RUNNING_VERSION,
    isOnce: true,
  });
  await next.printed(/the newer runs/, START_MS);
  await next.kill();
  return checked.passed + 1;
}

/** Falls asleep, is touched, and has the microphone open before the program asks for it. */
async function power(): Promise<number> {
  const folder = makeFolder();
  writeFileSync(join(folder, 'microphone'), voice(2));
  const environment = {
    PAWPOST_MICROPHONE: join(folder, 'microphone'),
    PAWPOST_RTC: join(folder, 'rtc'),
  };
  const program = await programOf('power');
  const toy = startInterpreter(program, { folder, environment, isOnce: true });
  await toy.printed(/PAWPOST done/, START_MS);
  const code = await Promise.race([toy.ended, sleep(START_MS)]);
  const said: string[] = toy.output().match(/PAWPOST (ok|WRONG)[^\r\n]*/g) ?? [];
  const wrong = said.filter((line) => line.startsWith('PAWPOST WRONG'));
  if (code !== ASLEEP_CODE) wrong.push(`it ends with ${code}`);
  if (wrong.length > 0) throw new Error(`power:\n${wrong.join('\n')}`);
  const woken = { folder, isNew: false, environment: { ...environment, PAWPOST_WAKE: 'paw' } };
  return said.length + (await runChecks('power, after a touch', program, woken)).passed;
}

/** All of them; the number of checks that passed. */
export async function checkNative(): Promise<number> {
  let passed = 0;
  for (const run of [contract, soundContract, powerCut, sound, overflow, radio, power, programs])
    passed += await run();
  return passed;
}
