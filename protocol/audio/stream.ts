// The packet stream (protocol/README.md section 10): Opus packets, each after its length, as they lie on the toy, travel over the
// link and are sealed in an envelope. The bytes of a stream are hashed into stamps, so each stream has one encoding.

import { fault } from '../fault.ts';
import { parseVoicePacket, SAMPLES_PER_MS } from './packet.ts';

/** Samples at 48 kHz that every decoder drops at the start: the encoder's look-ahead, 6.5 ms (RFC 7845 section 4.2). */
export const PRE_SKIP_SAMPLES = 312;
/** Milliseconds of one clip: 60 s, and the one frame that flushes the look-ahead. */
export const MAX_CLIP_MS = 60_060;
/** Bytes of one clip's packet stream: what 124 chunks of 992 bytes hold (section 8). */
export const MAX_STREAM_BYTES = 124 * 992;
/** Largest length that two bytes of varint hold. */
const MAX_LENGTH = 16_383;

/** What a valid stream holds. */
export interface StreamSummary {
  packets: number;
  /** Bytes of the stream, without its filling. */
  bytes: number;
  /** Length of all packets; what is heard is shorter by the pre-skip. */
  durationMs: number;
}

/**
 * Writes one packet with its length at `offset` and returns the offset after it.
 * Faults: `audio-packet` for an empty packet or one over 16,383 bytes, `audio-stream` where it does not fit.
 */
export function appendPacket(out: Uint8Array, offset: number, packet: Uint8Array): number {
  const length = packet.length;
  if (length === 0 || length > MAX_LENGTH) throw fault('audio-packet');
  const head = length < 128 ? 1 : 2;
  if (offset + head + length > out.length) throw fault('audio-stream');
  out[offset] = length < 128 ? length : (length & 127) | 128;
  if (head === 2) out[offset + 1] = length >> 7;
  out.set(packet, offset + head);
  return offset + head + length;
}

/** One stream of these packets, without filling. Faults: `audio-packet`. */
export function joinPackets(packets: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const packet of packets) size += packet.length + (packet.length < 128 ? 1 : 2);
  const out = new Uint8Array(size);
  let offset = 0;
  for (const packet of packets) offset = appendPacket(out, offset, packet);
  return out;
}

/**
 * The packets of a stream, as views of it, up to its end or its filling.
 * Faults: `audio-stream` for a packet cut short, a length longer than it need be, or filling that is not zeros.
 */
export function splitPackets(stream: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  walk(stream, (packet) => packets.push(packet));
  return packets;
}

/** The stream without its filling, as a view. Faults: as `splitPackets`. */
export function withoutFilling(stream: Uint8Array): Uint8Array {
  return stream.subarray(
    0,
    walk(stream, () => {}),
  );
}

/**
 * Accepts only a stream that any toy and any player takes: every packet voice by `parseVoicePacket`, at least one of them, within
 * `MAX_CLIP_MS` and `MAX_STREAM_BYTES`. Faults: `audio-stream`, `audio-packet`, `audio-mode`, `audio-stereo`, `audio-long`.
 */
export function validateStream(stream: Uint8Array): StreamSummary {
  if (stream.length > MAX_STREAM_BYTES) throw fault('audio-long');
  let packets = 0;
  let samples = 0;
  const bytes = walk(stream, (packet) => {
    packets++;
    samples += parseVoicePacket(packet).samples;
    if (samples > MAX_CLIP_MS * SAMPLES_PER_MS) throw fault('audio-long');
  });
  if (packets === 0) throw fault('audio-stream');
  return { packets, bytes, durationMs: samples / SAMPLES_PER_MS };
}

// Returns the offset where the packets end.
function walk(stream: Uint8Array, visit: (packet: Uint8Array) => void): number {
  let at = 0;
  while (at < stream.length) {
    let length = stream[at]!;
    if (length === 0) break;
    let start = at + 1;
    if (length >= 128) {
      if (start >= stream.length) throw fault('audio-stream');
      const high = stream[start++]!;
      if (high === 0 || high > 127) throw fault('audio-stream');
      length = (length & 127) | (high << 7);
    }
    if (start + length > stream.length) throw fault('audio-stream');
    visit(stream.subarray(start, start + length));
    at = start + length;
  }
  for (let i = at; i < stream.length; i++) if (stream[i] !== 0) throw fault('audio-stream');
  return at;
}
