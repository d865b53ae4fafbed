// From the computer's sample rate to the toy's: a windowed-sinc low pass, evaluated where the toy has a sample.

/** Zero crossings of the sinc on each side: 60 dB and more of what would fold back. */
const CROSSINGS = 16;
/** Of the toy's half rate: where the low pass begins to close. */
const PASS = 0.92;

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

  function sampleAt(samples: Float32Array, centre: number): number {
    let sum = 0;
    for (let i = Math.ceil(centre - reach); i <= centre + reach; i++) {
      const distance = i - centre;
      const x = Math.PI * distance * cutoff;
      const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
      const hann = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[i] ?? 0) * sinc * hann * cutoff;
    }
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
