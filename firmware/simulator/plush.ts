// The toy's native `plush` module on a host. Like the toy's, it has memory for one direction at a time.
import type { Plush } from '../native/native.d.ts';
import type { Clock } from './clock.ts';
import type { Life } from './life.ts';
import { createPlayer } from './player.ts';
import { createRecorder } from './recorder.ts';
import { ECHO_HZ, ECHO_MS, makeTone, toneLevel } from './selftest.ts';
import type { Microphone, Speaker } from './sound.ts';

/** Samples of a tone that are played before what was heard of them is taken: 10 ms. */
const ECHO_STEP = 160;

export interface PlushWorld {
  clock: Clock;
  microphone: Microphone;
  speaker: Speaker;
  /** The microphone or the speaker has been opened or closed. */
  changed(organ: 'microphone' | 'speaker', isOpen: boolean): void;
  /** A packet of voice in clear, as the encoder made it or the decoder takes it. */
  voice?(packet: Uint8Array): void;
}

/** A microphone that a touch has opened before the program ran, and that the program has not asked for, is closed after this. */
const UNCLAIMED_MS = 10_000;

/** The module; `off`, which the power switch calls; and `wake`, by which a touch opens the microphone before the program runs: `unclaimed` if the program does not want it. */
export function createPlush(
  life: Life,
  world: PlushWorld,
): { functions: Plush; off(): void; wake(unclaimed: () => void): void } {
  const voice = (packet: Uint8Array) => world.voice?.(packet);
  const recorder = createRecorder(
    life,
    world.clock,
    world.microphone,
    (isOpen) => world.changed('microphone', isOpen),
    voice,
  );
  const player = createPlayer(life, world.speaker, (isOpen) => world.changed('speaker', isOpen), voice);
  const { record, read, recordedMs, dropped, level } = recorder;

  function echo(hz: number, ms: number, volume: number): number {
    if (!(hz >= ECHO_HZ.least && hz <= ECHO_HZ.most && ms >= ECHO_MS.least && ms <= ECHO_MS.most))
      throw new Error('no such tone');
    recorder.abandon();
    player.halt();
    const tone = makeTone(hz, ms);
    const heard = new Int16Array(tone.length);
    world.microphone.open();
    world.speaker.open(volume);
    // In steps, as a room may carry the one to the other.
    for (let at = 0; at < tone.length; at += ECHO_STEP) {
      world.speaker.write(tone.subarray(at, at + ECHO_STEP));
      heard.set(world.microphone.take(Math.min(ECHO_STEP, tone.length - at)), at);
    }
    world.speaker.close();
    world.microphone.close();
    return toneLevel(heard, hz);
  }
  let refuse: (() => void) | null = null;

  function stop(): void {
    recorder.stop();
    const unclaimed = refuse;
    refuse = null;
    unclaimed?.();
  }
  return {
    functions: {
      ...player,
      read,
      stop,
      recordedMs,
      dropped,
      level,
      echo,
      record: () => {
        player.halt();
        // What the touch has brought is the beginning of this recording.
        if (refuse === null) record();
        refuse = null;
      },
      play: (volume) => {
        recorder.abandon();
        player.play(volume);
      },
      tone: (sound, volume) => {
        // What a child says is not cut short by a beep.
        if (!recorder.isOpen) player.tone(sound, volume);
      },
    },
    wake: (unclaimed) => {
      refuse = unclaimed;
      record();
      life.after(UNCLAIMED_MS, () => {
        if (refuse !== null) stop();
      });
    },
    off: () => {
      recorder.abandon();
      player.halt();
    },
  };
}
