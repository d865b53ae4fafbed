// STOI, short-time objective intelligibility (Taal, Hendriks, Heusdens and Jensen 2011): 1 is as intelligible as what was said.
import samplerate from '@alexanderolsen/libsamplerate-js';
import type { Pair } from './align.ts';
import { hann, powerSpectra } from './spectrum.ts';

const RATE_HZ = 10_000;
const FRAME = 256;
const HOP = 128;
const SIZE = 512;
const BANDS = 15;
const LOWEST_HZ = 150;
/** Frames that one judgement looks at: 384 ms. */
const SEGMENT = 30;
/** Frames 40 dB below the loudest are left out. */
const SILENCE = 1e-4;
/** The signal-to-distortion ratio below which nothing gets worse, -15 dB. */
const CLIP = 1 + 10 ** (15 / 20);

/** STOI of a pair at 16 kHz, -1 to 1. */
export async function intelligibility({ said, heard }: Pair): Promise<number> {
  const window = hann(FRAME + 2, false).subarray(1, -1);
  const clean = powerSpectra(await resample(said), window, HOP, SIZE);
  const coded = powerSpectra(await resample(heard), window, HOP, SIZE);
  const energies = clean.map((frame) => frame.reduce((sum, bin) => sum + bin, 0));
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), 0);
  const kept = energies.flatMap((energy, i) => (energy > loudest * SILENCE && coded[i] ? [i] : []));
  const a = kept.map((i) => bands(clean[i]!));
  const b = kept.map((i) => bands(coded[i]!));
  let total = 0;
  let count = 0;
  for (let end = SEGMENT; end <= a.length; end++) {
    for (let band = 0; band < BANDS; band++) {
      const x = Float64Array.from({ length: SEGMENT }, (_, i) => a[end - SEGMENT + i]![band]!);
      const y = Float64Array.from({ length: SEGMENT }, (_, i) => b[end - SEGMENT + i]![band]!);
      total += correlation(x, clipped(x, y));
      count++;
    }
  }
  return total / count;
}

// As loud as x over the segment, and nowhere further above it than CLIP.
function clipped(x: Float64Array, y: Float64Array): Float64Array {
  const gain = norm(x) / (norm(y) + 1e-12);
  return y.map((value, i) => Math.min(value * gain, x[i]! * CLIP));
}

function correlation(x: Float64Array, y: Float64Array): number {
  const meanX = x.reduce((sum, value) => sum + value, 0) / x.length;
  const meanY = y.reduce((sum, value) => sum + value, 0) / y.length;
  const dx = x.map((value) => value - meanX);
  const dy = y.map((value) => value - meanY);
  return dx.reduce((sum, value, i) => sum + value * dy[i]!, 0) / (norm(dx) * norm(dy) + 1e-12);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

// Amplitude in third-octave bands.
function bands(spectrum: Float64Array): Float64Array {
  return Float64Array.from({ length: BANDS }, (_, band) => {
    const centreHz = LOWEST_HZ * 2 ** (band / 3);
    let power = 0;
    for (let bin = 0; bin < spectrum.length; bin++) {
      const hz = (bin * RATE_HZ) / SIZE;
      if (hz >= centreHz * 2 ** (-1 / 6) && hz < centreHz * 2 ** (1 / 6)) power += spectrum[bin]!;
    }
    return Math.sqrt(power);
  });
}

async function resample(samples: Float64Array): Promise<Float64Array> {
  const { create, ConverterType } = samplerate;
  const converter = await create(1, 16_000, RATE_HZ, {
    converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });
  try {
    return Float64Array.from(
      converter.simple(Float32Array.from(samples, (sample) => sample / 32_768)),
      (s) => s * 32_768,
    );
  } finally {
    converter.destroy();
  }
}
