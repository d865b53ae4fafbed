// What a packet of voice costs the interpreter, in instructions: the shipped program under callgrind, in real time, each stretch with N
// and with 2N packets, so that what is paid once falls out of the difference. Opus runs in a task of its own and is not counted.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitPackets } from '#protocol/audio/stream.ts';
import { type Life, sleep, startLife } from './life.ts';

const PACKET_MS = 60;
/** Of the short one of each pair of stretches. */
const SHORT_MS = 4800;
/**
 * Counted at the end of each stretch: until the last chunk has been sealed, sent and acknowledged, and the slot has been erased that
 * is no longer needed, 32 sectors, one every 60 ms. The same for both of a pair, and so not in their difference.
 */
const AFTER_MS = 5500;
/** Before a stretch. */
const SETTLE_MS = 500;
/** A new toy erases all its slots. */
const NEW_MS = 15_000;

export interface Instructions {
  /** Recording with no bridge near. */
  recording: number;
  /** Recording and sending what is recorded at the same time. */
  sending: number;
  /** Taking a message from a bridge. */
  receiving: number;
  playing: number;
  /** Doing nothing, connected, for as long as a packet lasts. Contained in the others. */
  idle: number;
}

/** True where there is a valgrind to measure with. */
export function canMeasure(): boolean {
  return spawnSync('valgrind', ['--version']).status === 0;
}

/** Measures all four. About three minutes. */
export async function measureInstructions(): Promise<Instructions> {
  const life = await startLife({ spokenSeconds: (2 * SHORT_MS) / 1000 });
  try {
    await life.pair();
    const counts = await countStretches(life);
    life.check();
    return counts;
  } finally {
    await life.end();
  }
}

interface Stretch {
  packets: number;
  instructions: number;
}

async function countStretches(life: Life): Promise<Instructions> {
  const dumps = join(life.folder, 'dumps');
  mkdirSync(dumps);
  await life.cutPower({
    under: [
      'valgrind',
      '--quiet',
      '--tool=callgrind',
      '--separate-threads=yes',
      `--callgrind-out-file=${join(dumps, 'callgrind')}`,
    ],
  });
  let marks = 0;
  /** Ends the stretch and counts it. */
  async function counted(): Promise<number> {
    const name = `mark${++marks}`;
    life.line.mark(name);
    for (;;) {
      const count = readDump(dumps, name);
      if (count !== undefined) return count;
      await sleep(50);
    }
  }
  async function stretch(packets: number, action: () => Promise<void>): Promise<Stretch> {
    await sleep(SETTLE_MS);
    await counted();
    await action();
    await sleep(AFTER_MS);
    return { packets, instructions: await counted() };
  }
  /** Cost of a packet, from two stretches of which the second has more of them. */
  const perPacket = (short: Stretch, long: Stretch): number =>
    Math.round((long.instructions - short.instructions) / (long.packets - short.packets));

  await sleep(NEW_MS);
  const record = (ms: number) => stretch(ms / PACKET_MS, () => life.hold(ms));
  const recording = perPacket(await record(SHORT_MS), await record(2 * SHORT_MS));

  const visit = await life.household.visit(life.line.radio);
  await visit.recording();
  await visit.recording();
  await sleep(AFTER_MS);
  const idle = ((await stretch(0, async () => {})).instructions / AFTER_MS) * PACKET_MS;

  const streams: Uint8Array[] = [];
  const send = (ms: number) =>
    stretch(ms / PACKET_MS, async () => {
      await life.hold(ms);
      streams.push(await visit.recording());
    });
  const sending = perPacket(await send(SHORT_MS), await send(2 * SHORT_MS));
  const packetsOf = (stream: Uint8Array) => splitPackets(stream).length;

  const receive = (stream: Uint8Array) =>
    stretch(packetsOf(stream), async () => {
      await visit.deliver(stream);
    });
  const receiving = perPacket(await receive(streams[0]!), await receive(streams[1]!));
  await visit.leave();

  const play = (stream: Uint8Array) =>
    stretch(packetsOf(stream), async () => {
      await life.tap();
      await sleep(packetsOf(stream) * PACKET_MS);
    });
  const playing = perPacket(await play(streams[0]!), await play(streams[1]!));
  return { recording, sending, receiving, playing, idle: Math.round(idle) };
}

/** Instructions of the interpreter's thread in the dump of this name; undefined while there is none. */
function readDump(folder: string, name: string): number | undefined {
  for (const file of readdirSync(folder)) {
    // Thread 1 is the interpreter.
    if (!file.endsWith('-01')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(`Client Request: ${name}\n`)) continue;
    const totals = /^totals: (\d+)/m.exec(text);
    if (totals) return Number(totals[1]);
  }
  return undefined;
}
