// WAV files of any kind in, the toy's samples out; broken ones are named as such.
import { encodeWaveFromFloat32Channels, SampleFormat } from '@echogarden/wave-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { readWav, writeWav } from '#firmware/simulator/wav.ts';
import { likeness, loudness, sine } from '#test/support/wav.ts';

const tone = sine(440, 1);

function floats(frequencyHz: number, sampleHz: number): Float32Array {
  return Float32Array.from(sine(frequencyHz, 1, sampleHz), (sample) => sample / 32_767);
}

describe('readWav', () => {
  it('gives back what writeWav wrote', async () => {
    fc.assert(
      await fc.asyncProperty(fc.int16Array({ minLength: 1, maxLength: 200 }), async (samples) => {
        const back = await readWav(writeWav(samples));
        expect(back.length).toBe(samples.length);
        for (let i = 0; i < back.length; i++) expect(Math.abs(back[i]! - samples[i]!)).toBeLessThan(2);
      }),
    );
  });

  it.each([8_000, 11_025, 22_050, 24_000, 44_100, 48_000, 96_000])(
    'resamples %i Hz to 16 kHz',
    async (sampleHz) => {
      const heard = await readWav(encodeWaveFromFloat32Channels([floats(440, sampleHz)], sampleHz, 16));
      expect(Math.abs(heard.length - 16_000)).toBeLessThan(40);
      const { correlation, delay } = likeness(tone, heard, 5);
      expect(correlation).toBeGreaterThan(0.999);
      expect(delay).toBe(0);
    },
  );

  it('lets nothing above 8 kHz fold back into the voice', async () => {
    const heard = await readWav(encodeWaveFromFloat32Channels([floats(11_000, 48_000)], 48_000, 16));
    expect(loudness(heard)).toBeLessThan(loudness(tone) / 300);
  });

  it.each([
    [8, SampleFormat.PCM, 0.995],
    [16, SampleFormat.PCM, 0.9999],
    [24, SampleFormat.PCM, 0.9999],
    [32, SampleFormat.PCM, 0.9999],
    [32, SampleFormat.Float, 0.9999],
    [64, SampleFormat.Float, 0.9999],
    [8, SampleFormat.Mulaw, 0.999],
  ] as const)('reads samples of %i bits, format %i', async (bits, format, least) => {
    const heard = await readWav(encodeWaveFromFloat32Channels([floats(440, 16_000)], 16_000, bits, format));
    expect(likeness(tone, heard, 0).correlation).toBeGreaterThan(least);
  });

  it('averages channels', async () => {
    const left = floats(440, 16_000);
    const heard = await readWav(
      encodeWaveFromFloat32Channels([left, new Float32Array(left.length)], 16_000, 16),
    );
    expect(loudness(heard) / loudness(tone)).toBeCloseTo(0.5, 2);
    const silent = await readWav(
      encodeWaveFromFloat32Channels([left, left.map((sample) => -sample)], 16_000, 16),
    );
    expect(loudness(silent)).toBeLessThan(2);
  });

  it('says what is wrong with a file', async () => {
    const whole = writeWav(tone);
    await expect(readWav(new Uint8Array(0))).rejects.toThrow('not a WAV file that can be read');
    await expect(readWav(Buffer.from('ID3 this is an mp3'))).rejects.toThrow(
      'not a WAV file that can be read',
    );
    await expect(readWav(whole.subarray(0, 44))).rejects.toThrow('not a WAV file that can be read');
    await expect(readWav(writeWav(tone, 1000))).rejects.toThrow('1000 samples per second');
    await expect(readWav(writeWav(tone, 192_001))).rejects.toThrow('192001 samples per second');
    await expect(readWav(writeWav(new Int16Array(4000 * 601), 4000))).rejects.toThrow('longer than 600 s');
  });

  it('answers any bytes with sound or an Error', async () => {
    const head = writeWav(tone.subarray(0, 20));
    const hostile = fc
      .tuple(
        fc.uint8Array({ minLength: head.length, maxLength: head.length }),
        fc.array(fc.nat(head.length - 1)),
      )
      .map(([noise, keep]) => {
        const file = head.slice();
        for (const at of keep.slice(0, 6)) file[at] = noise[at]!;
        return file;
      });
    await fc.assert(
      fc.asyncProperty(hostile, async (file) => {
        const heard = await readWav(file).catch((error: unknown) => error);
        expect(heard instanceof Int16Array || heard instanceof Error).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the built-in voice', () => {
  it('is the same every time, as loud as speech, in syllables', () => {
    const voice = createVoice();
    expect(voice).toEqual(createVoice());
    expect(voice.length).toBe(48_000);
    expect(Math.max(...voice)).toBeGreaterThan(8_000);
    expect(loudness(voice)).toBeGreaterThan(1_500);
    const quiet = voice.subarray(0.25 * 16_000, 0.29 * 16_000);
    expect(loudness(quiet)).toBeLessThan(loudness(voice) / 4);
  });
});
