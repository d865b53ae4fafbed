// What the toy is doing, in a sentence: for those who do not see the heart, and for those who have not learnt to read it.

/** Flashes of the heart within MEMORY_MS that make it a waiting message; "sent" blinks only twice. */
const BEAT_FLASHES = 3;
const MEMORY_MS = 5_000;

const LISTENING = 'The heart glows: the toy is listening. Let go when you have finished.';
const TALKING = 'The toy is playing a message. A touch of the paw stops it.';
const WAITING = 'The heart beats: a message waits. Tap the paw to hear it.';
const RESTING = 'The heart is dark: nothing waits. Once the toy is paired, hold the paw and say something.';

export interface Mood {
  heart(isLit: boolean): void;
  microphone(isOpen: boolean): void;
  speaker(isOpen: boolean): void;
}

/** `show` gets each new sentence once. */
export function createMood(show: (text: string) => void): Mood {
  let flashes: number[] = [];
  let isListening = false;
  let isTalking = false;
  let shown = '';
  let timer = 0;

  function look(): void {
    const now = performance.now();
    flashes = flashes.filter((atMs) => now - atMs < MEMORY_MS);
    const isWaiting = flashes.length >= BEAT_FLASHES;
    const text = isListening ? LISTENING : isTalking ? TALKING : isWaiting ? WAITING : RESTING;
    if (text !== shown) show(text);
    shown = text;
    clearTimeout(timer);
    if (flashes.length > 0) timer = window.setTimeout(look, MEMORY_MS / 2);
  }

  look();
  return {
    heart: (isLit) => {
      if (isLit && !isListening) flashes.push(performance.now());
      look();
    },
    microphone: (isOpen) => {
      isListening = isOpen;
      flashes = [];
      look();
    },
    speaker: (isOpen) => {
      isTalking = isOpen;
      flashes = [];
      look();
    },
  };
}
