// opus-recorder's encoder in a worker: samples in, an Ogg Opus file out. Its page-side part is not used: it encodes in the audio
// thread, cannot flush the encoder's look-ahead, and makes code from strings, which the page forbids.
import encoderUrl from 'opus-recorder/dist/encoderWorker.min.js?url';
import { scriptAddress } from '../trusted.ts';

/** Milliseconds of one packet. */
const FRAME_MS = 60;
const VOICE = 2048;
const TOY_HZ = 16_000;
const BITS_PER_S = 16_000;
const READY_WITHIN_MS = 10_000;

export interface Encoder {
  push(samples: Float32Array): void;
  /** The whole file, with all that was pushed: a frame of silence has pushed the last of it out of the encoder. */
  finish(): Promise<Uint8Array>;
  close(): void;
}

interface Answer {
  message: 'ready' | 'page' | 'done';
  page?: Uint8Array;
}

/** Loads it and makes it ready for mono samples at `sampleHz`. Rejects, and `finish` too, with `recorder-failed`. */
export async function openEncoder(sampleHz: number): Promise<Encoder> {
  const worker = new Worker(scriptAddress(encoderUrl));
  const pages: Uint8Array[] = [];
  const ready = withResolvers<void>();
  const done = withResolvers<void>();
  const fail = () => {
    const error = new Error('recorder-failed');
    ready.reject(error);
    done.reject(error);
  };
  // Nobody may wait for one of them when the worker dies.
  done.promise.catch(() => {});
  worker.onerror = fail;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.message === 'ready') ready.resolve();
    else if (data.message === 'page') pages.push(data.page!);
    else if (data.message === 'done') done.resolve();
  };
  const frame = Math.round((sampleHz * FRAME_MS) / 1000);
  worker.postMessage({
    command: 'init',
    originalSampleRate: sampleHz,
    encoderSampleRate: TOY_HZ,
    encoderBitRate: BITS_PER_S,
    encoderApplication: VOICE,
    encoderFrameSize: FRAME_MS,
    numberOfChannels: 1,
    bufferLength: frame,
    maxFramesPerPage: 16,
    resampleQuality: 3,
  });
  const timer = setTimeout(fail, READY_WITHIN_MS);
  try {
    await ready.promise;
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  worker.postMessage({ command: 'getHeaderPages' });
  return {
    push: (samples) => worker.postMessage({ command: 'encode', buffers: [samples] }, [samples.buffer]),
    async finish() {
      worker.postMessage({ command: 'encode', buffers: [new Float32Array(frame)] });
      worker.postMessage({ command: 'done' });
      const late = setTimeout(fail, READY_WITHIN_MS);
      await done.promise.finally(() => clearTimeout(late));
      return joined(pages);
    },
    close: () => worker.terminate(),
  };
}

function joined(pages: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(pages.reduce((sum, page) => sum + page.length, 0));
  let at = 0;
  for (const page of pages) {
    file.set(page, at);
    at += page.length;
  }
  return file;
}

// Promise.withResolvers is too new for some phones.
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
