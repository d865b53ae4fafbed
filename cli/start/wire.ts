// What the page and the process behind it say to each other over the websocket: JSON as here, and samples (16 kHz mono, 16 bits, little
// endian) as binary messages. From the page: what the microphone hears. To the page: what the speaker plays.

/** Subprotocol of the websocket; the page's token goes beside it. */
export const SUBPROTOCOL = 'pawpost';
/** Bytes of one binary message from the page, at most: one second. */
export const MAX_SAMPLES_BYTES = 32_000;

/** Where the toy's microphone gets its sound: the page's microphone, or a voice that nobody has. */
export type EarsKind = 'page' | 'built-in';

export type FromPage = { kind: 'press'; ears: EarsKind } | { kind: 'release' };

export type ToPage =
  | { kind: 'heart'; isLit: boolean }
  | { kind: 'microphone'; isOpen: boolean }
  | { kind: 'speaker'; isOpen: boolean; volume: number }
  | { kind: 'tone'; sound: number; volume: number }
  | { kind: 'toy'; isLinked: boolean }
  | { kind: 'inbox'; entries: Entry[] }
  | { kind: 'thieves'; loot: ThiefLoot[] }
  | { kind: 'trouble'; text: string };

/** How far a message of the family has come. */
export type Progress = 'on-its-way' | 'relay-has-it' | 'toy-has-it';

/** One message of the inbox. */
export interface Entry {
  /** Hex. */
  id: string;
  from: 'toy' | 'family';
  /** Unix seconds. */
  sentAt: number;
  durationMs: number;
  /** Null for what came from the toy. */
  progress: Progress | null;
}

/** What a thief would hold who has copied everything at one place. */
export interface ThiefLoot {
  place: 'air' | 'relay';
  bytes: number;
  /** Pieces of the last message's voice that stand in them, of how many; null before the first message. */
  pieces: { found: number; sought: number } | null;
}
