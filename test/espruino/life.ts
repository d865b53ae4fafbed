// A toy's life in the real interpreter: the very program that ships, signed, paired, spoken to, listened to, cut off and started again.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHousehold, type Household } from './household.ts';
import { type Interpreter, makeFolder, startInterpreter } from './interpreter.ts';
import { openToyLine, type ToyLine } from './toy-line.ts';
import { type ToyProgram, toyProgram } from './toy-program.ts';
import { voiceFile } from './voice.ts';

/** Slots 0-7 of 64 bytes: what the maker has put into the key store is the tag's secret, in slot 0. */
const KEYS_BYTES = 512;
const TAG = new Uint8Array(32).fill(0x7a);
/** Surely longer than the toy's own limit, also where its clock runs fast on a busy machine. */
const PAIR_HOLD_MS = 4500;
const WAKE_MS = 30_000;
/** How the process ends where a chip restarts (firmware/native/README.md). */
const RESTART_CODE = 75;
/** How it ends where a chip sleeps until it is touched. */
const ASLEEP_CODE = 85;
const HIGH = 65535;
/** Readings of a battery that is nearly full, 4.03 V behind the divider of every board, and of one that is empty, 3.02 V. */
export const CHARGED = 40_000;
export const EMPTY = 30_000;

export interface Life {
  readonly line: ToyLine;
  readonly household: Household;
  readonly folder: string;
  readonly program: ToyProgram;
  /** Waits so long by the toy's clock. */
  pass(ms: number): Promise<void>;
  /** Holds the paw for so long. */
  hold(ms: number): Promise<void>;
  tap(): Promise<void>;
  /** Pairs, with the paw held. */
  pair(): Promise<void>;
  /** Bytes of sound that the speaker has made since the toy was new. */
  heardBytes(): number;
  /** Throws what the interpreter has complained of. */
  check(): void;
  /** Takes back complaints that were expected; how many there were. */
  forgive(expected: RegExp): number;
  /** The most variables in use so far: as this machine counts, and as a C3 would. */
  variables(): { onLinux: number; onChip: number };
  /** Variables in use now, garbage not counted, as a C3 would: asked when nothing goes on, it is the same number each time. */
  variablesAtRest(): Promise<number>;
  /** How often the toy has been started: by power, and by itself. */
  starts(): number;
  /** Resolves when it has been started so often, and advertises. */
  started(starts: number): Promise<void>;
  /** Cuts the power, and gives it again. */
  cutPower(change?: Change): Promise<void>;
  /** Resolves when the toy has gone to sleep of its own accord; nothing wakes it but `cutPower`. Rejects if it ends otherwise. */
  asleep(): Promise<void>;
  end(): Promise<void>;
}

/** What is different from a start on; what is left out stays, but for `isHeld` and `isTouched`. */
export interface Change {
  /** Words under which the interpreter runs. */
  under?: string[];
  /** The paw is held while the power comes. */
  isHeld?: boolean;
  /** It is a touch that starts the toy, not the power. */
  isTouched?: boolean;
  clock?: number;
  /** Reading of the battery. */
  charge?: number;
}

export interface LifeOptions {
  /** The Linux board's program unless told. */
  program?: ToyProgram;
  /** Seconds of sound in front of the microphone. */
  spokenSeconds: number;
  /** Sound takes no time. */
  isFast?: boolean;
  /** The toy's clock runs so many times faster. */
  clock?: number;
  environment?: Record<string, string>;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a new toy. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const folder = makeFolder();
  const keys = Buffer.alloc(KEYS_BYTES);
  keys.set(TAG);
  writeFileSync(join(folder, 'keys'), keys);
  writeFileSync(join(folder, 'microphone.wav'), voiceFile(options.spokenSeconds));
  const program = options.program ?? (await toyProgram('linux'));
  const { BOARD_NUMBER, PAW_PIN, PAW_ACTIVE, BATTERY_PIN } = program.facts;
  let clock = options.clock ?? 1;
  let charge = CHARGED;
  const line = await openToyLine(join(folder, 'air'));
  const environment: Record<string, string> = {
    PAWPOST_RADIO: line.path,
    PAWPOST_MICROPHONE: join(folder, 'microphone.wav'),
    PAWPOST_SPEAKER: join(folder, 'speaker'),
    PAWPOST_PACE: options.isFast ? 'fast' : 'real',
    PAWPOST_RTC: join(folder, 'rtc'),
    ...options.environment,
  };
  const household = createHousehold(join(folder, 'bridge'));
  const most = { onLinux: 0, onChip: 0 };
  const meter = join(folder, 'meter');
  let under: string[] = [];
  let starts = 0;
  let faults = '';
  let isOver = false;
  let toy: Interpreter;

