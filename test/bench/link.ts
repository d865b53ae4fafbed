// The link over the modelled radio: the shipped program, the real Bluetooth stacks and the real bridge, disk and all.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeEvent } from '#bridge/main.ts';
import type { Voice } from '#bridge/voices.ts';
import { createHousehold, type Household } from '#cli/household.ts';
import { createRoom } from '#cli/room.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { MAX_CLIP_MS } from '#protocol/audio/stream.ts';
import { measureThroughput } from '#test/air/throughput.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { type Row, row } from './row.ts';

/** A phone's: four packets each way every 30 ms. */
const RADIO = { intervalMs: 30, packetsPerEvent: 4 };
const BOARD = 'c3-plush';
const PATIENCE_MS = 90_000;
/** A minute is over by itself; a little more of it, and the toy's sounds. */
const MINUTE_MS = MAX_CLIP_MS + 3_000;
const LOOK_MS = 2;

/**
 * Two rows. A minute that was recorded while no bridge was near, sent at once: clip bytes a second against what the same radio carries of
 * ATT values alone. And a clip of `spokenS` seconds that is sent while it is spoken: from the released paw to the whole clip on disk.
 */
export async function benchLink(spokenS: number): Promise<Row[]> {
  const attKiBps = (await measureThroughput(RADIO)).fromToyKiBps;
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-bench-link-'));
  const clock = createHurriedClock();
  const heard: Voice[] = [];
  const told: { event: BridgeEvent; atMs: number }[] = [];
  const household = await createHousehold({
    directory,
    board: BOARD,
    microphone: createMicrophone(createVoice(MAX_CLIP_MS / 1000)),
    speaker: createRememberingSpeaker(),
    room: createRoom({ ...RADIO, timing: 'realtime' }),
    toyClock: clock,
    person: { heard: (voice) => void heard.push(voice) },
    tell: (event) => void told.push({ event, atMs: performance.now() }),
  });
  const at = (name: BridgeEvent['event']) =>
    until(`the bridge tells "${name}"`, () => told.find(({ event }) => event.event === name)?.atMs);
  try {
    await household.pair();
    await clock.hurry(MINUTE_MS);
    household.toy.press();
    await clock.hurry(MINUTE_MS);
    household.toy.release();
    await clock.hurry(1_000);
    household.startBridge();
    const began = await at('recording');
    const ended = await at('recorded');
    const { stream } = await until('the parent has it', () => heard[0]);
    told.length = 0;
    await clock.hurry(MINUTE_MS);

    household.toy.press();
    await wait(spokenS * 1000);
    household.toy.release();
    const releasedMs = performance.now();
    const wholeMs = await at('recorded');
    healthy(household);
    return [
      row(
        'link: a minute of voice at MTU 247',
        stream.length / 1024 / ((ended - began) / 1000),
        'KiB/s',
        attKiBps,
        {
          of: 'ratio',
          atLeast: 0.9,
        },
      ),
      row(
        `link: paw released to ${spokenS} s clip complete on the bridge`,
        wholeMs - releasedMs,
        'ms',
        null,
        {
          of: 'value',
          atMost: 1000,
        },
      ),
    ];
  } finally {
    await household.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function healthy({ toy }: Household): void {
  const [error] = toy.errors;
  if (error !== undefined) throw error;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await wait(LOOK_MS);
  }
}
