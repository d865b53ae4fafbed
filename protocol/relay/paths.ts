// The relay's addresses, in one place for both ends. Only the family's id, a message's or an invitation's random id, a device's id
// and numbers are ever part of one; nothing in them is a key.
import { encodeBase64url } from './base64url.ts';

export const FAMILIES = '/v1/families';
export const FAMILY_CHAIN = '/v1/families/:family/chain';
export const MESSAGE = '/v1/messages/:message';
export const MAILBOX = '/v1/mailbox';
export const MAILBOX_ITEM = '/v1/mailbox/:cursor';
export const MAILBOX_ACK = '/v1/mailbox/ack';
export const PREKEYS = '/v1/prekeys';
export const EVENTS = '/v1/events';
export const INVITATION = '/v1/invitations/:invitation';
export const INVITATION_REQUEST = '/v1/invitations/:invitation/request';
export const INVITATION_ANSWER = '/v1/invitations/:invitation/answer';
export const INVITATION_CLOSE = '/v1/invitations/:invitation/close';
export const SAFE = '/v1/safe';
export const PUSH = '/v1/push';

/** The two things that lie in an invitation's pigeonhole. */
export type InvitationPart = 'request' | 'answer';

const INVITATION_PARTS: Readonly<Record<InvitationPart, string>> = {
  request: INVITATION_REQUEST,
  answer: INVITATION_ANSWER,
};

/** Path of a family's chain from the entry after the first `after` ones. */
export function chainPath(family: Uint8Array, after?: number): string {
  const path = FAMILY_CHAIN.replace(':family', encodeBase64url(family));
  return after === undefined ? path : `${path}?after=${after}`;
}

/** Path under which a sender stores a message. */
export function messagePath(message: Uint8Array): string {
  return MESSAGE.replace(':message', encodeBase64url(message));
}

/** Path of the mailbox listing after a cursor; `waitS` makes it a long poll, in seconds. */
export function mailboxPath(after: number, limit: number, waitS = 0): string {
  return `${MAILBOX}?after=${after}&limit=${limit}${waitS > 0 ? `&wait=${waitS}` : ''}`;
}

/** Path of one message in the signer's own mailbox. */
export function mailboxItemPath(cursor: number): string {
  return MAILBOX_ITEM.replace(':cursor', String(cursor));
}

/** Path of the prekey bundles of some devices. */
export function prekeysPath(devices: readonly Uint8Array[]): string {
  return `${PREKEYS}?${devices.map((device) => `device=${encodeBase64url(device)}`).join('&')}`;
}

/** Path of the signer's event stream after a cursor. */
export function eventsPath(after: number): string {
  return `${EVENTS}?after=${after}`;
}

/** Path at which an adult opens an invitation's pigeonhole. */
export function invitationPath(invitation: Uint8Array): string {
  return INVITATION.replace(':invitation', encodeBase64url(invitation));
}

/** Path of one part of a pigeonhole; `waitS` makes reading a long poll, in seconds. */
export function invitationPartPath(invitation: Uint8Array, part: InvitationPart, waitS = 0): string {
  const path = INVITATION_PARTS[part].replace(':invitation', encodeBase64url(invitation));
  return waitS > 0 ? `${path}?wait=${waitS}` : path;
}

/** Path at which an adult closes a pigeonhole. */
export function invitationClosePath(invitation: Uint8Array): string {
  return INVITATION_CLOSE.replace(':invitation', encodeBase64url(invitation));
}
