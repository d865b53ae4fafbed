// Sound files to packet streams and back, for a family's device without a browser.
import { existsSync, readFileSync } from 'node:fs';
import { OpusDecoder } from 'opus-decoder';
import { createVoiceEncoder } from '#firmware/simulator/recorder.ts';
import { SAMPLE_HZ } from '#firmware/simulator/sound.ts';
import { readWav } from '#firmware/simulator/wav.ts';
import { joinPackets, PRE_SKIP_SAMPLES, splitPackets, validateStream } from '#protocol/audio/stream.ts';
import { CommandError } from './failure.ts';

/** A clip's longest, and the shortest that is not a slip of the paw. */
export const SAY_MS = { least: 600, most: 60_000 } as const;

const PACKET_SAMPLES = (SAMPLE_HZ * 60) / 1000;
const PRE_SKIP = (PRE_SKIP_SAMPLES * SAMPLE_HZ) / 48_000;

/**
 * 16 kHz mono samples as a packet stream that a toy can play, with one silent packet more to bring out the encoder's look-ahead.
 * Faults: `audio-long` for more than a minute.
 */
export function encodeSpeech(samples: Int16Array): Uint8Array {
  const encoder = createVoiceEncoder();
  const packets: Uint8Array[] = [];
  for (let at = 0; at < samples.length; at += PACKET_SAMPLES) {
    const frame = new Int16Array(PACKET_SAMPLES);
    frame.set(samples.subarray(at, at + PACKET_SAMPLES));
    packets.push(encoder.encode(frame).slice());
  }
  packets.push(encoder.encode(new Int16Array(PACKET_SAMPLES)).slice());
  const stream = joinPackets(packets);
  validateStream(stream);
  return stream;
}

/** The 16 kHz mono samples of a packet stream, decoded in WebAssembly, where a hostile packet can do no harm. Faults: as `validateStream`. */
export async function decodeSpeech(stream: Uint8Array): Promise<Int16Array> {
  validateStream(stream);
  const decoder = new OpusDecoder({ sampleRate: SAMPLE_HZ, channels: 1 });
  await decoder.ready;
  const { channelData } = decoder.decodeFrames(splitPackets(stream));
  decoder.free();
  const samples = channelData[0] ?? new Float32Array(0);
  return Int16Array.from(samples.subarray(PRE_SKIP), (sample) =>
    Math.max(-32768, Math.min(32767, Math.round(sample * 32767))),
  );
}

/** The samples of a WAV file that is as long as a message may be. @throws CommandError for any other file. */
export async function soundOf(path: string): Promise<Int16Array> {
  if (!existsSync(path)) throw new CommandError(`there is no file ${path}`, 'Give a WAV file.');
  const samples = await readWav(readFileSync(path)).catch((error: Error) => {
    throw new CommandError(`${path}: ${error.message}`, 'Give a WAV file that other programs can play.');
  });
  const ms = (samples.length / SAMPLE_HZ) * 1000;
  if (ms < SAY_MS.least || ms > SAY_MS.most) {
    throw new CommandError(
      `${path} is ${(ms / 1000).toFixed(1)} s long`,
      `A message lasts from ${SAY_MS.least / 1000} to ${SAY_MS.most / 1000} seconds.`,
    );
  }
  return samples;
}
