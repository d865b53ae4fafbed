// What the relay needs of a store. Every promise of a change is kept when it resolves: the bytes are on disk.
// The store knows ids, sizes and sealed bytes; it judges no signature and parses no envelope.

import type { InvitationPart } from '#protocol/relay/paths.ts';

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

/** Names the pigeonhole of an invitation. */
export interface Pigeonhole {
  family: Uint8Array;
  invitation: Uint8Array;
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
  /** True if a message was listed to its reader, or is there no more. */
  isOffered(delivery: Delivery): Promise<boolean>;
  /** The newest cursor ever given in a mailbox; 0 if none. */
  newestCursor(reader: Member): Promise<number>;

  putPrekeys(claim: Claim, owner: Member, bundle: Uint8Array): Promise<void>;
  readPrekeys(
    claim: Claim,
    reader: Member,
    devices: readonly Uint8Array[],
  ): Promise<{ device: Uint8Array; bundle: Uint8Array }[]>;

  /** Opens a pigeonhole; `known` if it is open with this key, `conflict` if with another, `full` if too many are open in the family. */
  openInvitation(
    claim: Claim,
    opener: Member,
    wanted: { invitation: Uint8Array; doorKey: Uint8Array; atS: number },
  ): Promise<'opened' | 'known' | 'conflict' | 'full'>;
  /** Takes a pigeonhole away, if it is there. It also goes with the device that opened it, and by its age. */
  closeInvitation(claim: Claim, closer: Member, invitation: Uint8Array): Promise<void>;
  /** The key of an open pigeonhole's door, or null. */
  doorKey(place: Pigeonhole, atS: number): Promise<Uint8Array | null>;
  /** Writes one part, once: `known` if the same bytes are there. `by` is null for whoever holds the door key. */
  putInvitationPart(
    claim: Claim,
    by: Member | null,
    place: Pigeonhole,
    part: InvitationPart,
    content: { bytes: Uint8Array; atS: number },
  ): Promise<'stored' | 'known' | 'conflict' | 'missing'>;
  /** One part, or null. No claim: a long poll's second look. */
  readInvitationPart(
    claim: Claim | null,
    by: Member | null,
    place: Pigeonhole,
    part: InvitationPart,
    atS: number,
  ): Promise<Uint8Array | null>;

  /** Replaces what is in the family's safe. */
  putSafe(claim: Claim, by: Member, bytes: Uint8Array): Promise<void>;
  /** What is in the safe, or null. `by` is null for the root key. */
  readSafe(claim: Claim, family: Uint8Array, by: Member | null): Promise<Uint8Array | null>;

  /** Where a device is woken from now on; null: nowhere. It goes with the device. */
  putPush(claim: Claim, owner: Member, endpoint: string | null): Promise<void>;
  /** Where a device is woken, or null. */
  pushEndpoint(member: Member): Promise<string | null>;
  /** Forgets an endpoint, unless the device has named another since. */
  forgetPush(member: Member, endpoint: string): Promise<void>;

  /** Forgets what is old enough (messages offered long ago, nonces past their window, invitations); says how many messages. */
  expire(nowS: number): Promise<number>;
  /** Every byte stored, file by file. */
  dump(): Promise<{ name: string; bytes: Uint8Array }[]>;
  close(): Promise<void>;
}
