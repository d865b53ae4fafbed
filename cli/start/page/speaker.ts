// This computer's speaker as the toy's: samples one after the other without gaps, and the built-in sounds.
import { playSound } from './sounds.ts';

const TOY_HZ = 16_000;
/** Sound is played this much later than it comes: the network of this machine is not quite even. */
const CUSHION_S = 0.12;

export interface Speaker {
  /** Browsers let a page sound only after the person has touched it. */
  wake(): void;
  /** Percent. */
  setVolume(volume: number): void;
  play(samples: ArrayBuffer): void;
  tone(sound: number, volume: number): void;
  /** Silence at once. */
  halt(): void;
  /** Seconds of sound that have been played or wait to be. */
  readonly playedS: number;
}

export function createSpeaker(): Speaker {
  // At the toy's own rate, so that pieces join without resampling each on its own.
  const context = new AudioContext({ sampleRate: TOY_HZ });
  let voice = context.createGain();
  let nextAt = 0;
  let playedS = 0;
  let singing: AudioBufferSourceNode | null = null;
  voice.connect(context.destination);

  return {
    wake: () => {
      if (context.state === 'suspended') void context.resume();
    },
    setVolume: (volume) => {
      voice.gain.value = volume / 100;
    },
    play: (samples) => {
      const heard = Float32Array.from(new Int16Array(samples), (sample) => sample / 32768);
      if (heard.length === 0) return;
      const buffer = context.createBuffer(1, heard.length, TOY_HZ);
      buffer.copyToChannel(heard, 0);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(voice);
      if (nextAt < context.currentTime + 0.01) nextAt = context.currentTime + CUSHION_S;
      source.start(nextAt);
      nextAt += buffer.duration;
      playedS += buffer.duration;
    },
    tone: (sound, volume) => {
      // The toy has one voice: a sound ends the one before.
      singing?.stop();
      singing = playSound(context.destination, sound, volume);
    },
    halt: () => {
      const gain = voice.gain.value;
      voice.disconnect();
      voice = context.createGain();
      voice.gain.value = gain;
      voice.connect(context.destination);
      nextAt = 0;
    },
    get playedS() {
      return playedS;
    },
  };
}
