// Who gets a message and who may send it: computed from the roster and the toy's policy, both signed, never from a list that a server keeps.
import {
  APPROVAL,
  BEACON,
  CONSENT,
  ERRAND,
  GRANT,
  type Kind,
  POLICY,
  PROFILE,
  RECEIPT,
  VOICE_FROM_TOY,
  VOICE_TO_TOY,
} from '../envelope/content.ts';
import { compareIds } from '../envelope/header.ts';
import { fault } from '../fault.ts';
import { findSender } from '../policy/policy.ts';
import { memberOf, type Roster } from './chain.ts';
import { type SigningMember, signs } from './judge.ts';
import { type Member, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE, ROLE_TOY, type Role } from './member.ts';

/** What decides the recipients. */
export interface Addressing {
  kind: Kind;
  toyId: Uint8Array;
  senderId: Uint8Array;
  /** A grant's or an errand's device; the sender of the message that a receipt or an approval is about. Null for the other kinds. */
  deviceId: Uint8Array | null;
  /** The toy's newest policy, for a voice from it: of the relatives, those hear the child who may speak to it. None: no relative does. */
  policy?: Uint8Array | null;
}

/** A grant and an errand name their one device. */
const RECEIVING: Readonly<Record<Kind, readonly Role[]>> = {
  [VOICE_FROM_TOY]: [ROLE_ADULT, ROLE_RELATIVE],
  [VOICE_TO_TOY]: [ROLE_ADULT, ROLE_BRIDGE],
  [POLICY]: [ROLE_ADULT, ROLE_BRIDGE],
  [GRANT]: [],
  [RECEIPT]: [ROLE_ADULT],
  [APPROVAL]: [ROLE_ADULT, ROLE_BRIDGE],
  [PROFILE]: [ROLE_ADULT, ROLE_RELATIVE],
  [CONSENT]: [ROLE_ADULT],
  [BEACON]: [ROLE_ADULT, ROLE_RELATIVE, ROLE_BRIDGE],
  [ERRAND]: [],
};

/** Adults may send every kind: they also send again what a device was skipped for. */
const SENDING: Readonly<Record<Kind, readonly Role[]>> = {
  [VOICE_FROM_TOY]: [ROLE_BRIDGE, ROLE_ADULT],
  [VOICE_TO_TOY]: [ROLE_RELATIVE, ROLE_ADULT],
  [POLICY]: [ROLE_ADULT],
  [GRANT]: [ROLE_ADULT],
  [RECEIPT]: [ROLE_BRIDGE, ROLE_RELATIVE, ROLE_ADULT],
  [APPROVAL]: [ROLE_ADULT],
  [PROFILE]: [ROLE_RELATIVE, ROLE_ADULT],
  [CONSENT]: [ROLE_ADULT],
  [ERRAND]: [ROLE_ADULT, ROLE_BRIDGE],
  [BEACON]: [ROLE_ADULT],
};

/** They are about no toy of the family: their toy id is zeros. */
const ABOUT_NO_TOY: readonly Kind[] = [PROFILE, ERRAND, BEACON];

/** True if a member of this role may send this kind. */
export function maySend(role: Role, kind: Kind): boolean {
  return SENDING[kind].includes(role);
}

/**
 * The devices that get the message, by rising id, never the sender itself. Faults: `roster-member` if toy, sender or the named device
 * is not in the roster (a relative's device never gets a grant); `roster-right` if the sender may not send this kind.
 */
export function recipientsFor(roster: Roster, addressing: Addressing): SigningMember[] {
  const { kind, senderId, deviceId } = addressing;
  if (!ABOUT_NO_TOY.includes(kind) && memberOf(roster, addressing.toyId)?.role !== ROLE_TOY)
    throw fault('roster-member');
  const sender = memberOf(roster, senderId);
  if (sender === undefined) throw fault('roster-member');
  if (!maySend(sender.role, kind)) throw fault('roster-right');
  const named = deviceId === null ? null : memberOf(roster, deviceId);
  if (named === undefined || !mayBeNamed(kind, named, sender)) throw fault('roster-member');
  const recipients: SigningMember[] = [];
  for (const member of roster.members.values()) {
    if (member === sender || !signs(member)) continue;
    if (kind === VOICE_FROM_TOY && member.role === ROLE_RELATIVE && !maySpeak(member, addressing.policy))
      continue;
    if (RECEIVING[kind].includes(member.role) || member === named) recipients.push(member);
  }
  return recipients.sort((a, b) => compareIds(a.id, b.id));
}

function mayBeNamed(kind: Kind, named: Member | null, sender: Member): boolean {
  // Between an adult and a bridge, either way.
  if (kind === ERRAND) return named?.role === (sender.role === ROLE_ADULT ? ROLE_BRIDGE : ROLE_ADULT);
  if (kind === GRANT) return named !== null && (named.role === ROLE_ADULT || named.role === ROLE_BRIDGE);
  return named === null || kind === RECEIPT || kind === APPROVAL;
}

function maySpeak(member: SigningMember, policy: Uint8Array | null | undefined): boolean {
  return policy !== null && policy !== undefined && findSender(policy, member.signKey) >= 0;
}
