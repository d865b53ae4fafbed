// A toy's life in the real interpreter: the very program that ships, paired, spoken to, listened to, cut off and started again.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAW_ACTIVE, PAW_PIN } from '#boards/linux.ts';
import { buildToy } from '#firmware/build/build.ts';
import { createHousehold, type Household } from './household.ts';
import { type Interpreter, makeFolder, startInterpreter } from './interpreter.ts';
import { openToyLine, type ToyLine } from './toy-line.ts';
import { voice } from './voice.ts';

/** Slots 0-7 of 64 bytes: what the maker has put into the key store is the tag's secret, in slot 0. */
const KEYS_BYTES = 512;
const TAG = new Uint8Array(32).fill(0x7a);
/** A little longer than the toy's own limit. */
const PAIR_HOLD_MS = 3200;
const WAKE_MS = 15_000;

export interface Life {
  readonly line: ToyLine;
  readonly household: Household;
  readonly folder: string;
  /** Holds the paw for so long. */
  hold(ms: number): Promise<void>;
  tap(): Promise<void>;
  /** Pairs, with the paw held. */
  pair(): Promise<void>;
  /** Bytes of sound that the speaker has made since power-on. */
  heardBytes(): number;
  /** Throws what the interpreter has complained of. */
  check(): void;
  /** Cuts the power, and gives it again. */
  cutPower(): Promise<void>;
  end(): Promise<void>;
}

export interface LifeOptions {
  /** Seconds of sound in front of the microphone. */
  spokenSeconds: number;
  /** Words before the interpreter's command. */
  under?: string[];
  environment?: Record<string, string>;
  /** How much slower than real time everything is. */
  slowness?: number;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a new toy. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const folder = makeFolder();
  const slowness = options.slowness ?? 1;
  const keys = Buffer.alloc(KEYS_BYTES);
  keys.set(TAG);
  writeFileSync(join(folder, 'keys'), keys);
  writeFileSync(join(folder, 'microphone'), voice(options.spokenSeconds));
  const program = { code: (await buildToy('linux')).code, texts: '' };
  const line = await openToyLine(join(folder, 'air'));
  const environment = {
    PAWPOST_RADIO: line.path,
    PAWPOST_MICROPHONE: join(folder, 'microphone'),
    PAWPOST_SPEAKER: join(folder, 'speaker'),
    PAWPOST_METER: join(folder, 'meter'),
    ...options.environment,
  };
  const household = createHousehold(join(folder, 'bridge'));
  const under = options.under ?? [];
  let toy: Interpreter;

  async function wake(isNew: boolean): Promise<void> {
    toy = startInterpreter(program, { environment, under, folder, isNew });
    const advertised = line.advertised();
    await Promise.race([
      advertised,
      sleep(WAKE_MS * slowness).then(() => {
        throw new Error(`the toy does not wake:\n${toy.output().slice(-3000)}`);
      }),
    ]);
  }

  const life: Life = {
    line,
    household,
    folder,
    hold: async (ms) => {
      line.setPin(PAW_PIN, PAW_ACTIVE === 1);
      await sleep(ms);
      line.setPin(PAW_PIN, PAW_ACTIVE !== 1);
    },
    tap: () => life.hold(150),
    pair: async () => {
      await life.hold(PAIR_HOLD_MS * slowness);
      await household.pair(line.radio, TAG);
    },
    heardBytes: () => statSync(join(folder, 'speaker'), { throwIfNoEntry: false })?.size ?? 0,
    check: () => {
      const fault = toy.fault();
      if (fault !== undefined) throw new Error(toy.output().slice(toy.output().indexOf(fault)));
    },
    cutPower: async () => {
      await toy.kill();
      await wake(false);
    },
    end: async () => {
      await toy.kill();
      await line.close();
    },
  };
  await wake(true);
  return life;
}

/** The most variables of a life so far: as this machine counts, and as a C3 would. */
export function variablesOf(life: Life): { onLinux: number; onChip: number } {
  const [onLinux, onChip] = readFileSync(join(life.folder, 'meter'), 'utf8').trim().split(/\s+/).map(Number);
  return { onLinux: onLinux!, onChip: onChip! };
}
