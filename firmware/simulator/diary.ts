// What could be seen and heard of the simulated toy, and when.
import type { Clock } from './clock.ts';
import type { Speaker } from './sound.ts';

/** Events and changes that are remembered; older ones are forgotten, for a toy that runs for weeks. */
const MEMORY = 10_000;

/** Something that was seen, heard or happened. */
export type ToyHappening =
  | { kind: 'boot'; reason: string }
  | { kind: 'off'; reason: string }
  | { kind: 'heart'; isLit: boolean }
  | { kind: 'microphone'; isOpen: boolean }
  | { kind: 'speaker'; isOpen: boolean }
  | { kind: 'tone'; sound: number }
  | { kind: 'print'; text: string }
  | { kind: 'error'; message: string };

/** The same, at a moment of the toy's clock. */
export type ToyEvent = ToyHappening & { atMs: number };

export interface Heart {
  readonly isLit: boolean;
  /** All changes since the object was made, the last 10,000. */
  readonly history: readonly { atMs: number; isLit: boolean }[];
}

export interface Diary extends Heart {
  readonly events: readonly ToyEvent[];
  onEvent(listener: (event: ToyEvent) => void): () => void;
  note(happened: ToyHappening): void;
  heart(isLit: boolean): void;
  /** The same speaker, whose tones are noted. */
  overhear(speaker: Speaker): Speaker;
}

export function createDiary(clock: Clock): Diary {
  const events: ToyEvent[] = [];
  const history: { atMs: number; isLit: boolean }[] = [];
  const listeners = new Set<(event: ToyEvent) => void>();
  let isLit = false;

  function note(happened: ToyHappening): void {
    const event = { atMs: clock.now(), ...happened };
    events.push(event);
    if (events.length > MEMORY) events.shift();
    for (const listener of [...listeners]) listener(event);
  }

  return {
    events,
    history,
    get isLit() {
      return isLit;
    },
    note,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    heart: (lit) => {
      if (lit === isLit) return;
      isLit = lit;
      history.push({ atMs: clock.now(), isLit });
      if (history.length > MEMORY) history.shift();
      note({ kind: 'heart', isLit });
    },
    overhear: (speaker) => ({
      open: (volume) => speaker.open(volume),
      write: (samples) => speaker.write(samples),
      close: () => speaker.close(),
      tone: (sound, volume) => {
        note({ kind: 'tone', sound });
        speaker.tone(sound, volume);
      },
    }),
  };
}
