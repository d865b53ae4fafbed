// Sound to packet streams and back, for a family's device without a browser.
import { OpusDecoder } from 'opus-decoder';
import { createVoiceEncoder } from '#firmware/simulator/recorder.ts';
import { SAMPLE_HZ } from '#firmware/simulator/sound.ts';
import { joinPackets, PRE_SKIP_SAMPLES, splitPackets, validateStream } from '#protocol/audio/stream.ts';

const PACKET_SAMPLES = (SAMPLE_HZ * 60) / 1000;
const PRE_SKIP = (PRE_SKIP_SAMPLES * SAMPLE_HZ) / 48_000;

/**
 * 16 kHz mono samples as a packet stream that a toy can play, with one silent packet more to bring out the encoder's look-ahead.
 * Faults: `audio-long` for more than a minute.
 */
export function encodeSpeech(samples: Int16Array): Uint8Array {
  const encoder = createVoiceEncoder();
  const packets: Uint8Array[] = [];
  for (let at = 0; at < samples.length; at += PACKET_SAMPLES) {
    const frame = new Int16Array(PACKET_SAMPLES);
    frame.set(samples.subarray(at, at + PACKET_SAMPLES));
    packets.push(encoder.encode(frame).slice());
  }
  packets.push(encoder.encode(new Int16Array(PACKET_SAMPLES)).slice());
  const stream = joinPackets(packets);
  validateStream(stream);
  return stream;
}

/** The 16 kHz mono samples of a packet stream, decoded in WebAssembly, where a hostile packet can do no harm. Faults: as `validateStream`. */
export async function decodeSpeech(stream: Uint8Array): Promise<Int16Array> {
  validateStream(stream);
  const decoder = new OpusDecoder({ sampleRate: SAMPLE_HZ, channels: 1 });
  await decoder.ready;
  const { channelData } = decoder.decodeFrames(splitPackets(stream));
  decoder.free();
  const samples = channelData[0] ?? new Float32Array(0);
  return Int16Array.from(samples.subarray(PRE_SKIP), (sample) =>
    Math.max(-32768, Math.min(32767, Math.round(sample * 32767))),
  );
}
