// A family's roster from its chain of signed entries: who is a member now, and who never will be again. Public: the relay
// validates what it stores with this, and can add nothing to it.
import { same } from '../bytes.ts';
import { fault } from '../fault.ts';
import { ID_BYTES } from '../relay/limits.ts';
import { framedHash } from '../sodium/hash.ts';
import { verifySignature } from '../sodium/sign.ts';
import { decodeEntry, entryDigest, NO_HEAD, type Op, type SignedEntry } from './entry.ts';
import { idText, MEMBERS_MAX, type Member, ROLE_ADULT } from './member.ts';
import { membersMay } from './rights.ts';

/** Entries of one chain: years of a busy family. */
export const CHAIN_ENTRIES_MAX = 4096;

/** What a chain says at its newest entry. Never changed in place. */
export interface Roster {
  readonly familyId: Uint8Array;
  /** Ed25519. */
  readonly rootKey: Uint8Array;
  readonly generation: number;
  /** Of the newest entry, from 0. */
  readonly number: number;
  /** Hash of the newest entry. */
  readonly head: Uint8Array;
  /** By hex id. */
  readonly members: ReadonlyMap<string, Member>;
  /** Ids and keys that have ever been used, in hex. They never come back. */
  readonly spent: ReadonlySet<string>;
  /** Hash of each entry, by number. */
  readonly heads: readonly Uint8Array[];
}

/** A roster while its chain is being read: changed in place, so that a long chain costs its length and not its square. */
type Growing = { -readonly [Key in keyof Roster]: Roster[Key] } & {
  members: Map<string, Member>;
  spent: Set<string>;
  heads: Uint8Array[];
};

/** First 16 bytes of the framed hash, context `pawpost1/family`, of the root's Ed25519 key. */
export function familyIdOf(rootKey: Uint8Array): Uint8Array {
  return framedHash('pawpost1/family', rootKey).slice(0, ID_BYTES);
}

/**
 * The roster of a whole chain, each entry checked in order. `familyId` is the one the reader was invited to.
 * Faults: `roster-form`, `roster-chain`, `roster-signature`, `roster-right`, `roster-member`.
 */
export function readChain(familyId: Uint8Array, entries: readonly Uint8Array[]): Roster {
  const [first, ...rest] = entries;
  if (first === undefined || entries.length > CHAIN_ENTRIES_MAX) throw fault('roster-chain');
  const roster = begin(decodeEntry(first));
  if (!same(roster.familyId, familyId)) throw fault('roster-chain');
  for (const bytes of rest) append(roster, decodeEntry(bytes));
  return roster;
}

/** The roster that a first entry begins; its family is whatever its root key says. Faults as `readChain`. */
export function beginChain(first: Uint8Array): Roster {
  return begin(decodeEntry(first));
}

/**
 * The roster after one more entry. Fault `roster-chain` if it was not made on this head: then the writer takes the new head and
 * signs again. Other faults as `readChain`.
 */
export function extendChain(roster: Roster, bytes: Uint8Array): Roster {
  if (roster.number + 1 >= CHAIN_ENTRIES_MAX) throw fault('roster-chain');
  const members = new Map(roster.members);
  const spent = new Set(roster.spent);
  const next: Growing = { ...roster, members, spent, heads: [...roster.heads] };
  append(next, decodeEntry(bytes));
  return next;
}

/** The member of that id, or undefined. */
export function memberOf(roster: Roster, id: Uint8Array): Member | undefined {
  return roster.members.get(idText(id));
}

/** True if the chain holds this head at this number. */
export function knowsHead(roster: Roster, number: number, head: Uint8Array): boolean {
  const known = roster.heads[number];
  return known !== undefined && same(known, head);
}

