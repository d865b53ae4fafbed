// The toy's built-in sounds, sung by this page as the toy's C sings them.
import { SAMPLE_HZ } from '#firmware/sounds/mouth.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { singSound } from '#firmware/sounds/table.ts';

/** Sound `number` of the score at `volume` percent, into `destination`; nothing for a number that is none. Returns what plays. */
export function playSound(
  destination: AudioNode,
  number: number,
  volume: number,
): AudioBufferSourceNode | null {
  if (SCORE[number] === undefined) return null;
  const { context } = destination;
  const samples = Float32Array.from(singSound(number, volume), (sample) => sample / 32768);
  const buffer = context.createBuffer(1, samples.length, SAMPLE_HZ);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(destination);
  source.start();
  return source;
}
