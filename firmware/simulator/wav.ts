// WAV files to and from the samples the simulated toy hears and says.
import samplerate from '@alexanderolsen/libsamplerate-js';
import {
  decodeWaveToFloat32Channels,
  encodeWaveFromFloat32Channels,
  type RawAudio,
} from '@echogarden/wave-codec';
import { SAMPLE_HZ } from './sound.ts';

const LOWEST_HZ = 4_000;
const HIGHEST_HZ = 192_000;
const LONGEST_S = 600;

/**
 * The sound of a WAV file as 16 kHz mono: any rate from 4 to 192 kHz, any channels (averaged), 8 to 32-bit integers, floats, A-law
 * and mu-law, at most ten minutes. Rejects with an Error that says what is wrong with the file.
 */
export async function readWav(file: Uint8Array): Promise<Int16Array> {
  const { audioChannels, sampleRate } = decode(file);
  const mono = mix(audioChannels);
  return toInt16(await resample(mono, sampleRate));
}

/** A mono WAV file of 16-bit samples. */
export function writeWav(samples: Int16Array, sampleHz: number = SAMPLE_HZ): Uint8Array {
  // Int16 is the float times 32767 on the way back, as the codec has it.
  const floats = Float32Array.from(samples, (sample) => (sample < 0 ? sample / 32768 : sample / 32767));
  return encodeWaveFromFloat32Channels([floats], sampleHz, 16);
}

function decode(file: Uint8Array): RawAudio {
  let raw: RawAudio;
  try {
    raw = decodeWaveToFloat32Channels(file);
  } catch (error) {
    throw new Error(`not a WAV file that can be read: ${(error as Error).message}`);
  }
  const { audioChannels, sampleRate } = raw;
  if (sampleRate < LOWEST_HZ || sampleRate > HIGHEST_HZ) {
    throw new Error(`not a WAV file that can be read: ${sampleRate} samples per second`);
  }
  const length = audioChannels[0]?.length ?? 0;
  if (length === 0) throw new Error('not a WAV file that can be read: it holds no sound');
  if (length > LONGEST_S * sampleRate) throw new Error(`the sound is longer than ${LONGEST_S} s`);
  return raw;
}

function mix(channels: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(channels[0]!.length);
  for (const channel of channels) {
    // A float file may hold anything; what is no number is silence.
    for (let i = 0; i < out.length; i++)
      out[i]! += Number.isFinite(channel[i]) ? channel[i]! / channels.length : 0;
  }
  return out;
}

async function resample(samples: Float32Array, sampleHz: number): Promise<Float32Array> {
  if (sampleHz === SAMPLE_HZ) return samples;
  const { create, ConverterType } = samplerate;
  const converter = await create(1, sampleHz, SAMPLE_HZ, {
    converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });
  try {
    return converter.simple(samples).slice();
  } finally {
    converter.destroy();
  }
}

function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32767))));
}
