// Plays one message: an <audio> element over a WAV of what was decoded, which seeks at once and keeps the pitch at every speed.
import { type ReadonlySignal, signal } from '@preact/signals';
import { decodeSound } from './decode.ts';
import { peaksOf, SOUND_HZ, wavOf } from './sound.ts';

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Player {
  readonly durationMs: number;
  /** 64 numbers, 0 to 1, the loudest being 1. */
  readonly peaks: readonly number[];
  readonly positionMs: ReadonlySignal<number>;
  readonly isPlaying: ReadonlySignal<boolean>;
  /** From where it stands; from the beginning if it stands at the end. Rejects with `audio-refused` if the browser will not play. */
  play(): Promise<void>;
  pause(): void;
  /** Moves there, within the message; it plays on if it was playing. */
  seek(ms: number): void;
  setSpeed(speed: Speed): void;
  /** Silent, and forgotten by the browser. Nothing may be called after it. */
  close(): void;
}

/** Decodes a message and makes it ready to be heard. Rejects with `audio-broken` if it is not one whole voice message. */
export async function openPlayer(ogg: Uint8Array): Promise<Player> {
  const samples = await decodeSound(ogg);
  const durationMs = Math.round((samples.length / SOUND_HZ) * 1000);
  const positionMs = signal(0);
  const isPlaying = signal(false);
  const address = URL.createObjectURL(new Blob([wavOf(samples)], { type: 'audio/wav' }));
  const audio = new Audio();
  audio.preload = 'auto';
  audio.preservesPitch = true;
  let frame = 0;

  const look = () => {
    positionMs.value = Math.min(durationMs, audio.currentTime * 1000);
  };
  const follow = () => {
    look();
    frame = requestAnimationFrame(follow);
  };
  const rest = () => {
    cancelAnimationFrame(frame);
    isPlaying.value = false;
    look();
  };
  audio.onplaying = () => {
    cancelAnimationFrame(frame);
    isPlaying.value = true;
    follow();
  };
  audio.onpause = rest;
  audio.onended = () => {
    rest();
    positionMs.value = durationMs;
  };
  audio.onseeked = look;
  // A page in the background draws no frames.
  audio.ontimeupdate = look;
  audio.src = address;

  return {
    durationMs,
    peaks: peaksOf(samples),
    positionMs,
    isPlaying,
    async play() {
      try {
        await audio.play();
      } catch (error) {
        // A pause that came in between is no failure.
        if ((error as DOMException).name !== 'AbortError') throw new Error('audio-refused', { cause: error });
      }
    },
    pause: () => audio.pause(),
    seek(ms) {
      const at = Math.min(durationMs, Math.max(0, ms));
      positionMs.value = at;
      audio.currentTime = at / 1000;
    },
    setSpeed(speed) {
      // The default is what a newly loaded source falls back to.
      audio.defaultPlaybackRate = speed;
      audio.playbackRate = speed;
    },
    close() {
      cancelAnimationFrame(frame);
      audio.onplaying = audio.onpause = audio.onended = audio.onseeked = audio.ontimeupdate = null;
      audio.pause();
      isPlaying.value = false;
      audio.removeAttribute('src');
      audio.load();
      URL.revokeObjectURL(address);
    },
  };
}
