// From the computer's sample rate to the toy's: a windowed-sinc low pass, evaluated where the toy has a sample.

/** Zero crossings of the sinc on each side: 60 dB and more of what would fold back. */
const CROSSINGS = 16;
/** Of the toy's half rate: where the low pass begins to close. */
const PASS = 0.92;
/** Places between two input samples that are told apart. */
const PHASES = 512;

export interface Resampler {
  /** The next samples, -1 to 1; returns as many of the toy's as are ready. */
  push(samples: Float32Array): Int16Array;
}

/** Mono, from `fromHz` to `toHz`; faithful downwards, and harmless upwards. */
export function createResampler(fromHz: number, toHz: number): Resampler {
  const step = fromHz / toHz;
  // In cycles per input sample, doubled: 1 is the input's own half rate.
  const cutoff = Math.min(1, 1 / step) * PASS;
  const reach = Math.ceil(CROSSINGS / cutoff);
  let kept = new Float32Array(reach);
  /** Where the next output lies, in input samples from the beginning of `kept`. */
  let at = reach;

  // Made when first needed: 48 kHz needs one phase of them all, 44.1 kHz a few hundred.
  const kernels: (Float32Array | undefined)[] = [];
  function kernelOf(phase: number): Float32Array {
    const known = kernels[phase];
    if (known !== undefined) return known;
    const made = Float32Array.from({ length: 2 * reach }, (_, i) => {
      const distance = i + 1 - reach - phase / PHASES;
      const x = Math.PI * distance * cutoff;
      const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
      return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach)) * cutoff;
    });
    kernels[phase] = made;
    return made;
  }

  function sampleAt(samples: Float32Array, position: number): number {
    const near = Math.round(position * PHASES);
    const kernel = kernelOf(near % PHASES);
    const begin = Math.floor(near / PHASES) + 1 - reach;
    let sum = 0;
    for (let i = 0; i < kernel.length; i++) sum += (samples[begin + i] ?? 0) * kernel[i]!;
    return sum;
  }

  return {
    push: (samples) => {
      const all = new Float32Array(kept.length + samples.length);
      all.set(kept);
      all.set(samples, kept.length);
      const out: number[] = [];
      for (; at + reach < all.length; at += step) {
        out.push(Math.max(-32768, Math.min(32767, Math.round(sampleAt(all, at) * 32767))));
      }
      const drop = Math.max(0, Math.floor(at) - reach);
      kept = all.slice(drop);
      at -= drop;
      return Int16Array.from(out);
    },
  };
}