  /** Each start writes its own peak. */
  function readMeter(): { marks: number; atMark: number } {
    const text = existsSync(meter) ? readFileSync(meter, 'utf8') : '';
    const [onLinux = 0, onChip = 0, marks = 0, atMark = 0] = text.trim().split(/\s+/).map(Number);
    most.onLinux = Math.max(most.onLinux, onLinux);
    most.onChip = Math.max(most.onChip, onChip);
    return { marks, atMark };
  }
  async function variablesAtRest(): Promise<number> {
    const before = readMeter().marks;
    line.mark('rest');
    for (;;) {
      const { marks, atMark } = readMeter();
      if (marks > before) return atMark;
      await sleep(20);
    }
  }
  function noteFaults(): void {
    const fault = toy.fault();
    if (fault !== undefined) faults += toy.output().slice(toy.output().indexOf(fault));
  }
  /** The levels of the pins at power-on. */
  function pins(isHeld: boolean): string {
    const paw = `${PAW_PIN}=${isHeld === (PAW_ACTIVE === 1) ? HIGH : 0}`;
    return BATTERY_PIN < 0 ? paw : `${paw},${BATTERY_PIN}=${charge}`;
  }
  function start({ isNew = false, isHeld = false, isTouched = false, isRestart = false }): void {
    starts++;
    const own: Record<string, string> = {
      PAWPOST_PINS: pins(isHeld || isTouched),
      PAWPOST_CLOCK: String(clock),
    };
    if (isTouched) own.PAWPOST_WAKE = 'paw';
    if (isRestart) own.PAWPOST_WAKE = 'restart';
    // The meter looks at every variable: not while instructions are counted.
    if (under.length === 0) own.PAWPOST_METER = meter;
    const started = startInterpreter(
      { code: program.code, texts: '' },
      {
        environment: { ...environment, ...own },
        under,
        folder,
        isNew,
        board: BOARD_NUMBER,
        signedAs: program.version,
      },
    );
    toy = started;
    void started.ended.then((code) => {
      if (code !== RESTART_CODE || isOver || toy !== started) return;
      readMeter();
      noteFaults();
      start({ isRestart: true });
    });
  }
  async function started(wanted: number): Promise<void> {
    for (const endMs = Date.now() + WAKE_MS; Date.now() < endMs; await sleep(20))
      if (starts >= wanted && line.isAdvertising()) return;
    throw new Error(`the toy does not wake for the ${wanted}th time:\n${toy.output().slice(-3000)}`);
  }

  const life: Life = {
    line,
    household,
    folder,
    program,
    pass: (ms) => sleep(ms / clock),
    hold: async (ms) => {
      line.setPin(PAW_PIN, PAW_ACTIVE === 1);
      await life.pass(ms);
      line.setPin(PAW_PIN, PAW_ACTIVE !== 1);
    },
    tap: () => life.hold(150),
    pair: async () => {
      await life.hold(PAIR_HOLD_MS);
      await household.pair(line.radio, TAG);
    },
    heardBytes: () => statSync(join(folder, 'speaker'), { throwIfNoEntry: false })?.size ?? 0,
    check: () => {
      noteFaults();
      if (faults !== '') throw new Error(faults);
    },
    forgive: (expected) => {
      noteFaults();
      const lines = faults.split('\n');
      const found = lines.filter((line) => expected.test(line)).length;
      faults = '';
      return found;
    },
    variables: () => {
      readMeter();
      return { ...most };
    },
    variablesAtRest,
    starts: () => starts,
    started,
    cutPower: async (change = {}) => {
      readMeter();
      noteFaults();
      const last = toy;
      await last.kill();
      await line.silent();
      ({ under = under, clock = clock, charge = charge } = change);
      start(change);
      await started(starts);
    },
    asleep: async () => {
      const code = await toy.ended;
      if (code !== ASLEEP_CODE) throw new Error(`the toy does not sleep, it ends with ${code}`);
    },
    end: async () => {
      isOver = true;
      await toy.kill();
      await line.close();
    },
  };
  start({ isNew: true });
  await started(1);
  return life;
}
