// What the relay needs of a store. Every promise of a change is kept when it resolves: the bytes are on disk.
// The store knows ids, sizes and sealed bytes; it judges no signature and parses no envelope.

/** A request's nonce. A change claims it in its own transaction, so that a repeated request changes nothing. */
export interface Claim {
  nonce: Uint8Array;
  /** When the request says it was signed, unix seconds. */
  createdS: number;
}

/** One device as a member of one family; its mailbox is named by the same pair. */
export interface Member {
  family: Uint8Array;
  device: Uint8Array;
}

/** A member and the Ed25519 key that signs its requests. */
export interface MemberKey {
  device: Uint8Array;
  key: Uint8Array;
}

/** How far a chain goes. */
export interface ChainHead {
  length: number;
  head: Uint8Array;
}

/** A chain as it will stand after a change, and who is a member by it. */
export interface ChainChange extends ChainHead {
  family: Uint8Array;
  /** Only the new entries, oldest first. */
  entries: readonly Uint8Array[];
  members: readonly MemberKey[];
}

/** One envelope to store. */
export interface NewMessage {
  sender: Member;
  message: Uint8Array;
  /** SHA-256 of the whole upload, by which a repetition is known. */
  hash: Uint8Array;
  body: Uint8Array;
  /** What each recipient gets before the body. */
  recipients: readonly { device: Uint8Array; front: Uint8Array }[];
  atS: number;
}

/** A message that has come into a mailbox. */
export interface Delivery extends Member {
  cursor: number;
}

/**
 * `known`: this sender has stored the same bytes before. `conflict`: other bytes under the same id. `recipient`: not all
 * recipients are members; nothing was stored. `full`: recipients whose mailbox had no room; all of them: nothing stored.
 */
export interface PutOutcome {
  outcome: 'stored' | 'known' | 'conflict' | 'recipient' | 'full';
  full: Uint8Array[];
  deliveries: Delivery[];
}

/** A waiting message in a listing. */
export interface Waiting {
  cursor: number;
  message: Uint8Array;
  sizeBytes: number;
}

/** How much one mailbox holds. */
export interface Quota {
  messages: number;
  sizeBytes: number;
}

/**
 * Every function may reject with a RelayError: `replay` (the nonce was claimed before), `stranger` (the signer is not a member, or no
 * more), `store-full` (no room; nothing was changed, and what only frees room still works), `store-failed` (the disk misbehaves; the
 * store serves nothing from now on).
 */
export interface Store {
  /** The key of a member, or null. */
  memberKey(member: Member): Promise<Uint8Array | null>;
  /** The whole chain, oldest entry first; null if there is no such family. */
  readChain(family: Uint8Array): Promise<(ChainHead & { entries: Uint8Array[] }) | null>;
  /** Claims a nonce for a request that changes nothing else. */
  claim(claim: Claim): Promise<void>;

  /** Creates a family; `known` if it exists with the same entries at its start, `conflict` if with others. */
  createFamily(claim: Claim, chain: ChainChange): Promise<'created' | 'known' | 'conflict'>;
  /** Appends if the chain still stands at `from`; otherwise changes nothing and says where it stands. */
  appendChain(
    claim: Claim,
    from: ChainHead,
    chain: ChainChange,
  ): Promise<ChainHead & { appended: boolean; removed: Member[] }>;

  putMessage(claim: Claim, message: NewMessage): Promise<PutOutcome>;
  /** At most `limit` messages after a cursor, oldest first; marks them as offered. No claim: a long poll's second look. */
  listMailbox(
    claim: Claim | null,
    reader: Member,
    page: { after: number; limit: number; atS: number },
  ): Promise<{ items: Waiting[]; more: boolean }>;
  /** Front and body of a waiting message, or null. */
  readMessage(claim: Claim, reader: Member, cursor: number): Promise<Uint8Array | null>;
  /** Removes messages from a mailbox; says how many were there. */
  acknowledge(claim: Claim, reader: Member, cursors: readonly number[]): Promise<number>;
  /** The newest cursor ever given in a mailbox; 0 if none. */
  newestCursor(reader: Member): Promise<number>;

  putPrekeys(claim: Claim, owner: Member, bundle: Uint8Array): Promise<void>;
  readPrekeys(
    claim: Claim,
    reader: Member,
    devices: readonly Uint8Array[],
  ): Promise<{ device: Uint8Array; bundle: Uint8Array }[]>;

  /** Forgets what is old enough (messages offered long ago, nonces past their window); says how many messages. */
  expire(nowS: number): Promise<number>;
  /** Every byte stored, file by file. */
  dump(): Promise<{ name: string; bytes: Uint8Array }[]>;
  close(): Promise<void>;
}
