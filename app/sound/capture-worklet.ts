// Runs beside the microphone in the audio thread: hands what it hears to the page, a few hundredths of a second at a time.

/** Samples of one message to the page: 43 ms at 48 kHz. */
const BURST = 2048;

class Capture extends AudioWorkletProcessor {
  #burst = new Float32Array(BURST);
  #filled = 0;

  constructor() {
    super();
    // The page asks for the rest when it stops, so that no last word is lost.
    this.port.onmessage = () => this.#hand('rest');
  }

  process(inputs: Float32Array[][]): boolean {
    const heard = inputs[0]?.[0];
    if (heard === undefined) return true;
    if (this.#filled + heard.length > BURST) this.#hand('burst');
    this.#burst.set(heard, this.#filled);
    this.#filled += heard.length;
    return true;
  }

  #hand(kind: 'burst' | 'rest'): void {
    const samples = this.#burst.slice(0, this.#filled);
    this.#filled = 0;
    this.port.postMessage({ kind, samples }, [samples.buffer]);
  }
}

registerProcessor('pawpost-capture', Capture);
