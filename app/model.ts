// What the screens see and what they may ask for: the one seam between the app's pictures and its machinery. `home/` is the real one;
// tests and screenshots use a made-up one. Ids are hex; times are unix seconds; nothing here is a key but the kit's words.
import type { ReadonlySignal } from '@preact/signals';
import type { Refusal } from '#bridge/update.ts';
import type { Animal } from '#protocol/link/animals.ts';

/** Where the app stands. */
export type Stage =
  /** Still looking at what is kept here. */
  | 'opening'
  /** This browser lacks something without which nothing works. */
  | 'unsupported'
  /** Keys are behind the screen lock. */
  | 'locked'
  /** Nobody's device yet: begin, join or recover. */
  | 'welcome'
  /** A family is being founded: the kit is shown and must be checked. */
  | 'kit'
  /** Joining: waits for the other screen. */
  | 'joining'
  | 'home'
  /** This device was put out of its family. */
  | 'removed'
  /** The relay served another past than the one that was signed: nothing goes on until the root says so. */
  | 'forked';

export interface Person {
  /** The person's random number; the same on all devices of one person. */
  id: string;
  name: string;
  /** A `blob:` or `data:` address of an image, or null. */
  picture: string | null;
  role: 'adult' | 'relative';
  isMe: boolean;
  devices: FamilyDevice[];
}

export interface FamilyDevice {
  id: string;
  kind: 'phone' | 'bridge';
  name: string;
  isThis: boolean;
  /** Unix seconds of the last thing that came from it; null if nothing has. */
  lastHeardAt: number | null;
}

/** Who may speak to a toy. */
export interface Permission {
  personId: string;
  isAllowed: boolean;
  /** An adult must approve each message before the child hears it. */
  needsApproval: boolean;
  /** 0-7: the pattern in which the heart beats for this person. */
  rhythm: number;
}

/** How far this phone has brought a newer program to a toy. */
export type ToyUpdate =
  | { step: 'coming'; percent: number }
  /** The toy has it, and starts it when it is left alone. */
  | { step: 'ready' }
  | { step: 'refused'; code: Exclude<Refusal, 'not-newer'> };

export interface Toy {
  id: string;
  name: string;
  picture: string | null;
  /** Null: never given. A given consent has the person who gave it. */
  consent: { isGiven: boolean; at: number; personId: string | null } | null;
  /** Minutes of the day in the phone's own time zone; null for none. */
  quiet: { from: number; to: number } | null;
  /** Percent. */
  volume: number;
  /** Empty on a device that does not know the toy's settings, as a relative's. */
  permissions: Permission[];
  /** As far as this device knows; the toy itself decides, and what it would not take comes back as 'refused'. */
  maySpeak: boolean;
  /** `here`: linked with this phone. `bridge`: a bridge of the family spoke with it lately. */
  link: 'here' | 'near' | 'searching' | 'bridge' | 'away';
  /** Percent; null unknown. */
  battery: number | null;
  /** Release of its program, x.y.z; null unknown. */
  firmware: string | null;
  /** Null: as far as this phone knows, the toy needs none. */
  update: ToyUpdate | null;
  resets: number | null;
  lastSeenAt: number | null;
  /** No device of the family can seal for it now: its bridges have been away longer than their prekeys. */
  isAsleepTooLong: boolean;
  /** The newest wishes have reached the toy. */
  hasNewestPolicy: boolean;
  /** This device holds what it takes to change it. */
  mayChange: boolean;
}

/** How far a message has come. */
export type Progress =
  | 'waiting' // here only
  | 'sent' // the relay has it
  | 'approval' // an adult must say yes
  | 'rejected'
  | 'toy' // the toy has it
  | 'heard'
  | 'refused'; // the toy would not take it

export interface Letter {
  id: string;
  toyId: string;
  direction: 'from-toy' | 'to-toy';
  /** Who said it; null for the child, and for somebody who has left. */
  personId: string | null;
  isMine: boolean;
  sentAt: number;
  durationMs: number;
  /** Heard on this device. */
  isHeard: boolean;
  isKept: boolean;
  progress: Progress;
  /** When it came so far; null unknown. */
  progressAt: number | null;
  /** This device may approve or reject it now. */
  awaitsMe: boolean;
}

/** Something that went wrong and may pass. `code` is a fault's or an error's code; the words for it are in `words/`. */
export interface Trouble {
  code: string;
  at: number;
}

export interface Pairing {
  step:
    | 'tag' // the tag must be scanned or typed
    | 'search' // a person's touch must open the chooser, or a bridge be asked
    | 'hold' // looking for a toy whose paw is held
    | 'animals' // compare
    | 'storing'
    | 'done'
    | 'failed';
  /** 'here' over this phone's radio; 'bridge' through a bridge of the family. */
  way: 'here' | 'bridge';
  animals: Animal[];
  resets: number;
  /** With step 'tag': what is wrong with the text. With 'failed': why. With 'done': the toy. */
  code: string | null;
  toyId: string | null;
}

/** Joining, as the newcomer or as the adult who invited. */
export interface Joining {
  side: 'newcomer' | 'adult';
  step: 'waiting' | 'words' | 'admitting' | 'done' | 'failed';
  /** Of the other side, as it says itself; null before it is known. */
  name: string | null;
  role: 'adult' | 'relative' | 'bridge' | null;
  words: string[];
  code: string | null;
}

export interface Invitation {
  /** A link whose fragment holds the secret. */
  link: string;
  expiresAt: number;
}

