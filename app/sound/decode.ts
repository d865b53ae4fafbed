// The samples of an Ogg Opus file: checked by structure first, then decoded by the browser, or by our own decoder where it cannot.
import { readOgg, writeOgg } from '#protocol/audio/ogg.ts';
import { SAMPLES_PER_MS } from '#protocol/audio/packet.ts';
import { joinPackets, PRE_SKIP_SAMPLES, validateStream } from '#protocol/audio/stream.ts';
import { scriptAddress } from '../trusted.ts';
import type { Decoded, ToDecode } from './decode-worker.ts';
import workerUrl from './decode-worker.ts?worker&url';
import { SOUND_HZ } from './sound.ts';

const DECODED_WITHIN_MS = 15_000;
/** A browser that is this far from the length that the packets have has not understood the file. */
const TOLERANCE_MS = 100;

/** Mono samples at 16 kHz, -1 to 1. Rejects with `audio-broken` for anything that is not one whole voice message. */
export async function decodeSound(ogg: Uint8Array): Promise<Float32Array> {
  try {
    const { packets, preSkip, samples: claimed } = readOgg(ogg);
    const { durationMs } = validateStream(joinPackets(packets));
    const held = durationMs * SAMPLES_PER_MS - PRE_SKIP_SAMPLES;
    // The end of a file with another pre-skip than ours says nothing of what was said.
    const heard = preSkip === PRE_SKIP_SAMPLES ? Math.min(claimed, held) : held;
    const wanted = Math.round((heard * SOUND_HZ) / (1000 * SAMPLES_PER_MS));
    const own = await decodeNatively(writeOgg(packets, 1, heard), wanted);
    return (own ?? (await decodeInWorker(packets))).subarray(0, wanted);
  } catch (error) {
    throw new Error('audio-broken', { cause: error });
  }
}

async function decodeNatively(ogg: Uint8Array, wanted: number): Promise<Float32Array | null> {
  try {
    // The rate of the context is that of the result; it needs no sound device and no touch.
    const context = new OfflineAudioContext(1, 1, SOUND_HZ);
    const samples = (await context.decodeAudioData(Uint8Array.from(ogg).buffer)).getChannelData(0);
    return Math.abs(samples.length - wanted) <= (TOLERANCE_MS * SOUND_HZ) / 1000 ? samples : null;
  } catch {
    return null;
  }
}

function decodeInWorker(packets: Uint8Array[]): Promise<Float32Array> {
  const worker = new Worker(scriptAddress(workerUrl), { type: 'module' });
  return new Promise<Float32Array>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('audio-broken')), DECODED_WITHIN_MS);
    worker.onerror = () => reject(new Error('audio-broken'));
    worker.onmessage = ({ data }: MessageEvent<Decoded>) => {
      clearTimeout(timer);
      if (data === null) reject(new Error('audio-broken'));
      else resolve(data);
    };
    const preSkip = (PRE_SKIP_SAMPLES * SOUND_HZ) / (1000 * SAMPLES_PER_MS);
    worker.postMessage({ packets, preSkip } satisfies ToDecode);
  }).finally(() => worker.terminate());
}
