// The seam between the bridge and whatever keeps its state: SQLite on a host, IndexedDB in a page. A store is a few named collections of
// small items; what `write` has resolved is on disk. Every implementation passes `test/contracts/keeping.ts`.

/** The collections, each with what its keys and items are. */
export type Collection =
  /** `family` -> my view of the family: id, pinned head, entries. */
  | 'family'
  /** window number -> private prekey, sealed at rest. */
  | 'prekeys'
  /** device id -> the newest prekey bundle seen. */
  | 'bundles'
  /** device id -> sequence last used towards it; `toy/<id>` for stamps. */
  | 'sequences'
  /** device id -> replay window of what it sent. */
  | 'replays'
  /** `<message id>/<sender's device id>` -> the mailbox's cursor it was taken at, for dropping repeats. */
  | 'seen'
  /** toy id -> what a bridge needs to reach it. */
  | 'grants'
  /** toy id -> newest policy. */
  | 'policies'
  /** clip id -> a recording from a toy: not yet whole, or whole and not yet sealed. */
  | 'clips'
  /** `<clip id>/<index>` -> one sealed chunk of it. */
  | 'chunks'
  /** message id -> sealed envelope waiting for the relay. */
  | 'outbox'
  /** `<toy id>/<sent at>/<message id>` -> what the child said, on a person's device. */
  | 'inbox'
  /** The same -> what this person said, until the relay has it. */
  | 'drafts'
  /** The same -> what this person said, when the relay has it. */
  | 'sent'
  /** The same -> what others of the family said to the toy, on an adult's device. */
  | 'said'
  /** The same -> a voice that waits for its toy, on a device that may link with it. */
  | 'waiting'
  /** message id -> what is known of a message beside its voice. */
  | 'letters'
  /** message id -> an adult's word on a message that has not come yet. */
  | 'approvals'
  /** `<person, toy or device>/<id>` -> its name and picture, sealed at rest. */
  | 'profiles'
  /** `<toy id>/<at>/<device id>` -> that an adult let the toy listen, or no more, sealed at rest. */
  | 'consents'
  /** name -> cursors and the like. */
  | 'marks';

export interface Change {
  collection: Collection;
  key: string;
  /** Null deletes. */
  value: Uint8Array | null;
}

export interface Store {
  get(collection: Collection, key: string): Promise<Uint8Array | undefined>;
  /** Items whose key begins with `prefix`, in the order of their keys. */
  list(collection: Collection, prefix: string): Promise<{ key: string; value: Uint8Array }[]>;
  /** All of it or nothing; resolves when it is durable. Rejects with a StoreError. */
  write(changes: Change[]): Promise<void>;
  close(): Promise<void>;
}

/** What went wrong with the store, and what a person can do about it. Nothing that was acknowledged is lost by any of them. */
export class StoreError extends Error {
  readonly code: 'damaged' | 'full' | 'locked' | 'version' | 'unusable';
  readonly advice: string;
  constructor(code: StoreError['code'], advice: string, cause?: unknown) {
    super(`store: ${code}`, { cause });
    this.name = 'StoreError';
    this.code = code;
    this.advice = advice;
  }
}
