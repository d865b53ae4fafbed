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
  /** The most variables in use so far: as this machine counts, and as a C3 would. */
  variables(): { onLinux: number; onChip: number };
  /** Cuts the power, and gives it again; from then on the interpreter runs under these words. */
  cutPower(under?: string[]): Promise<void>;
  end(): Promise<void>;
}

export interface LifeOptions {
  /** Seconds of sound in front of the microphone. */
  spokenSeconds: number;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a new toy. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const folder = makeFolder();
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
  };
  const household = createHousehold(join(folder, 'bridge'));
  const most = { onLinux: 0, onChip: 0 };
  let under: string[] = [];
  let toy: Interpreter;

  async function wake(isNew: boolean): Promise<void> {
    // The meter looks at every variable: not while instructions are counted.
    const meter = under.length === 0 ? { PAWPOST_METER: join(folder, 'meter') } : {};
    toy = startInterpreter(program, { environment: { ...environment, ...meter }, under, folder, isNew });
    const advertised = line.advertised();
    await Promise.race([
      advertised,
      sleep(WAKE_MS).then(() => {
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
      await life.hold(PAIR_HOLD_MS);
      await household.pair(line.radio, TAG);
    },
    heardBytes: () => statSync(join(folder, 'speaker'), { throwIfNoEntry: false })?.size ?? 0,
    check: () => {
      const fault = toy.fault();
      if (fault !== undefined) throw new Error(toy.output().slice(toy.output().indexOf(fault)));
    },
    variables: () => {
      // Each life writes its own peak.
      const now = readFileSync(join(folder, 'meter'), 'utf8').trim().split(/\s+/).map(Number);
      most.onLinux = Math.max(most.onLinux, now[0]!);
      most.onChip = Math.max(most.onChip, now[1]!);
      return { ...most };
    },
    cutPower: async (words) => {
      life.variables();
      await toy.kill();
      under = words ?? under;
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
