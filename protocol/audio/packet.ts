// What one Opus packet says about itself, checked by structure alone (RFC 6716 section 3): half of all random bytes "decode", so
// decoding proves nothing. Nothing here looks at audio.

import { fault } from '../fault.ts';

/** Opus counts time in samples of 48 kHz, whatever the encoder was fed (RFC 6716 section 2). */
export const SAMPLES_PER_MS = 48;
/** Bytes of one frame at most (RFC 6716 section 3.2.1). */
const MAX_FRAME_BYTES = 1275;
/** A packet holds at most 120 ms (RFC 6716 R5). */
const MAX_PACKET_SAMPLES = 120 * SAMPLES_PER_MS;

/** Bytes of one packet of voice: 60 ms at 33 kbit/s; the largest seen of the toy's encoder at 16 kbit/s is 164. */
export const MAX_VOICE_PACKET_BYTES = 250;
/** Milliseconds of one packet of voice, at most; the toy's decoder has room for no more. */
export const MAX_VOICE_PACKET_MS = 60;

/** Configurations a toy plays: SILK-only, narrow, medium and wide band, in frames of 20 or 60 ms (RFC 6716 table 2). */
const VOICE_CONFIGS = [1, 3, 5, 7, 9, 11];

/** Samples at 48 kHz of one frame of each configuration, 0-31 (RFC 6716 table 2). */
const FRAME_SAMPLES = [480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960];
const CELT_FRAME_SAMPLES = [120, 240, 480, 960];

/** The structure of one packet. */
export interface Packet {
  /** 0-31: mode, bandwidth and frame size (RFC 6716 table 2). */
  config: number;
  stereo: boolean;
  /** Bytes of each frame, in order; 0 is a frame that was not sent (DTX). */
  frameBytes: number[];
  /** Length in samples of 48 kHz. */
  samples: number;
}

/**
 * Reads the structure of any Opus packet by the seven rules of RFC 6716 section 3.4.
 * Faults: `audio-packet`.
 */
export function parsePacket(bytes: Uint8Array): Packet {
  if (bytes.length < 1) throw fault('audio-packet'); // R1
  const toc = bytes[0]!;
  const config = toc >> 3;
  const frameBytes = frameLengths(bytes, toc & 3);
  for (const length of frameBytes) if (length > MAX_FRAME_BYTES) throw fault('audio-packet'); // R2
  const samples = frameBytes.length * frameSamples(config);
  if (samples > MAX_PACKET_SAMPLES) throw fault('audio-packet'); // R5
  return { config, stereo: (toc & 4) !== 0, frameBytes, samples };
}

/**
 * As `parsePacket`, and refuses what a toy does not play: anything but SILK of 20 or 60 ms frames (`audio-mode`), two channels
 * (`audio-stereo`), more than 250 bytes or 60 ms (`audio-long`).
 */
export function parseVoicePacket(bytes: Uint8Array): Packet {
  if (bytes.length > MAX_VOICE_PACKET_BYTES) throw fault('audio-long');
  const packet = parsePacket(bytes);
  if (packet.stereo) throw fault('audio-stereo');
  if (!VOICE_CONFIGS.includes(packet.config)) throw fault('audio-mode');
  if (packet.samples > MAX_VOICE_PACKET_MS * SAMPLES_PER_MS) throw fault('audio-long');
  return packet;
}

function frameSamples(config: number): number {
  return config < 16 ? FRAME_SAMPLES[config]! : CELT_FRAME_SAMPLES[config & 3]!;
}

function frameLengths(bytes: Uint8Array, code: number): number[] {
  const rest = bytes.length - 1;
  if (code === 0) return [rest];
  if (code === 1) {
    if (rest % 2 !== 0) throw fault('audio-packet'); // R3
    return [rest / 2, rest / 2];
  }
  if (code === 2) {
    const first = readLength(bytes, 1, bytes.length); // R4
    const second = bytes.length - first.next - first.length;
    if (second < 0) throw fault('audio-packet');
    return [first.length, second];
  }
  return countedLengths(bytes);
}

// Code 3 (RFC 6716 section 3.2.5): a count of frames, padding, and one size for all or one for each but the last.
function countedLengths(bytes: Uint8Array): number[] {
  if (bytes.length < 2) throw fault('audio-packet'); // R6, R7
  const count = bytes[1]! & 63;
  if (count === 0 || count * frameSamples(bytes[0]! >> 3) > MAX_PACKET_SAMPLES) throw fault('audio-packet'); // R5
  let at = 2;
  let end = bytes.length;
  if ((bytes[1]! & 0x40) !== 0) {
    let more = 255;
    while (more === 255) {
      if (at >= bytes.length) throw fault('audio-packet');
      more = bytes[at++]!;
      end -= more === 255 ? 254 : more; // 255 says 254 bytes of padding and one more length byte
    }
  }
  if (end < at) throw fault('audio-packet'); // R6, R7
  return (bytes[1]! & 0x80) !== 0 ? variableLengths(bytes, at, end, count) : equalLengths(end - at, count);
}

function equalLengths(total: number, count: number): number[] {
  if (total % count !== 0) throw fault('audio-packet'); // R6
  return new Array<number>(count).fill(total / count);
}

function variableLengths(bytes: Uint8Array, start: number, end: number, count: number): number[] {
  const lengths: number[] = [];
  let at = start;
  let total = 0;
  for (let i = 0; i < count - 1; i++) {
    const { length, next } = readLength(bytes, at, end);
    lengths.push(length);
    total += length;
    at = next;
  }
  const last = end - at - total;
  if (last < 0) throw fault('audio-packet'); // R7
  lengths.push(last);
  return lengths;
}

// RFC 6716 section 3.2.1: 0-251 in one byte, else 4 * second + first.
function readLength(bytes: Uint8Array, at: number, end: number): { length: number; next: number } {
  if (at >= end) throw fault('audio-packet');
  const first = bytes[at]!;
  if (first < 252) return { length: first, next: at + 1 };
  if (at + 1 >= end) throw fault('audio-packet');
  return { length: 4 * bytes[at + 1]! + first, next: at + 2 };
}
