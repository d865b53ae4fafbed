// What the app's recorder makes of the encoder's file: whole, in time, within a clip, and never anything but voice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingOf } from '#app/sound/recording.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { readOgg, streamFromOgg, writeOgg } from '#protocol/audio/ogg.ts';
import { MAX_CLIP_MS, MAX_STREAM_BYTES, validateStream } from '#protocol/audio/stream.ts';
import { recordAsApp } from '#test/support/app-recorder.ts';
import { decodeVoice } from '#test/support/opus.ts';
import { likeness } from '#test/support/wav.ts';

const FRAME = 960;

/** A file of the encoder, with the frame of silence that pushes the last word out. */
function encode(samples: Float32Array): Promise<Uint8Array> {
  const flushed = new Float32Array(samples.length + FRAME);
  flushed.set(samples);
  return recordAsApp(flushed);
}

/** White noise, the dearest thing to encode. */
function noise(samples: number): Float32Array {
  let seed = 1;
  return Float32Array.from({ length: samples }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed / 0x7fffffff) * 1.6 - 0.8;
  });
}

describe('a recording', () => {
  it('is what was said, from the first sample to the last', async () => {
    const said = createVoice(3).subarray(0, 45_000);
    const { ogg, durationMs } = recordingOf(
      await encode(Float32Array.from(said, (sample) => sample / 32_768)),
      said.length / 16,
      7,
    );
    expect(durationMs).toBe(2_813);
    const { packets, preSkip, samples } = readOgg(ogg);
    expect(preSkip).toBe(312);
    expect(samples).toBe(said.length * 3);
    const heard = decodeVoice(packets);
    expect(heard.length).toBeGreaterThanOrEqual(said.length);
    const { correlation, delay } = likeness(said, heard, 400);
    // The resampler and VOIP's high-pass cost a millisecond or two.
    expect(Math.abs(delay)).toBeLessThan(40);
    expect(correlation).toBeGreaterThan(0.8);
    const tail = likeness(said.subarray(-1_600), heard.subarray(said.length - 1_600, said.length), 60);
    expect(tail.correlation).toBeGreaterThan(0.8);
  });

  it('of the dearest minute fits a clip', async () => {
    const { ogg, durationMs } = recordingOf(await encode(noise(960_000)), 60_000, 7);
    expect(durationMs).toBe(60_000);
    const { bytes, durationMs: held } = validateStream(streamFromOgg(ogg));
    expect(bytes).toBeLessThanOrEqual(MAX_STREAM_BYTES);
    expect(held).toBe(MAX_CLIP_MS);
  });

  it('is cut where a clip ends, by time and by bytes', () => {
    const packet = (bytes: number) => new Uint8Array(bytes).fill(1).fill(11 << 3, 0, 1);
    const long = recordingOf(writeOgg(new Array(1_100).fill(packet(40)), 1), 66_000, 1);
    expect(validateStream(streamFromOgg(long.ogg)).durationMs).toBe(MAX_CLIP_MS);
    expect(long.durationMs).toBe(60_054);
    const fat = recordingOf(writeOgg(new Array(1_000).fill(packet(250)), 1), 60_000, 1);
    const { packets, bytes } = validateStream(streamFromOgg(fat.ogg));
    expect(packets).toBe(Math.floor(MAX_STREAM_BYTES / 252));
    expect(bytes).toBeLessThanOrEqual(MAX_STREAM_BYTES);
  });

  it('is never made of anything but voice', () => {
    const music = new Uint8Array(80).fill(31 << 3, 0, 1);
    expect(() => recordingOf(writeOgg([music], 1), 20, 1)).toThrow('audio-mode');
    expect(() => recordingOf(writeOgg([], 1), 20, 1)).toThrow('audio-stream');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => recordingOf(bytes, 100, 1)).toThrow(/^audio-/);
      }),
    );
  });
});
