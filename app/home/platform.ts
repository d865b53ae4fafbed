// Everything outside that the model needs, handed in: a browser in the app, memory and a real relay in tests.
import type { Clock } from '#bridge/clock.ts';
import type { Programs } from '#bridge/programs.ts';
import type { Store } from '#bridge/store.ts';
import type { Vault } from '../keeping/vault.ts';
import type { Abilities } from '../model.ts';
import type { PhoneRadio } from '../radio/phone-radio.ts';

export interface Platform {
  store: Store;
  vault: Vault;
  /** Null where there is none. */
  radio: PhoneRadio | null;
  clock: Clock;
  /** 0 to 1: spreads devices that would knock at the same time. */
  random(): number;
  /** Origin of the relay on which a family is founded here. */
  relay: string;
  /** The app's own address without a fragment: what invitations point to. */
  address: string;
  abilities: Abilities;
  /** Takes the only running place of this browser; null where another page has it. */
  takePlace(): Promise<(() => void) | null>;
  storage: KeptStorage;
  push: PushSeat | null;
  releases: Releases;
  /** What this release has for toys. */
  programs: Programs;
  pictures: Pictures;
  /** The text of the consent as it is shown, for the record of what was agreed to. */
  consentText(): string;
  /** Minutes by which the local time of day is ahead of UTC. */
  minutesAhead(): number;
  /** The network, as the system says. */
  isOnline(): boolean;
  /** Calls `listener` when the network has come or gone, or the person looks at the app again. */
  onChange(listener: () => void): void;
}

/** The browser's promise not to throw away what is kept. */
export interface KeptStorage {
  isKept(): Promise<boolean>;
  /** Asks for it; true if it is given. */
  ask(): Promise<boolean>;
}

/** The browser's push service. */
export interface PushSeat {
  /** Where this browser is knocked at now; null: nowhere. */
  endpoint(): Promise<string | null>;
  /** Asks the person and subscribes with the relay's key (65 bytes). In a click. Rejects with `push-denied` or `push-failed`. */
  subscribe(relayKey: Uint8Array): Promise<string>;
  unsubscribe(): Promise<void>;
  /** Something has arrived at the relay. */
  onKnock(listener: () => void): void;
}

/** The app's own releases. */
export interface Releases {
  version: string;
  /** The release that runs, and whether a newer one waits; `listener` is called when that changes. */
  watch(listener: (hash: string | null, hasUpdate: boolean) => void): void;
  /** A newer release was refused: `release: ` and why. */
  onRefusal(listener: (code: string) => void): void;
  /** Takes the release that waits; the page loads anew. */
  apply(): Promise<void>;
}

export interface Pictures {
  /** An image file of at most `maxBytes` that shows the picture. Rejects with `picture-form` for what is none. */
  shrink(image: Blob, maxBytes: number): Promise<Uint8Array>;
}
