// One entry of a family's chain: what changed, on which head, signed by whom. Public bytes, no secrets.
import { asArray, asBlob, asBytes, asInteger, asTuple, type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { ID_BYTES } from '../relay/limits.ts';
import { framedHash } from '../sodium/hash.ts';
import { decodeMember, KEY_BYTES, type Member, memberFields } from './member.ts';

export const ROSTER_VERSION = 1;
/** Whole entry, bytes. */
export const ENTRY_BYTES_MAX = 16384;
/** Members or ids named by one entry. */
export const ENTRY_MEMBERS_MAX = 48;
/** Previous hash of the first entry. */
export const NO_HEAD = new Uint8Array(32);

const OP_GENESIS = 0;
const OP_ADD = 1;
const OP_REMOVE = 2;
const OP_RESET = 3;
const U32_MAX = 0xffffffff;

/** `reset` is the whole list of members from then on. */
export type Op =
  | { op: 'genesis'; rootKey: Uint8Array; members: readonly Member[] }
  | { op: 'add'; members: readonly Member[] }
  | { op: 'remove'; ids: readonly Uint8Array[] }
  | { op: 'reset'; members: readonly Member[] };

export interface Entry {
  number: number;
  generation: number;
  previous: Uint8Array;
  /** The root signs under the family's id; otherwise one or two adults' device ids. */
  signers: readonly Uint8Array[];
  op: Op;
}

export interface SignedEntry extends Entry {
  /** What was signed. */
  payload: Uint8Array;
  /** As many as signers, in their order. */
  signatures: readonly Uint8Array[];
  /** The head of a chain that ends here. Of the payload only: signing again changes nothing. */
  hash: Uint8Array;
}

/** What the signers sign, before it is hashed. */
export function encodePayload(entry: Entry): Uint8Array {
  return encodeCbor([
    ROSTER_VERSION,
    entry.number,
    entry.generation,
    entry.previous,
    [...entry.signers],
    opFields(entry.op),
  ]);
}

/** Context `pawpost1/roster`. */
export function entryDigest(payload: Uint8Array): Uint8Array {
  return framedHash('pawpost1/roster', payload);
}

/** Context `pawpost1/roster-entry`. */
export function entryHash(payload: Uint8Array): Uint8Array {
  return framedHash('pawpost1/roster-entry', payload);
}

export function encodeEntry(payload: Uint8Array, signatures: readonly Uint8Array[]): Uint8Array {
  return encodeCbor([payload, [...signatures]]);
}

/** Form only; signatures and rights are judged against a roster. Faults: `roster-form`, `roster-member`. */
export function decodeEntry(bytes: Uint8Array): SignedEntry {
  if (bytes.length > ENTRY_BYTES_MAX) throw fault('roster-form');
  const [first, second] = asTuple(decodeCbor(bytes, 'roster-form'), 2, 'roster-form');
  const payload = asBlob(first, ENTRY_BYTES_MAX, 'roster-form');
  const entry = decodePayload(payload);
  const signatures = asTuple(second, entry.signers.length, 'roster-form').map((value) =>
    asBytes(value, 64, 'roster-form'),
  );
  return { ...entry, payload, signatures, hash: entryHash(payload) };
}

/** Faults: `roster-form`, `roster-member`. */
export function decodePayload(payload: Uint8Array): Entry {
  const [version, number, generation, previous, signers, op] = asTuple(
    decodeCbor(payload, 'roster-form'),
    6,
    'roster-form',
  );
  if (version !== ROSTER_VERSION) throw fault('roster-form');
  const ids = list(signers).map((id) => asBytes(id, ID_BYTES, 'roster-form'));
  if (ids.length > 2) throw fault('roster-form');
  return {
    number: asInteger(number, 0, U32_MAX, 'roster-form'),
    generation: asInteger(generation, 1, U32_MAX, 'roster-form'),
    previous: asBytes(previous, 32, 'roster-form'),
    signers: ids,
    op: decodeOp(op),
  };
}

function opFields(op: Op): Cbor[] {
  if (op.op === 'genesis') return [OP_GENESIS, op.rootKey, op.members.map(memberFields)];
  if (op.op === 'add') return [OP_ADD, op.members.map(memberFields)];
  if (op.op === 'remove') return [OP_REMOVE, [...op.ids]];
  return [OP_RESET, op.members.map(memberFields)];
}

function decodeOp(value: Cbor | undefined): Op {
  const fields = asArray(value, 2, 'roster-form');
  if (fields[0] === OP_GENESIS) {
    const [, rootKey, members] = asTuple(fields, 3, 'roster-form');
    return {
      op: 'genesis',
      rootKey: asBytes(rootKey, KEY_BYTES, 'roster-form'),
      members: list(members).map(decodeMember),
    };
  }
  const [kind, listed] = asTuple(fields, 2, 'roster-form');
  if (kind === OP_ADD) return { op: 'add', members: list(listed).map(decodeMember) };
  if (kind === OP_RESET) return { op: 'reset', members: list(listed).map(decodeMember) };
  if (kind !== OP_REMOVE) throw fault('roster-form');
  return { op: 'remove', ids: list(listed).map((id) => asBytes(id, ID_BYTES, 'roster-form')) };
}

function list(value: Cbor | undefined): readonly Cbor[] {
  const array = asArray(value, 1, 'roster-form');
  if (array.length > ENTRY_MEMBERS_MAX) throw fault('roster-form');
  return array;
}
