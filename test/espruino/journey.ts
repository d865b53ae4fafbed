// One life of the shipped program from the first touch to a power cut, against the bridge's own code; with it, the most variables it held.
import { splitPackets, validateStream } from '#protocol/audio/stream.ts';
import { silence } from './conversation.ts';
import type { Visit } from './household.ts';
import { type Life, sleep, startLife } from './life.ts';

const SPOKEN_MS = 6000;
/** On its first day a toy sings when it wakes. */
const WAKE_SONG_MS = 1500;
const PACKET_MS = 60;
const PACKET_SAMPLES = 960;
const PRE_SKIP_SAMPLES = 104;

const ANSWER_MS = 5000;
const HEARD_LATELY_S = 10;

export interface Journey {
  /** Steps that went as they should. */
  passed: number;
  variables: { onLinux: number; onChip: number };
}

/** Speaks for SPOKEN_MS; the stream that reaches the family. */
async function speak(life: Life, recording: () => Promise<Uint8Array>): Promise<Uint8Array> {
  await life.hold(SPOKEN_MS);
  const stream = await recording();
  const { packets } = validateStream(stream);
  const expected = SPOKEN_MS / PACKET_MS;
  if (Math.abs(packets - expected) > 5) throw new Error(`${packets} packets of ${expected} arrived`);
  return stream;
}

/** Taps the paw and listens until the message must be over. */
async function listen(life: Life, stream: Uint8Array): Promise<void> {
  const before = await silence(life);
  const packets = splitPackets(stream).length;
  await life.tap();
  await sleep(packets * PACKET_MS + 2500);
  const heard = (life.heardBytes() - before) / 2;
  const expected = packets * PACKET_SAMPLES - PRE_SKIP_SAMPLES;
  if (heard !== expected) throw new Error(`${heard} of ${expected} samples were heard`);
}

/** The toy says that the message was heard, no longer ago than this. */
async function told(visit: Visit, message: Uint8Array, mostS: number): Promise<void> {
  const ageS = await Promise.race([visit.heard(message), sleep(ANSWER_MS).then(() => Number.NaN)]);
  if (!(ageS <= mostS)) throw new Error(`heard ${ageS} s ago`);
}

/** Rejects with the first thing that goes wrong. */
export async function journey(): Promise<Journey> {
  const life = await startLife({ spokenSeconds: SPOKEN_MS / 1000 });
  let passed = 0;
  const step = async (action: () => Promise<void>): Promise<void> => {
    await action();
    life.check();
    passed++;
  };
  try {
    await step(() => life.pair());
    let visit = await life.household.visit(life.line.radio);
    let stream: Uint8Array = new Uint8Array(0);
    await step(async () => {
      stream = await speak(life, visit.recording);
    });
    let message: Uint8Array = new Uint8Array(0);
    await step(async () => {
      message = await visit.deliver(stream);
    });
    await step(() => listen(life, stream));
    await step(() => told(visit, message, HEARD_LATELY_S));
    await step(() => visit.leave());
    // A newer policy is the most that comes over a daily link.
    await step(async () => {
      visit = await life.household.visit(life.line.radio, { hasPolicy: true });
      if (!(await visit.obeyed())) throw new Error('the newer policy is not obeyed');
    });
    // What was recorded while nobody was near leaves when somebody is.
    await step(() => visit.leave());
    await step(() => life.hold(SPOKEN_MS));
    await step(async () => {
      await sleep(500);
      await life.cutPower();
      visit = await life.household.visit(life.line.radio);
      stream = await visit.recording();
      if (splitPackets(stream).length < SPOKEN_MS / PACKET_MS - 20)
        throw new Error(`${splitPackets(stream).length} packets outlived the power cut`);
    });
    await step(async () => {
      message = await visit.deliver(stream);
    });
    await step(async () => {
      await life.cutPower();
      await sleep(WAKE_SONG_MS);
    });
    await step(() => listen(life, stream));
    // What was heard while nobody was near is told when somebody is.
    await step(async () => {
      await told(await life.household.visit(life.line.radio), message, HEARD_LATELY_S);
    });
    return { passed, variables: life.variables() };
  } finally {
    await life.end();
  }
}
