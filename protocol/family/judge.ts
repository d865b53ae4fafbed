// Whether a message's sender speaks for the family: judged by the newest head that the recipient knows, never by a date in the
// message. Public bytes in, a member out.
import { same } from '../bytes.ts';
import type { EnvelopeHeader } from '../envelope/header.ts';
import { fault } from '../fault.ts';
import { knowsHead, memberOf, type Roster } from './chain.ts';
import type { Member } from './member.ts';

/** A member that signs. */
export type SigningMember = Member & { signKey: Uint8Array };

/**
 * The sender of an envelope with this header, as the roster knows it now. Faults: `envelope-sender` for a device that is no member
 * now, whatever it was once; `envelope-head` for a head that the roster does not hold: the message waits until the chain has been
 * fetched, and is judged again.
 */
export function judgeSender(roster: Roster, header: EnvelopeHeader): SigningMember {
  if (!same(header.familyId, roster.familyId)) throw fault('envelope-sender');
  if (!knowsHead(roster, header.headNumber, header.head)) throw fault('envelope-head');
  const sender = memberOf(roster, header.senderId);
  if (sender === undefined || !signs(sender)) throw fault('envelope-sender');
  return sender;
}

/** True for every member but a toy. */
export function signs(member: Member): member is SigningMember {
  return member.signKey !== null;
}
