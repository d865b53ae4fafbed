// The playing half of the simulated `plush` library: ring, Opus decoder and speaker, paced by the clock.
import { Decoder } from '@evan/opus';
import { parseVoicePacket, SAMPLES_PER_MS } from '#protocol/audio/packet.ts';
import { PRE_SKIP_SAMPLES } from '#protocol/audio/stream.ts';
import type { Plush } from '../native/native.d.ts';
import { SCORE } from '../sounds/score.ts';
import type { Life } from './life.ts';
import { SAMPLE_HZ, type Speaker } from './sound.ts';

/** Bytes of packet stream that wait to be heard; about 4 s. */
export const RING_BYTES = 8192;
/** Samples that a decoder at 16 kHz gives before the first one that was recorded. */
const SKIP_SAMPLES = (PRE_SKIP_SAMPLES * SAMPLE_HZ) / (SAMPLES_PER_MS * 1000);
/** How soon a player that has run dry looks again. */
const DRY_MS = 20;

/** `plush.play` to `plush.tone`. */
export type Player = Pick<Plush, 'play' | 'write' | 'end' | 'isPlaying' | 'halt' | 'tone'>;

export function createPlayer(
  life: Life,
  speaker: Speaker,
  changed: (isOpen: boolean) => void,
  taken: (packet: Uint8Array) => void = () => {},
): Player {
  const ring = new Uint8Array(RING_BYTES);
  let held = 0;
  let decoder = createDecoder();
  let toSkip = 0;
  let isPlaying = false;
  let isEnding = false;
  let cancel = () => {};

  // The next packet in the ring; 'dry' while it is not there yet, 'over' where the stream ends.
  function take(): Uint8Array | 'dry' | 'over' {
    const missing = isEnding ? 'over' : 'dry';
    if (held === 0) return missing;
    let length = ring[0]!;
    let head = 1;
    if (length === 0) return 'over';
    if (length >= 128) {
      if (held < 2) return missing;
      length = (length & 127) | (ring[1]! << 7);
      head = 2;
    }
    if (head + length > RING_BYTES) return 'over';
    if (held < head + length) return missing;
    const packet = ring.slice(head, head + length);
    ring.copyWithin(0, head + length, held);
    held -= head + length;
    taken(packet);
    return packet;
  }

  function tick(): void {
    const packet = take();
    if (packet === 'dry') {
      cancel = life.after(DRY_MS, tick);
      return;
    }
    const durationMs = packet === 'over' ? 0 : hear(packet);
    if (durationMs === 0) halt();
    else cancel = life.after(durationMs, tick);
  }

  // Milliseconds of the packet; 0 if it is broken.
  function hear(packet: Uint8Array): number {
    let samples: Int16Array;
    let durationMs: number;
    try {
      durationMs = parseVoicePacket(packet).samples / SAMPLES_PER_MS;
      const decoded = decoder.decode(packet);
      samples = new Int16Array(decoded.slice().buffer);
    } catch {
      return 0;
    }
    const skipped = Math.min(toSkip, samples.length);
    toSkip -= skipped;
    speaker.write(samples.subarray(skipped));
    return durationMs;
  }

  function halt(): void {
    if (!isPlaying) return;
    cancel();
    isPlaying = false;
    speaker.close();
    changed(false);
  }

  return {
    play: (volume) => {
      halt();
      decoder = createDecoder();
      held = 0;
      toSkip = SKIP_SAMPLES;
      isEnding = false;
      isPlaying = true;
      speaker.open(volume);
      changed(true);
      cancel = life.after(DRY_MS, tick);
    },
    write: (bytes, offset, length) => {
      if (!isPlaying || isEnding) return 0;
      const taken = Math.min(length, RING_BYTES - held);
      ring.set(bytes.subarray(offset, offset + taken), held);
      held += taken;
      return taken;
    },
    end: () => {
      isEnding = true;
    },
    isPlaying: () => isPlaying,
    halt,
    tone: (sound, volume) => {
      if (!Number.isInteger(sound) || sound < 0 || sound >= SCORE.length) throw new Error('no such sound');
      // A message is not cut short by a beep.
      if (!isPlaying) speaker.tone(sound, volume);
    },
  };
}

function createDecoder(): Decoder {
  return new Decoder({ channels: 1, sample_rate: SAMPLE_HZ });
}
