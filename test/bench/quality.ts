// How speech sounds after the toy's codec: intelligibility and spectral distance over ten utterances, and a control that must fail.
import { decodeVoice, encodeVoice } from '#test/support/opus.ts';
import { align } from './quality/align.ts';
import { logSpectralDistance } from './quality/distance.ts';
import { intelligibility } from './quality/stoi.ts';
import { fetchUtterances, type Utterance } from './quality/utterances.ts';
import { type Row, row } from './row.ts';

/** What turns 16 kHz mono speech into Opus packets: the path that is judged. */
export type EncodePath = (samples: Int16Array) => Promise<readonly Uint8Array[]>;

/** The toy's own rate, and one at which its band narrows. */
const TOY_BPS = 16_000;
const CONTROL_BPS = 12_000;
/** The same libopus taking all the time it wants. */
const BEST_COMPLEXITY = 10;

interface Score {
  name: string;
  intelligibility: number;
  distanceDb: number;
  bps: number;
}

/**
 * Rows for `encodePath`; the simulated toy's encoder if left out. Or why there are none, where the utterances cannot be
 * fetched. The baseline is the same libopus at 16 kbit/s and complexity 10.
 */
export async function benchQuality(
  encodePath: EncodePath = async (samples) => encodeVoice(samples, TOY_BPS),
): Promise<Row[] | string> {
  const utterances = fetchUtterances();
  if (typeof utterances === 'string') return utterances;
  const toy = await judge(utterances, encodePath);
  const best = await judge(utterances, async (samples) => encodeVoice(samples, TOY_BPS, BEST_COMPLEXITY));
  const control = await judge(utterances, async (samples) => encodeVoice(samples, CONTROL_BPS));
  const vague = worst(toy, (score) => -score.intelligibility);
  const far = worst(toy, (score) => score.distanceDb);
  const at = (scores: Score[], pick: (score: Score) => number) => mean(scores.map(pick));
  return [
    row('speech, STOI, mean of 10', at(toy, intelligible), '', at(best, intelligible), {
      of: 'value',
      atLeast: 0.96,
    }),
    row('speech, log-spectral distance, mean of 10', at(toy, distance), 'dB', at(best, distance), {
      of: 'value',
      atMost: 5,
    }),
    row(`speech, STOI, worst (${vague.name})`, vague.intelligibility, '', null, null),
    row(`speech, log-spectral distance, worst (${far.name})`, far.distanceDb, 'dB', null, null),
    row(
      'speech, bit rate of the packets',
      at(toy, (score) => score.bps),
      'bit/s',
      at(best, (score) => score.bps),
      null,
    ),
    row('speech at 12 kbit/s, distance: must be over 5 dB', at(control, distance), 'dB', null, {
      of: 'value',
      atLeast: 5.001,
    }),
  ];
}

async function judge(utterances: readonly Utterance[], encodePath: EncodePath): Promise<Score[]> {
  const scores: Score[] = [];
  for (const { name, samples } of utterances) {
    const packets = await encodePath(samples);
    const pair = align(samples, decodeVoice(packets));
    const bytes = packets.reduce((sum, packet) => sum + packet.length, 0);
    scores.push({
      name,
      intelligibility: await intelligibility(pair),
      distanceDb: logSpectralDistance(pair),
      bps: (bytes * 8 * 16_000) / samples.length,
    });
  }
  return scores;
}

function intelligible(score: Score): number {
  return score.intelligibility;
}

function distance(score: Score): number {
  return score.distanceDb;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function worst(scores: readonly Score[], badness: (score: Score) => number): Score {
  return scores.reduce((bad, score) => (badness(score) > badness(bad) ? score : bad));
}
