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
