// Joining a family. An invitation bears no rights: the newcomer sends its keys, both screens show the same six words, and only then does
// an adult sign exactly those keys into the chain.
import { same } from '../bytes.ts';
import { asArray, asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '../cbor.ts';
import { type FaultCode, fault } from '../fault.ts';
import { ID_BYTES, PIGEONHOLE_S } from '../relay/limits.ts';
import { framedHash, framedKey } from '../sodium/hash.ts';
import { sodium } from '../sodium/ready.ts';
import { signDigest, verifySignature } from '../sodium/sign.ts';
import { asMember, type Candidate, decodeMember, type Member, memberFields, ROLE_ADULT } from './member.ts';
import type { Pin } from './pin.ts';
import { isName } from './profile.ts';
import { wordsOf } from './words.ts';

const INVITATION_VERSION = 1;
const FORM: FaultCode = 'invitation-form';
const U32_MAX = 0xffffffff;
const NONCE_BYTES = 24;
/** Words compared by two people: 66 bits. */
export const COMPARED_WORDS = 6;
/** An invitation is worth nothing after this, seconds: its pigeonhole is gone then. */
export const INVITATION_S = PIGEONHOLE_S;

/** What the newcomer sends: its keys, and what it calls itself. */
export interface JoinRequest {
  member: Member;
  name: string;
}

/** What the link or the square code says. It goes from person to person, in the part of a link that no server sees. */
export interface Invitation {
  /** Names the pigeonhole at the relay. */
  invitationId: Uint8Array;
  /** Seals what goes through it. */
  secret: Uint8Array;
  familyId: Uint8Array;
  /** The newcomer refuses any chain without this head. */
  headNumber: number;
  head: Uint8Array;
  /** The person whose other phone is invited, 16 bytes: the newcomer becomes an adult's device of it. Left out: somebody new. */
  person?: Uint8Array;
}

/** The inviting device's answer, made after the request has come. */
export interface JoinAnswer {
  /** The adult's device, as the chain lists it. */
  adult: Member;
  headNumber: number;
  head: Uint8Array;
  /** 16 random bytes, drawn for this request and never shown before it. */
  nonce: Uint8Array;
}

export function encodeInvitation(invitation: Invitation): Uint8Array {
  const { invitationId, secret, familyId, headNumber, head, person } = invitation;
  const fields = [INVITATION_VERSION, invitationId, secret, familyId, headNumber, head];
  return encodeCbor(person === undefined ? fields : [...fields, person]);
}

/** Fault `invitation-form`. */
export function decodeInvitation(bytes: Uint8Array): Invitation {
  const fields = asArray(decodeCbor(bytes, FORM), 6, FORM);
  if (fields[0] !== INVITATION_VERSION || fields.length > 7) throw fault(FORM);
  return {
    invitationId: asBytes(fields[1], ID_BYTES, FORM),
    secret: asBytes(fields[2], 32, FORM),
    familyId: asBytes(fields[3], ID_BYTES, FORM),
    headNumber: asInteger(fields[4], 0, U32_MAX, FORM),
    head: asBytes(fields[5], 32, FORM),
    ...(fields.length === 7 ? { person: asBytes(fields[6], ID_BYTES, FORM) } : {}),
  };
}

/**
 * A newcomer is who it was invited as: another device of the invitation's person, an adult; else a person of whom the family knows nothing. `known`:
 * the persons who are, or were, in the family. Fault `invitation-person`.
 */
export function requireInvitedPerson(
  { person }: Invitation,
  { role, person: claimed }: Member,
  known: readonly Uint8Array[],
): void {
  const isInvited =
    person === undefined
      ? claimed === null || !known.some((one) => same(one, claimed))
      : role === ROLE_ADULT && claimed !== null && same(claimed, person);
  if (!isInvited) throw fault('invitation-person');
}

/** What the invitation makes the newcomer insist on. */
export function pinOfInvitation(invitation: Invitation): Pin {
  const { familyId, headNumber, head } = invitation;
  return { familyId, number: headNumber, head, generation: 0 };
}

/**
 * The newcomer's keys and name, signed by the newcomer: nobody brings in a key that is another's. Context `pawpost1/join`. Fault
 * `invitation-form` for a name that is none.
 */
export function encodeJoinRequest(
  invitation: Invitation,
  candidate: Candidate,
  name: string,
  secret: Uint8Array,
): Uint8Array {
  if (!isName(name)) throw fault(FORM);
  const payload = encodeCbor([
    INVITATION_VERSION,
    invitation.invitationId,
    memberFields(asMember(candidate)),
    name,
  ]);
  return encodeCbor([payload, signDigest(framedHash('pawpost1/join', payload), secret)]);
}

/** Faults: `invitation-form` (also for a false signature, another invitation, or a toy), `roster-form`, `roster-member`. */
export function decodeJoinRequest(invitation: Invitation, bytes: Uint8Array): JoinRequest {
  const [payload, signature] = asTuple(decodeCbor(bytes, FORM), 2, FORM);
  if (!(payload instanceof Uint8Array)) throw fault(FORM);
  const [version, invitationId, fields, name] = asTuple(decodeCbor(payload, FORM), 4, FORM);
  if (version !== INVITATION_VERSION || fields === undefined) throw fault(FORM);
  if (typeof name !== 'string' || !isName(name)) throw fault(FORM);
  const isForThis = sodium.memcmp(asBytes(invitationId, ID_BYTES, FORM), invitation.invitationId);
  const member = decodeMember(fields);
  if (!isForThis || member.signKey === null) throw fault(FORM);
  const digest = framedHash('pawpost1/join', payload);
  if (!verifySignature(asBytes(signature, 64, FORM), digest, member.signKey)) throw fault(FORM);
  return { member, name };
}

export function encodeJoinAnswer(answer: JoinAnswer): Uint8Array {
  const { adult, headNumber, head, nonce } = answer;
  return encodeCbor([INVITATION_VERSION, memberFields(adult), headNumber, head, nonce]);
}

/** Faults: `invitation-form` (also for somebody who is no adult), `roster-form`, `roster-member`. */
export function decodeJoinAnswer(bytes: Uint8Array): JoinAnswer {
  const [version, fields, headNumber, head, nonce] = asTuple(decodeCbor(bytes, FORM), 5, FORM);
  if (version !== INVITATION_VERSION || fields === undefined) throw fault(FORM);
  const adult = decodeMember(fields);
  if (adult.role !== ROLE_ADULT) throw fault(FORM);
  return {
    adult,
    headNumber: asInteger(headNumber, 0, U32_MAX, FORM),
    head: asBytes(head, 32, FORM),
    nonce: asBytes(nonce, ID_BYTES, FORM),
  };
}

/**
 * The six words that both people must see: over the family, the head, both devices and the answer's nonce. The nonce is why 66 bits are
 * enough: someone in the middle has fixed the keys shown to the adult before it is drawn, so that there is no birthday search, and
 * is left with 2^66 tries for the other screen. Context `pawpost1/words`.
 */
export function comparedWords(familyId: Uint8Array, answer: JoinAnswer, newcomer: Member): string[] {
  const members = encodeCbor([memberFields(answer.adult), memberFields(newcomer)]);
  const hash = framedHash(
    'pawpost1/words',
    familyId,
    encodeCbor([answer.headNumber, answer.head]),
    members,
    answer.nonce,
  );
  return wordsOf(hash, COMPARED_WORDS);
}

/**
 * Seed of the door key (Ed25519) by which the newcomer, who is no member yet, signs its requests for the invitation's pigeonhole. The relay
 * knows the public half only. Context `pawpost1/invitation-door`.
 */
export function doorSeed(invitation: Invitation): Uint8Array {
  return framedKey(invitation.secret, 'pawpost1/invitation-door', invitation.invitationId);
}

/** `bytes` sealed for the pigeonhole: nonce, then XChaCha20-Poly1305. `nonce` is 24 random bytes. Context `pawpost1/invitation`. */
export function sealForInvitation(invitation: Invitation, bytes: Uint8Array, nonce: Uint8Array): Uint8Array {
  const key = framedKey(invitation.secret, 'pawpost1/invitation', invitation.invitationId);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes, null, null, nonce, key);
  const out = new Uint8Array(NONCE_BYTES + sealed.length);
  out.set(nonce);
  out.set(sealed, NONCE_BYTES);
  return out;
}

/** Fault `invitation-form`. */
export function openFromInvitation(invitation: Invitation, sealed: Uint8Array): Uint8Array {
  const key = framedKey(invitation.secret, 'pawpost1/invitation', invitation.invitationId);
  const nonce = sealed.subarray(0, NONCE_BYTES);
  try {
    const bytes = sealed.subarray(NONCE_BYTES);
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, bytes, null, nonce, key);
  } catch {
    throw fault(FORM);
  }
}
