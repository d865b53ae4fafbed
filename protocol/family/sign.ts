// Writing a family's chain: an adult's device (or the root) drafts an entry on the newest head, signs it, and a second adult may add
// a signature. The relay takes it only on that head; who comes second drafts again on the new one.
import { same } from '../bytes.ts';
import { fault } from '../fault.ts';
import { signDigest, signKeys } from '../sodium/sign.ts';
import { extendChain, familyIdOf, type Roster } from './chain.ts';
import { decodePayload, encodeEntry, encodePayload, entryDigest, NO_HEAD, type Op } from './entry.ts';
import type { Member } from './member.ts';

/** An entry on its way to its signers. */
export interface EntryDraft {
  payload: Uint8Array;
  signers: readonly Uint8Array[];
}

/** Who signs: a device's id and Ed25519 secret (64 bytes); the root signs under the family's id. */
export interface EntrySigner {
  id: Uint8Array;
  secret: Uint8Array;
}

/** The root as a signer, from its 32-byte seed. */
export function rootSigner(seed: Uint8Array): EntrySigner {
  const keys = signKeys(seed);
  return { id: familyIdOf(keys.publicKey), secret: keys.secret };
}

/** The first entry of a new family, with its first adult's device among `members`. */
export function signGenesis(rootSeed: Uint8Array, members: readonly Member[]): Uint8Array {
  const root = rootSigner(rootSeed);
  const op: Op = { op: 'genesis', rootKey: signKeys(rootSeed).publicKey, members };
  const payload = encodePayload({ number: 0, generation: 1, previous: NO_HEAD, signers: [root.id], op });
  return encodeEntry(payload, [signPayload(payload, root)]);
}

/** An unsigned entry on the roster's head. A reset gets the next generation, and one above `above`: it must overrule that, too. */
export function draftEntry(
  roster: Roster,
  signers: readonly Uint8Array[],
  op: Op,
  above = roster.generation,
): EntryDraft {
  const generation = op.op === 'reset' ? Math.max(roster.generation, above) + 1 : roster.generation;
  const payload = encodePayload({
    number: roster.number + 1,
    generation,
    previous: roster.head,
    signers,
    op,
  });
  return { payload, signers };
}

/** A draft as a second adult's device gets it, read again from its bytes: what it shows is what it signs. Fault `roster-form`. */
export function readDraft(payload: Uint8Array): EntryDraft & { op: Op } {
  const entry = decodePayload(payload);
  return { payload, signers: entry.signers, op: entry.op };
}

/** One signer's 64 bytes. */
export function signPayload(payload: Uint8Array, signer: EntrySigner): Uint8Array {
  return signDigest(entryDigest(payload), signer.secret);
}

/** The entry, from a draft and one signature of each signer, in their order. */
export function joinEntry(draft: EntryDraft, signatures: readonly Uint8Array[]): Uint8Array {
  return encodeEntry(draft.payload, signatures);
}

/**
 * Drafts and signs with all `signers` at hand, and checks the entry as every reader will. After a conflict: take the new head and call
 * this again. `above` as in `draftEntry`. Faults as `extendChain`.
 */
export function signEntry(
  roster: Roster,
  signers: readonly EntrySigner[],
  op: Op,
  above?: number,
): { entry: Uint8Array; roster: Roster } {
  const draft = draftEntry(
    roster,
    signers.map((signer) => signer.id),
    op,
    above,
  );
  const entry = joinEntry(
    draft,
    signers.map((signer) => signPayload(draft.payload, signer)),
  );
  return { entry, roster: extendChain(roster, entry) };
}

/** True if the draft was made on this head; else it must be drafted again. Fault `roster-form`. */
export function isOnHead(roster: Roster, draft: EntryDraft): boolean {
  const entry = decodePayload(draft.payload);
  if (entry.number !== roster.number + 1) return false;
  if (draft.signers.length === 0) throw fault('roster-form');
  return same(entry.previous, roster.head);
}
