// How unlike two sounds are to an ear behind a small speaker: bands of loudness over time, one of the two stretched to fit the other.

const FRAME = 512;
const STEP = 400; // 25 ms
/** Edges of the bands in Hz: what lies below the first, a speaker of 28 mm does not give. */
const EDGES = [350, 470, 600, 760, 950, 1200, 1500, 1900, 2400, 3000, 3800, 4800, 6500];
const FLOOR_DB = -36;

/** Frames of band levels in dB against the sound's loudest, none below FLOOR_DB. */
export function bandsOf(samples: Int16Array): number[][] {
  const powers: number[][] = [];
  for (let at = 0; at + FRAME <= samples.length + STEP; at += STEP) {
    const spectrum = powerSpectrum(samples, at);
    powers.push(
      EDGES.slice(1).map((edge, band) => {
        let sum = 0;
        for (let bin = 1; bin < FRAME / 2; bin++) {
          const hz = (bin * 16_000) / FRAME;
          if (hz >= EDGES[band]! && hz < edge) sum += spectrum[bin]!;
        }
        return sum;
      }),
    );
  }
  const most = Math.max(1, ...powers.flat());
  return powers.map((frame) =>
    frame.map((power) => Math.max(FLOOR_DB, 10 * Math.log10(Math.max(power, 1e-9) / most))),
  );
}

function powerSpectrum(samples: Int16Array, at: number): Float64Array {
  const re = new Float64Array(FRAME);
  const im = new Float64Array(FRAME);
  for (let i = 0; i < FRAME; i++)
    re[reversed(i)] = (samples[at + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME));
  for (let half = 1; half < FRAME; half *= 2) {
    for (let i = 0; i < FRAME; i++) {
      if (i & half) continue;
      const angle = (-Math.PI * (i % half)) / half;
      const j = i + half;
      const turnedRe = re[j]! * Math.cos(angle) - im[j]! * Math.sin(angle);
      const turnedIm = re[j]! * Math.sin(angle) + im[j]! * Math.cos(angle);
      [re[j], im[j]] = [re[i]! - turnedRe, im[i]! - turnedIm];
      [re[i], im[i]] = [re[i]! + turnedRe, im[i]! + turnedIm];
    }
  }
  return re.map((value, i) => value * value + im[i]! * im[i]!);
}

const BITS = Math.log2(FRAME);
function reversed(index: number): number {
  let out = 0;
  for (let bit = 0; bit < BITS; bit++) out |= ((index >> bit) & 1) << (BITS - 1 - bit);
  return out;
}

/** dB a band and frame by which two sounds differ, along the best way through both (dynamic time warping). */
export function distance(a: number[][], b: number[][]): number {
  let row: [cost: number, steps: number][] = [];
  a.forEach((frame, i) => {
    const next: [number, number][] = [];
    b.forEach((other, j) => {
      const here = Math.sqrt(
        frame.reduce((sum, level, k) => sum + (level - other[k]!) ** 2, 0) / frame.length,
      );
      const ways = [row[j], row[j - 1], next[j - 1]].filter((way) => way !== undefined);
      const [cost, steps] =
        i + j === 0 ? [0, 0] : ways.reduce((best, way) => (way[0] < best[0] ? way : best));
      next.push([cost + here, steps + 1]);
    });
    row = next;
  });
  const [cost, steps] = row.at(-1)!;
  return cost / steps;
}
