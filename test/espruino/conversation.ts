// A word into the paw, and the same out of the speaker: what the family gets, and what the child hears, is what was said.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitPackets, validateStream } from '#protocol/audio/stream.ts';
import { type Life, sleep } from './life.ts';
import { likeness, VOICE_RATE, voice } from './voice.ts';

const PACKET_MS = 60;
const PACKET_SAMPLES = 960;
const PRE_SKIP_SAMPLES = 104;
/** A packet may be missing at the end, where the paw was free again. */
const MISSING = 1;
/** Opus's voice mode shifts phases by fractions of a sample. */
const LAGS = [-2, -1, 0, 1, 2];
const ALIKE = 0.85;
const SILENCE_MS = 400;

/** Speaks into the paw, with a bridge near; the stream that reaches the family. */
export async function speak(life: Life, seconds: number): Promise<Uint8Array> {
  const visit = await life.household.visit(life.line.radio);
  await life.hold(seconds * 1000);
  const stream = await visit.recording();
  await visit.leave();
  const { packets } = validateStream(stream);
  if (packets < (seconds * 1000) / PACKET_MS - MISSING) throw new Error(`${packets} packets`);
  return stream;
}

/**
 * Brings the stream as a message and taps; what is heard must be all of it, and what was said into the microphone. `fromS`, where it is
 * compared: a word's first half second, unless told otherwise, is left to the level, which finds its own.
 */
export async function hear(life: Life, stream: Uint8Array, seconds: number, fromS = 0.5): Promise<void> {
  const visit = await life.household.visit(life.line.radio);
  const message = await visit.deliver(stream);
  // Tones before it, as that a recording has left, are in the same file.
  const before = await silence(life);
  const expected = splitPackets(stream).length * PACKET_SAMPLES - PRE_SKIP_SAMPLES;
  await life.tap();
  await visit.heard(message);
  await visit.leave();
  const heard = readFileSync(join(life.folder, 'speaker')).subarray(before);
  if (heard.length / 2 !== expected) throw new Error(`${heard.length / 2} of ${expected} samples`);
  const alike = LAGS.map((lag) =>
    likeness(voice(seconds), heard, lag, Math.max(2, VOICE_RATE * fromS), VOICE_RATE * (seconds - 0.5)),
  );
  if (Math.max(...alike) < ALIKE) throw new Error(`another sound: ${alike.join(' ')}`);
}

/** Bytes of sound so far, when no more come. */
export async function silence(life: Life): Promise<number> {
  let bytes = -1;
  while (bytes !== life.heardBytes()) {
    bytes = life.heardBytes();
    await sleep(SILENCE_MS);
  }
  return bytes;
}
