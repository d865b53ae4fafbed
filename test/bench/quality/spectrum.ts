// Short-time spectra for the speech metrics: a radix-2 FFT and windowed frames.

/** Power spectra (size / 2 + 1 bins) of frames of `window.length` samples, `hop` apart, filled with zeros to `size`. */
export function powerSpectra(
  samples: Float64Array,
  window: Float64Array,
  hop: number,
  size: number,
): Float64Array[] {
  const frames: Float64Array[] = [];
  for (let at = 0; at + window.length <= samples.length; at += hop) {
    const re = new Float64Array(size);
    for (let i = 0; i < window.length; i++) re[i] = samples[at + i]! * window[i]!;
    frames.push(power(re));
  }
  return frames;
}

/** A Hann window of `length`; `periodic` leaves out the closing zero, as overlapping frames want it. */
export function hann(length: number, isPeriodic: boolean): Float64Array {
  const period = isPeriodic ? length : length - 1;
  return Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / period));
}

function power(re: Float64Array): Float64Array {
  const im = new Float64Array(re.length);
  transform(re, im);
  return Float64Array.from({ length: re.length / 2 + 1 }, (_, k) => re[k]! ** 2 + im[k]! ** 2);
}

// Cooley and Tukey 1965, in place.
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
    if (i >= j) continue;
    [re[i], re[j]] = [re[j]!, re[i]!];
    [im[i], im[j]] = [im[j]!, im[i]!];
  }
  for (let span = 2; span <= size; span *= 2) {
    for (let k = 0; k < span / 2; k++) {
      const cos = Math.cos((2 * Math.PI * k) / span);
      const sin = -Math.sin((2 * Math.PI * k) / span);
      for (let a = k; a < size; a += span) {
        const b = a + span / 2;
        const x = re[b]! * cos - im[b]! * sin;
        const y = re[b]! * sin + im[b]! * cos;
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a] = re[a]! + x;
        im[a] = im[a]! + y;
      }
    }
  }
}
