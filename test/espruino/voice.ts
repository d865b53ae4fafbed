// Something like a voice, to put in front of a microphone.

/** Samples per second. */
export const VOICE_RATE = 16_000;

/** Seconds of a voice-like sound: a buzz whose pitch and loudness move, 16 kHz PCM of 16 bits. */
export function voice(seconds: number): Buffer {
  const samples = Buffer.alloc(seconds * VOICE_RATE * 2);
  let phase = 0;
  for (let i = 0; i < seconds * VOICE_RATE; i++) {
    const t = i / VOICE_RATE;
    phase += (180 + 60 * Math.sin(2 * Math.PI * 1.3 * t)) / VOICE_RATE;
    const loudness = 0.6 + 0.4 * Math.sin(2 * Math.PI * 3.1 * t);
    let sum = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic++)
      sum += Math.sin(2 * Math.PI * harmonic * phase) / harmonic;
    samples.writeInt16LE(Math.round(6000 * loudness * sum), i * 2);
  }
  return samples;
}

/** The same as a WAV file. */
export function voiceFile(seconds: number): Buffer {
  const samples = voice(seconds);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  // PCM, one channel, 16 bits.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(VOICE_RATE, 24);
  head.writeUInt32LE(VOICE_RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** Normalised correlation of samples [from, to) of `a` with `b`, late by `lag` samples: 1 for the same sound at whatever loudness. */
export function likeness(a: Buffer, b: Buffer, lag: number, from: number, to: number): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = from; i < to; i++) {
    const x = a.readInt16LE(i * 2);
    const y = b.readInt16LE((i + lag) * 2);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
