// How loud a moment is, as a person sees loudness.

/** Decibels below full scale that count as nothing, and as all. */
const SILENT_DB = -55;
const LOUD_DB = -10;

/** 0 for silence to 1 for loud speech near the microphone, evenly by decibels. */
export function levelOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const db = 10 * Math.log10(power / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (db - SILENT_DB) / (LOUD_DB - SILENT_DB)));
}
