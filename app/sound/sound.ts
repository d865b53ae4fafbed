// A decoded message as numbers: what is drawn of it, and the file that the browser plays.
import { ascii, putU16, putU32 } from '#protocol/bytes.ts';

/** Samples a second of what is decoded and played. */
export const SOUND_HZ = 16_000;
/** Bars that are drawn of one message. */
export const PEAKS = 64;
const HEAD_BYTES = 44;

/** How loud each sixty-fourth is, 0 to 1, the loudest being 1; all 0 for silence. */
export function peaksOf(samples: Float32Array): number[] {
  const peaks = Array.from({ length: PEAKS }, (_, i) => {
    const from = Math.floor((i * samples.length) / PEAKS);
    const to = Math.floor(((i + 1) * samples.length) / PEAKS);
    let power = 0;
    for (let at = from; at < to; at++) power += samples[at]! * samples[at]!;
    return Math.sqrt(power / Math.max(1, to - from));
  });
  const greatest = Math.max(...peaks);
  // Below a step of 16 bits there is nothing to be heard.
  return greatest < 1 / 32_768 ? peaks.fill(0) : peaks.map((peak) => peak / greatest);
}

/** A WAV file of mono samples at 16 kHz, 16 bits each: every browser plays it, seeks in it and keeps its pitch at other speeds. */
export function wavOf(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(HEAD_BYTES + samples.length * 2);
  file.set(ascii('RIFF'));
  putU32(file, 4, file.length - 8);
  file.set(ascii('WAVEfmt '), 8);
  putU32(file, 16, 16); // bytes of the format
  putU16(file, 20, 1); // PCM
  putU16(file, 22, 1); // channels
  putU32(file, 24, SOUND_HZ);
  putU32(file, 28, SOUND_HZ * 2); // bytes a second
  putU16(file, 32, 2); // bytes of a sample
  putU16(file, 34, 16); // bits of a sample
  file.set(ascii('data'), 36);
  putU32(file, 40, samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const sample = Math.round(Math.min(1, Math.max(-1, samples[i]!)) * 32_767);
    putU16(file, HEAD_BYTES + i * 2, sample & 0xffff);
  }
  return file;
}
