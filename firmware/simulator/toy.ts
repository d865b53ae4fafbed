// A toy without a board: the shipped bundle in a context of its own, over simulated pins, flash, radio, microphone and speaker.
import type { Board } from './board.ts';
import type { Clock } from './clock.ts';
import type { Peripheral } from './peripheral.ts';
import type { Microphone, Speaker } from './sound.ts';

export interface ToyOptions {
  /** The shipped bundle, one classic script. */
  bundle: string;
  /** `await import('#boards/c3-plush.ts')`; its RADIO says which radio the image has. */
  board: Board;
  peripheral: Peripheral;
  microphone: Microphone;
  speaker: Speaker;
  /** Directory (made if need be) that holds the toy's flash and keys. Left out: memory, which lives as long as this object. */
  storagePath?: string;
  /** Left out: the wall clock. */
  clock?: Clock;
  /** Numbers in [0, 1) for what is chance: lost values, what a power cut leaves in flash. Never for keys. Left out: Math.random. */
  random?: () => number;
  /** False: Espruino's NRF without its losses, limits and reboots. */
  quirks?: boolean;
  /** Volts of the cell. Left out: 4. */
  batteryVolts?: () => number;
  /** The tag's 32-byte secret, put into slot TAG when the key store is new, as the maker would. */
  tagSecret?: Uint8Array;
}

/** Something that was seen, heard or happened, at a moment of the toy's clock. */
export type ToyEvent = { atMs: number } & (
  | { kind: 'boot'; reason: string }
  | { kind: 'off'; reason: string }
  | { kind: 'heart'; isLit: boolean }
  | { kind: 'microphone'; isOpen: boolean }
  | { kind: 'speaker'; isOpen: boolean }
  | { kind: 'tone'; sound: number }
  | { kind: 'print'; text: string }
  | { kind: 'error'; message: string }
);

export interface Toy {
  /** Powers up: the radio, then the bundle. */
  start(): Promise<void>;
  /** Switches off, at once, and frees the radio; flash and keys stay. `start` powers up again. */
  stop(): Promise<void>;
  /** A child takes the paw. */
  press(): void;
  release(): void;
  /** Cuts the power at once. `start` powers up again on the same flash and keys. */
  powerCut(): Promise<void>;
  /** Cuts the power in the middle of the `operation`-th write or erase of flash from now (1 is the next). */
  cutPowerAt(operation: number): void;
  readonly isOn: boolean;
  readonly heart: Heart;
  readonly flash: { readonly operations: number };
  /** What the bundle threw and did not catch. A healthy toy has none. */
  readonly errors: readonly Error[];
  /** The last 10,000 events. */
  readonly events: readonly ToyEvent[];
  /** Hears each event as it happens, until the returned function is called. */
  onEvent(listener: (event: ToyEvent) => void): () => void;
}

export interface Heart {
  readonly isLit: boolean;
  /** All changes since the object was made, the last 10,000. */
  readonly history: readonly { atMs: number; isLit: boolean }[];
}
