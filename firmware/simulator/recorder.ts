// The recording half of the simulated `plush` library: microphone, Opus encoder and ring, paced by the clock.
import { Encoder } from '@evan/opus';
import { appendPacket } from '#protocol/audio/stream.ts';
import type { Plush } from '../native/native.d.ts';
import type { Clock } from './clock.ts';
import type { Life } from './life.ts';
import { LEVEL_NOTHING, levelOf, meanSquareOf } from './selftest.ts';
import { type Microphone, SAMPLE_HZ } from './sound.ts';

/** Bytes of packets that wait for the program; about 4 s. */
export const RING_BYTES = 8192;
/** Milliseconds of one packet. */
export const PACKET_MS = 60;
const PACKET_SAMPLES = (SAMPLE_HZ * PACKET_MS) / 1000;

/** Packets of the second that `level` looks back on. */
const LEVEL_PACKETS = 17;

/** `plush.record` to `plush.level`, and what the power switch does. */
export interface Recorder
  extends Pick<Plush, 'record' | 'read' | 'stop' | 'recordedMs' | 'dropped' | 'level'> {
  readonly isOpen: boolean;
  /** Closes the microphone without a last packet. */
  abandon(): void;
}

export function createRecorder(
  life: Life,
  clock: Clock,
  microphone: Microphone,
  changed: (isOpen: boolean) => void,
  made: (packet: Uint8Array) => void = () => {},
): Recorder {
  const silence = new Int16Array(PACKET_SAMPLES);
  let encoder = createVoiceEncoder();
  let ring: Uint8Array[] = [];
  let ringBytes = 0;
  let packets = 0;
  let dropped = 0;
  let startedMs = 0;
  let isOpen = false;
  let loudness: number[] = [];
  let cancel = () => {};

  function encode(samples: Int16Array): void {
    const packet = encoder.encode(samples).slice();
    packets++;
    made(packet);
    const framed = packet.length + (packet.length < 128 ? 1 : 2);
    if (ringBytes + framed > RING_BYTES) {
      dropped++;
      return;
    }
    const entry = new Uint8Array(framed);
    appendPacket(entry, 0, packet);
    ring.push(entry);
    ringBytes += framed;
  }

  // However late the clock calls, each packet holds its own 60 ms.
  function tick(): void {
    while (clock.now() - startedMs >= (packets + 1) * PACKET_MS) {
      const samples = microphone.take(PACKET_SAMPLES);
      loudness = [...loudness, meanSquareOf(samples)].slice(-LEVEL_PACKETS);
      encode(samples);
    }
    cancel = life.after(startedMs + (packets + 1) * PACKET_MS - clock.now(), tick);
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    cancel();
    microphone.close();
    changed(false);
  }

  return {
    get isOpen() {
      return isOpen;
    },
    record: () => {
      close();
      encoder = createVoiceEncoder();
      ring = [];
      ringBytes = 0;
      packets = 0;
      dropped = 0;
      loudness = [];
      startedMs = clock.now();
      isOpen = true;
      microphone.open();
      changed(true);
      cancel = life.after(PACKET_MS, tick);
    },
    read: (out, offset, length) => {
      let moved = 0;
      for (let next = ring[0]; next !== undefined && moved + next.length <= length; next = ring[0]) {
        out.set(next, offset + moved);
        moved += next.length;
        ringBytes -= next.length;
        ring.shift();
      }
      return moved;
    },
    stop: () => {
      if (!isOpen) return;
      close();
      encode(silence);
    },
    recordedMs: () => packets * PACKET_MS,
    dropped: () => dropped,
    level: () =>
      isOpen && loudness.length > 0
        ? levelOf(loudness.reduce((sum, each) => sum + each, 0) / loudness.length)
        : LEVEL_NOTHING,
    abandon: close,
  };
}

/** The toy's encoder: 16 kHz mono, VOIP, 16 kbit/s constrained VBR, complexity 0, FEC and DTX off. */
export function createVoiceEncoder(): Encoder {
  const encoder = new Encoder({ channels: 1, sample_rate: SAMPLE_HZ, application: 'voip' });
  encoder.complexity = 0;
  encoder.bitrate = 16_000;
  encoder.vbr = true;
  encoder.vbr_constraint = true;
  encoder.inband_fec = false;
  encoder.dtx = false;
  return encoder;
}
