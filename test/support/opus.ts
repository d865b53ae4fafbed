// Opus for tests: what the simulated toy's encoder makes, and a player of the packets.
import { Decoder, Encoder } from '@evan/opus';

const PACKET_SAMPLES = 960;

/** Packets of 60 ms of `samples` (16 kHz mono), the last filled with silence, and one of silence that flushes the look-ahead. */
export function encodeVoice(samples: Int16Array, bitrate = 16_000, complexity: 0 | 10 = 0): Uint8Array[] {
  const encoder = new Encoder({ channels: 1, sample_rate: 16_000, application: 'voip' });
  encoder.complexity = complexity;
  encoder.bitrate = bitrate;
  encoder.vbr = true;
  encoder.vbr_constraint = true;
  const packets: Uint8Array[] = [];
  for (let at = 0; at < samples.length + PACKET_SAMPLES; at += PACKET_SAMPLES) {
    const frame = new Int16Array(PACKET_SAMPLES);
    frame.set(samples.subarray(at, at + PACKET_SAMPLES));
    packets.push(encoder.encode(frame).slice());
  }
  return packets;
}

/** The sound of packets, from the first sample that was recorded. */
export function decodeVoice(packets: readonly Uint8Array[]): Int16Array {
  const decoder = new Decoder({ channels: 1, sample_rate: 16_000 });
  const parts = packets.map((packet) => new Int16Array(decoder.decode(packet).slice().buffer));
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out.subarray(104);
}
