// Puts what was heard beside what was said: shifted by the codec's delay, at the same loudness. A codec is not blamed for either.

const SEARCH = 800;
const WINDOW = 32_000;

export interface Pair {
  said: Float64Array;
  heard: Float64Array;
  /** Samples by which `heard` came late. */
  delay: number;
}

/** Both cut to what they share, `heard` scaled to least squares. Searches 50 ms either way at 16 kHz. */
export function align(said: Int16Array, heard: Int16Array): Pair {
  const from = loudest(said);
  let best = { delay: 0, cross: Number.NEGATIVE_INFINITY };
  for (let delay = -SEARCH; delay <= SEARCH; delay++) {
    const cross = product(said, heard, delay, from, from + WINDOW);
    if (cross > best.cross) best = { delay, cross };
  }
  const { delay } = best;
  const start = Math.max(0, -delay);
  const end = Math.min(said.length, heard.length - delay);
  const a = Float64Array.from(said.subarray(start, end));
  const b = Float64Array.from(heard.subarray(start + delay, end + delay));
  let cross = 0;
  let power = 0;
  for (let i = 0; i < a.length; i++) {
    cross += a[i]! * b[i]!;
    power += b[i]! * b[i]!;
  }
  const gain = power > 0 ? cross / power : 1;
  return { said: a, heard: b.map((sample) => sample * gain), delay };
}

function product(a: Int16Array, b: Int16Array, delay: number, from: number, to: number): number {
  let sum = 0;
  const end = Math.min(to, a.length, b.length - delay);
  for (let i = Math.max(from, -delay); i < end; i++) sum += a[i]! * b[i + delay]!;
  return sum;
}

// Where the loudest two seconds begin, to a tenth of a second.
function loudest(samples: Int16Array): number {
  let best = { from: 0, power: -1 };
  for (let from = 0; from === 0 || from + WINDOW <= samples.length; from += 1600) {
    let power = 0;
    for (let i = from; i < Math.min(from + WINDOW, samples.length); i += 7) power += samples[i]! ** 2;
    if (power > best.power) best = { from, power };
  }
  return best.from;
}
