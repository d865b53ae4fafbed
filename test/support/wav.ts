// What tests ask of sound: how alike two recordings are, how loud one is, and simple signals.

/** The best normalised correlation of `heard` with `said`, and by how many samples `heard` is late. Searches `maxDelay` either way. */
export function likeness(
  said: Int16Array,
  heard: Int16Array,
  maxDelay: number,
): { correlation: number; delay: number } {
  let best = { correlation: -1, delay: 0 };
  for (let delay = -maxDelay; delay <= maxDelay; delay++) {
    const correlation = correlate(said, heard, delay);
    if (correlation > best.correlation) best = { correlation, delay };
  }
  return best;
}

/** Root mean square of samples, 0 to 32768. */
export function loudness(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** A sine of `frequencyHz`, `seconds` long, at `sampleHz`, from -`peak` to `peak`. */
export function sine(frequencyHz: number, seconds: number, sampleHz = 16_000, peak = 8_000): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * sampleHz) }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * frequencyHz * i) / sampleHz)),
  );
}

function correlate(said: Int16Array, heard: Int16Array, delay: number): number {
  let cross = 0;
  let saidPower = 0;
  let heardPower = 0;
  const from = Math.max(0, -delay);
  const to = Math.min(said.length, heard.length - delay);
  for (let i = from; i < to; i++) {
    const a = said[i]!;
    const b = heard[i + delay]!;
    cross += a * b;
    saidPower += a * a;
    heardPower += b * b;
  }
  return cross / Math.sqrt(Math.max(1, saidPower * heardPower));
}