/** What others can see, counted from the bytes that were stored and sent. */
export interface Seen {
  relay: {
    origin: string;
    /** Requests since the app opened, oldest first: method, path as sent, bytes of the body, unix ms. */
    requests: { method: string; path: string; bytes: number; status: number; atMs: number }[];
    sentBytes: number;
    /** The chain as the relay has it. */
    members: { id: string; role: string }[];
    /** The first bytes of the last body, in hex, as sent. */
    lastBody: string;
  };
  radio: { values: number; bytes: number; lastValue: string; advertisement: string | null };
  push: { endpointHost: string | null; bodyBytes: number };
  /** Pieces of the voices of this session that stand in any of those bytes, of how many were sought. */
  pieces: { found: number; sought: number };
}

export interface About {
  version: string;
  /** SHA-256 of the release as signed, hex; null in development. */
  releaseHash: string | null;
  supportEnds: string;
  /** A newer release waits, checked and signed. */
  hasUpdate: boolean;
}

/** What this browser can do. */
export interface Abilities {
  bluetooth: boolean;
  camera: boolean;
  microphone: boolean;
  push: boolean;
  passkey: boolean;
}

export interface State {
  readonly stage: ReadonlySignal<Stage>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly people: ReadonlySignal<Person[]>;
  readonly toys: ReadonlySignal<Toy[]>;
  readonly bridges: ReadonlySignal<FamilyDevice[]>;
  /** Newest first. */
  readonly letters: ReadonlySignal<Letter[]>;
  readonly pairing: ReadonlySignal<Pairing | null>;
  readonly joining: ReadonlySignal<Joining | null>;
  readonly invitation: ReadonlySignal<Invitation | null>;
  /** The 24 words, only while stage is 'kit'. */
  readonly kit: ReadonlySignal<{ words: string[]; code: string; ask: number[] } | null>;
  readonly trouble: ReadonlySignal<Trouble | null>;
  readonly isLockOn: ReadonlySignal<boolean>;
  readonly isPushOn: ReadonlySignal<boolean>;
  readonly isStorageKept: ReadonlySignal<boolean>;
  /** The signed heads of the other adults are older than 14 days: the relay may keep this device in the past. */
  readonly isPastUnsure: ReadonlySignal<boolean>;
  readonly seen: ReadonlySignal<Seen>;
  readonly about: ReadonlySignal<About>;
  readonly abilities: Abilities;
}

/** A recording that was made and not yet sent: an Ogg Opus file. */
export interface Recording {
  ogg: Uint8Array;
  durationMs: number;
}

/** Everything rejects with an Error whose message is a code that `words/` knows. */
export interface Actions {
  /** Founds a family; the kit is in `state.kit` until `checkKit` has been answered right, then it is wiped. */
  beginFamily(myName: string): Promise<void>;
  /** `answers` are the words at the places `kit.ask` (from 0). False: wrong, nothing is wiped. */
  checkKit(answers: string[]): Promise<boolean>;
  /** A link, a scanned code or its text. */
  join(invitation: string, myName: string, role: 'adult' | 'relative'): Promise<void>;
  /** The words on both screens are the same. */
  confirmWords(areSame: boolean): Promise<void>;
  /** `kit`: 24 words or the kit's code. Makes this device an adult's and puts the lost ones (device ids; null: all phones) out. */
  recover(kit: string, myName: string, lost: string[] | null): Promise<void>;
  /** The adults' phones in the family that the kit opens: to choose which are lost. */
  lookUpKit(kit: string): Promise<{ deviceId: string; role: string }[]>;
  unlock(): Promise<void>;

  /** `isMyPhone`: for another phone of this adult; else for somebody who is not in the family yet. An open one is taken back. */
  invite(options?: { isMyPhone: boolean }): Promise<void>;
  stopInviting(): Promise<void>;
  /** A device, a person with all devices, a bridge or a toy; `kit` where the rules ask for the root. */
  remove(ids: string[], kit?: string): Promise<void>;
  rename(subject: { kind: 'person' | 'toy' | 'device'; id: string }, name: string): Promise<void>;
  /** `image`: any picture file; it is made small here. Null takes it away. */
  setPicture(subject: { kind: 'person' | 'toy'; id: string }, image: Blob | null): Promise<void>;

  startPairing(): Promise<void>;
  /** The tag's text as scanned or typed. False: it is no tag (`checksum` tells a typing mistake). */
  giveTag(text: string): Promise<boolean>;
  /** Call it inside a click: opens the browser's chooser. */
  searchToy(way: 'here' | 'bridge', wishes: { hasConsent: boolean }): Promise<void>;
  confirmAnimals(areSame: boolean): Promise<void>;
  stopPairing(): Promise<void>;
  /** Call it inside a click: links with a paired toy that is near. */
  connectToy(toyId: string): Promise<void>;
  setConsent(toyId: string, isGiven: boolean): Promise<void>;
  setQuiet(toyId: string, quiet: { from: number; to: number } | null): Promise<void>;
  setVolume(toyId: string, percent: number): Promise<void>;
  setPermissions(toyId: string, permissions: Permission[]): Promise<void>;

  /** Sends one message to each toy; durable here when it resolves. */
  send(toyIds: string[], recording: Recording): Promise<void>;
  /** An Ogg Opus file of the message. */
  ogg(letterId: string): Promise<Uint8Array>;
  markHeard(letterId: string): Promise<void>;
  keep(letterId: string, isKept: boolean): Promise<void>;
  erase(letterId: string): Promise<void>;
  approve(letterId: string, isApproved: boolean): Promise<void>;

  setLock(isOn: boolean): Promise<void>;
  setPush(isOn: boolean): Promise<void>;
  keepStorage(): Promise<void>;
  applyUpdate(): Promise<void>;
  /** Tells the family that this device goes, and erases everything that is kept here. */
  leave(): Promise<void>;
  dismissTrouble(): void;
}

export interface Model {
  readonly state: State;
  readonly actions: Actions;
}
