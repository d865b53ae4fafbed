// Decodes Opus where the browser does not: WebAssembly in a worker, so that hostile packets meet neither the page nor its clock.
import { OpusDecoder } from 'opus-decoder';

export interface ToDecode {
  packets: Uint8Array[];
  /** Samples of 16 kHz to drop at the start. */
  preSkip: number;
}

/** The samples, or null where a packet did not decode. */
export type Decoded = Float32Array<ArrayBuffer> | null;

const SOUND_HZ = 16_000;

globalThis.onmessage = async ({ data: { packets, preSkip } }: MessageEvent<ToDecode>) => {
  const decoder = new OpusDecoder({ sampleRate: SOUND_HZ, channels: 1, preSkip });
  await decoder.ready;
  const parts: Float32Array[] = [];
  for (const packet of packets) {
    const { channelData, errors } = decoder.decodeFrame(packet);
    if (errors.length > 0) return answer(null);
    parts.push(channelData[0]!);
  }
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  answer(samples);
};

function answer(decoded: Decoded): void {
  // A worker's own postMessage; the dom library thinks of a window's.
  (globalThis.postMessage as (message: unknown, transfer: Transferable[]) => void)(
    decoded,
    decoded === null ? [] : [decoded.buffer],
  );
}