function begin(entry: SignedEntry): Growing {
  if (entry.op.op !== 'genesis' || entry.number !== 0 || !same(entry.previous, NO_HEAD))
    throw fault('roster-chain');
  if (entry.generation !== 1) throw fault('roster-chain');
  const rootKey = entry.op.rootKey;
  const familyId = familyIdOf(rootKey);
  requireRoot(entry, familyId, rootKey);
  const spent = new Set([idText(rootKey)]);
  const members = new Map<string, Member>();
  for (const member of entry.op.members) admit(members, spent, member);
  requireLimits(members);
  return {
    familyId,
    rootKey,
    generation: 1,
    number: 0,
    head: entry.hash,
    members,
    spent,
    heads: [entry.hash],
  };
}

function append(roster: Growing, entry: SignedEntry): void {
  if (entry.number !== roster.number + 1 || !same(entry.previous, roster.head)) throw fault('roster-chain');
  const isReset = entry.op.op === 'reset';
  const isNext = isReset ? entry.generation > roster.generation : entry.generation === roster.generation;
  if (!isNext) throw fault('roster-chain');
  requireRight(roster, entry);
  change(roster, entry.op);
  requireLimits(roster.members);
  roster.generation = entry.generation;
  roster.number = entry.number;
  roster.head = entry.hash;
  roster.heads.push(entry.hash);
}

function change(roster: Growing, op: Op): void {
  if (op.op === 'genesis') throw fault('roster-chain');
  if (op.op === 'remove') {
    for (const id of op.ids) if (!roster.members.delete(idText(id))) throw fault('roster-member');
    return;
  }
  const before = roster.members;
  if (op.op === 'reset') roster.members = new Map();
  for (const member of op.members) {
    // A reset may keep a member that is there.
    const kept = op.op === 'reset' ? before.get(idText(member.id)) : undefined;
    if (kept === undefined) admit(roster.members, roster.spent, member);
    else keep(roster.members, kept, member);
  }
}

/** Takes a member whose id and keys have never been seen in this family. */
function admit(members: Map<string, Member>, spent: Set<string>, member: Member): void {
  for (const bytes of [member.id, member.signKey, member.linkKey]) {
    if (bytes === null) continue;
    const text = idText(bytes);
    if (spent.has(text)) throw fault('roster-member');
    spent.add(text);
  }
  members.set(idText(member.id), member);
}

/** The id already stands for the keys; role and person may be told anew by the root. */
function keep(members: Map<string, Member>, before: Member, member: Member): void {
  const text = idText(member.id);
  if (members.has(text) || before.role !== member.role) throw fault('roster-member');
  members.set(text, member);
}

function requireRight(roster: Roster, entry: SignedEntry): void {
  if (same(entry.signers[0]!, roster.familyId)) {
    requireRoot(entry, roster.familyId, roster.rootKey);
    return;
  }
  const signers = entry.signers.map((id) => memberOf(roster, id));
  const digest = entryDigest(entry.payload);
  const known: Member[] = [];
  for (const [i, signer] of signers.entries()) {
    if (signer === undefined || signer.signKey === null) throw fault('roster-right');
    if (!verifySignature(entry.signatures[i]!, digest, signer.signKey)) throw fault('roster-signature');
    known.push(signer);
  }
  if (!membersMay(roster.members, known, entry.op)) throw fault('roster-right');
}

function requireRoot(entry: SignedEntry, familyId: Uint8Array, rootKey: Uint8Array): void {
  if (entry.signers.length !== 1 || !same(entry.signers[0]!, familyId)) throw fault('roster-right');
  if (!verifySignature(entry.signatures[0]!, entryDigest(entry.payload), rootKey))
    throw fault('roster-signature');
}

/** A family without an adult could never change again. */
function requireLimits(members: ReadonlyMap<string, Member>): void {
  const counts = { 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const member of members.values()) {
    counts[member.role]++;
    if (counts[member.role] > MEMBERS_MAX[member.role]) throw fault('roster-member');
  }
  if (counts[ROLE_ADULT] === 0) throw fault('roster-member');
}
