// An invitation as it goes from person to person: a text, alone or behind the `#` of a link, which no server sees.
import { fault } from '../fault.ts';
import { decodeBase64url, encodeBase64url } from '../relay/base64url.ts';
import { decodeInvitation, encodeInvitation, type Invitation } from './invitation.ts';
import { isOrigin } from './origin.ts';

const BETWEEN = '~';
const IN_LINK = '#join=';
/** Longest text that is looked at: a link with room to spare. */
const TEXT_MAX = 4096;

/** `<base64url of the invitation>~<base64url of the relay's origin>`. */
export function invitationText(invitation: Invitation, relay: string): string {
  if (!isOrigin(relay)) throw new RangeError('no origin');
  const origin = new TextEncoder().encode(relay);
  return encodeBase64url(encodeInvitation(invitation)) + BETWEEN + encodeBase64url(origin);
}

/** The text alone, or a link with `#join=` and the text at its end. Fault `invitation-form`. */
export function readInvitationText(text: string): { invitation: Invitation; relay: string } {
  if (text.length > TEXT_MAX) throw fault('invitation-form');
  const trimmed = text.trim();
  const at = trimmed.indexOf(IN_LINK);
  const [first, second, ...rest] = (at < 0 ? trimmed : trimmed.slice(at + IN_LINK.length)).split(BETWEEN);
  if (first === undefined || second === undefined || rest.length > 0) throw fault('invitation-form');
  let bytes: Uint8Array;
  let relay: string;
  try {
    bytes = decodeBase64url(first);
    relay = new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64url(second));
  } catch {
    throw fault('invitation-form');
  }
  if (!isOrigin(relay)) throw fault('invitation-form');
  return { invitation: decodeInvitation(bytes), relay };
}
