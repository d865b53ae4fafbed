// What the page and the process behind it say to each other over the websocket: JSON as here, and samples (16 kHz mono, 16 bits, little
// endian) as binary messages. From the page: what the microphone hears. To the page: what the speaker plays.

/** Subprotocol of the websockets; a token goes beside it. */
export const SUBPROTOCOL = 'pawpost';
/** Bytes of one binary message from the page, at most: one second. */
export const MAX_SAMPLES_BYTES = 32_000;
/** Characters of an invitation's link, at most. */
export const MAX_INVITATION = 2_000;

/** Where the toy's microphone gets its sound: the page's microphone, or a voice that nobody has. */
export type EarsKind = 'page' | 'built-in';

export type FromPage =
  | { kind: 'press'; ears: EarsKind }
  | { kind: 'release' }
  /** The Raspberry Pi gets an invitation: the link that the app shows. */
  | { kind: 'invite-pi'; invitation: string }
  /** The phone with the app is carried away from the toy, or back. */
  | { kind: 'phone'; isNear: boolean };

export type ToPage =
  | { kind: 'tag'; tag: Tag }
  | { kind: 'heart'; isLit: boolean }
  | { kind: 'microphone'; isOpen: boolean }
  | { kind: 'speaker'; isOpen: boolean; volume: number }
  | { kind: 'tone'; sound: number; volume: number }
  | { kind: 'toy'; isLinked: boolean }
  | { kind: 'pi'; pi: PiState }
  | { kind: 'phone'; isNear: boolean }
  | { kind: 'thieves'; loot: ThiefLoot[] }
  | { kind: 'trouble'; text: string };

/** The toy's tag: its text, and its square code as the dark modules of a square of `size`. */
export interface Tag {
  text: string;
  size: number;
  path: string;
}

/** How the Raspberry Pi stands. */
export type PiState =
  | { step: 'boxed' }
  /** Asks at the relay. */
  | { step: 'asking' }
  /** Waits for an adult, whose screen shows the same words. */
  | { step: 'words'; words: string[] }
  /** Is a bridge of the family. `lately`: what it did last. */
  | { step: 'running'; lately: string }
  | { step: 'failed'; why: string };

/** What a thief would hold who has copied everything at one place. */
export interface ThiefLoot {
  place: 'air' | 'relay';
  bytes: number;
  /** Pieces of the toy's last message, said or played, that stand in them, of how many; null before the first message. */
  pieces: { found: number; sought: number } | null;
}
