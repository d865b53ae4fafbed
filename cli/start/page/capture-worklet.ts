// Runs beside the microphone in the audio thread: turns what it hears into the toy's samples and hands them to the page.
import { createResampler } from './resample.ts';

const TOY_HZ = 16_000;
/** Samples of one message to the page: 20 ms. */
const BURST = 320;

class Capture extends AudioWorkletProcessor {
  readonly #resampler = createResampler(sampleRate, TOY_HZ);
  #waiting: number[] = [];

  process(inputs: Float32Array[][]): boolean {
    const heard = inputs[0]?.[0];
    if (heard !== undefined) {
      this.#waiting.push(...this.#resampler.push(heard));
      while (this.#waiting.length >= BURST) {
        const burst = Int16Array.from(this.#waiting.splice(0, BURST));
        this.port.postMessage(burst.buffer, [burst.buffer]);
      }
    }
    return true;
  }
}

registerProcessor('pawpost-capture', Capture);
