// What the encoder made, as a message that every toy takes: within a clip's length and bytes, and with a header that tells the truth.
import { readOgg, writeOgg } from '#protocol/audio/ogg.ts';
import { parseVoicePacket, SAMPLES_PER_MS } from '#protocol/audio/packet.ts';
import {
  joinPackets,
  MAX_CLIP_MS,
  MAX_STREAM_BYTES,
  PRE_SKIP_SAMPLES,
  validateStream,
} from '#protocol/audio/stream.ts';
import type { Recording } from '../model.ts';

/**
 * A recording of opus-recorder's file. Its claimed pre-skip of 3840 is put right to 312; what a clip cannot hold is cut off its end.
 * @param heardMs what was said; the encoder's filling after it is not played.
 * @param serial u32 of the file; any value.
 * Faults: `audio-ogg`, and those of `validateStream`, if the encoder made something else than voice.
 */
export function recordingOf(file: Uint8Array, heardMs: number, serial: number): Recording {
  const packets: Uint8Array[] = [];
  let bytes = 0;
  let samples = 0;
  for (const packet of readOgg(file).packets) {
    const length = parseVoicePacket(packet).samples;
    if (samples + length > MAX_CLIP_MS * SAMPLES_PER_MS) break;
    bytes += joinPackets([packet]).length;
    if (bytes > MAX_STREAM_BYTES) break;
    packets.push(packet);
    samples += length;
  }
  validateStream(joinPackets(packets));
  const heard = Math.min(Math.round(heardMs * SAMPLES_PER_MS), samples - PRE_SKIP_SAMPLES);
  return { ogg: writeOgg(packets, serial, heard), durationMs: Math.round(heard / SAMPLES_PER_MS) };
}
