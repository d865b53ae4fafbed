// One member of a family: a device with its keys and its role. Public: the relay sees ids, keys and roles, never a name or a
// picture (those are sealed to the devices like any message).
import { ascii, same } from '../bytes.ts';
import { asBytes, asInteger, asTuple, type Cbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { CONTEXT_TOY } from '../link/toy-id.ts';
import { MAX_ADULTS, MAX_BRIDGES, MAX_SENDERS } from '../policy/layout.ts';
import { ID_BYTES } from '../relay/limits.ts';
import { framedHash } from '../sodium/hash.ts';
import { blake2b } from '../sodium/hkdf.ts';

export const KEY_BYTES = 32;

export const ROLE_ADULT = 1;
export const ROLE_RELATIVE = 2;
export const ROLE_BRIDGE = 3;
export const ROLE_TOY = 4;
export type Role = 1 | 2 | 3 | 4;

/** How many of each role one family has at once: what a policy has room for, where adults and relatives are the senders. */
export const MEMBERS_MAX: Readonly<Record<Role, number>> = {
  [ROLE_ADULT]: MAX_ADULTS,
  [ROLE_RELATIVE]: MAX_SENDERS - MAX_ADULTS,
  [ROLE_BRIDGE]: MAX_BRIDGES,
  [ROLE_TOY]: 8,
};

export interface Member {
  /** `memberId` of its keys. */
  id: Uint8Array;
  role: Role;
  /** Ed25519. Null for a toy, which signs nothing. */
  signKey: Uint8Array | null;
  /** X25519 of the link. A bridge and a toy have one, an adult's device may (it can then host a bridge), a relative's has none. */
  linkKey: Uint8Array | null;
  /** Random number of the person whose device this is: adults and relatives only. */
  person: Uint8Array | null;
}

/** What a device says of itself when it asks to join: a member without its id. */
export type Candidate = Omit<Member, 'id'>;

/**
 * A toy's id: BLAKE2b-16 of `pawpost1/toy` and its link key, unframed, as the toy computes it. Of any other device: the first 16
 * bytes of the framed hash with context `pawpost1/device` of its signing and its link key (empty if it has none).
 */
export function memberId(candidate: Candidate): Uint8Array {
  if (candidate.role === ROLE_TOY) return toyId(candidate.linkKey ?? new Uint8Array(0));
  const none = new Uint8Array(0);
  return framedHash('pawpost1/device', candidate.signKey ?? none, candidate.linkKey ?? none).slice(
    0,
    ID_BYTES,
  );
}

/** A toy's id from its X25519 public key, as in protocol/README.md section 4. */
export function toyId(linkKey: Uint8Array): Uint8Array {
  return blake2b(ID_BYTES, null, ascii(CONTEXT_TOY), linkKey);
}

/** A member with the id of its keys. Fault `roster-member` if the keys do not fit the role. */
export function asMember(candidate: Candidate): Member {
  if (!fitsRole(candidate)) throw fault('roster-member');
  return { id: memberId(candidate), ...candidate };
}

/** The map key of an id or a key: lower-case hex. */
export function idText(id: Uint8Array): string {
  let text = '';
  for (const byte of id) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** A member as a CBOR array: id, role, signing key, link key, person. */
export function memberFields(member: Member): Cbor[] {
  return [member.id, member.role, member.signKey, member.linkKey, member.person];
}

/** Faults: `roster-form`; `roster-member` for keys that do not fit the role or an id that is not theirs. */
export function decodeMember(value: Cbor): Member {
  const [id, role, signKey, linkKey, person] = asTuple(value, 5, 'roster-form');
  const candidate: Candidate = {
    role: asInteger(role, ROLE_ADULT, ROLE_TOY, 'roster-form') as Role,
    signKey: optionalBytes(signKey, KEY_BYTES),
    linkKey: optionalBytes(linkKey, KEY_BYTES),
    person: optionalBytes(person, ID_BYTES),
  };
  const member = asMember(candidate);
  if (!same(member.id, asBytes(id, ID_BYTES, 'roster-form'))) throw fault('roster-member');
  return member;
}

function fitsRole(candidate: Candidate): boolean {
  const isSigner = candidate.signKey !== null;
  const isLinked = candidate.linkKey !== null;
  const isPerson = candidate.person !== null;
  if (candidate.role === ROLE_ADULT) return isSigner && isPerson;
  if (candidate.role === ROLE_RELATIVE) return isSigner && isPerson && !isLinked;
  if (candidate.role === ROLE_BRIDGE) return isSigner && isLinked && !isPerson;
  return !isSigner && isLinked && !isPerson;
}

function optionalBytes(value: Cbor | undefined, length: number): Uint8Array | null {
  return value === null ? null : asBytes(value, length, 'roster-form');
}
