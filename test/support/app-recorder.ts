// opus-recorder's encoder, which the app records with, in a worker thread of Node instead of a page's worker.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

const FOLDER = dirname(createRequire(import.meta.url).resolve('opus-recorder'));

// The scope of a page's worker, as far as encoderWorker.min.js looks for it.
const SHIM = `
const { parentPort, workerData } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = function () {};
globalThis.importScripts = () => {};
globalThis.location = { href: 'file://' + workerData.folder + '/' };
globalThis.close = () => process.exit(0);
globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
globalThis.__dirname = workerData.folder;
globalThis.__filename = join(workerData.folder, 'encoderWorker.min.js');
globalThis.require = require;
let onmessage = null;
Object.defineProperty(globalThis, 'onmessage', { set: (f) => { onmessage = f; }, get: () => onmessage });
require('node:vm').runInThisContext(workerData.source, { filename: globalThis.__filename });
parentPort.on('message', (data) => onmessage && onmessage({ data }));`;

/** An Ogg Opus file of `samples` (16 kHz, -1 to 1) as the app's recorder makes it, wrong pre-skip and all. */
export function recordAsApp(samples: Float32Array): Promise<Uint8Array> {
  const source = readFileSync(join(FOLDER, 'encoderWorker.min.js'), 'utf8');
  const worker = new Worker(SHIM, { eval: true, workerData: { folder: FOLDER, source } });
  const pages: Uint8Array[] = [];
  const file = new Promise<Uint8Array>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', ({ message, page }: { message: string; page?: Uint8Array }) => {
      if (message === 'ready') {
        worker.postMessage({ command: 'getHeaderPages' });
        for (let at = 0; at < samples.length; at += 4096) {
          worker.postMessage({ command: 'encode', buffers: [samples.slice(at, at + 4096)] });
        }
        worker.postMessage({ command: 'done' });
      } else if (message === 'page' && page) pages.push(Uint8Array.from(page));
      else if (message === 'done') resolve(Buffer.concat(pages));
    });
  });
  worker.postMessage({
    command: 'init',
    encoderSampleRate: 16_000,
    originalSampleRate: 16_000,
    numberOfChannels: 1,
    encoderApplication: 2048,
    encoderBitRate: 16_000,
    encoderFrameSize: 60,
    maxFramesPerPage: 16,
    encoderComplexity: 5,
    resampleQuality: 3,
    bufferLength: 4096,
    streamPages: false,
  });
  return file.finally(() => worker.terminate());
}
