// Who signs a request: a device as a member of one family, that family's root key, or somebody at an invitation's door.
// Membership is per family, so that a family made up by a stranger can never take over a device of another.
import { fault } from '../fault.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { ID_BYTES } from './limits.ts';

/** A signer: a device; with `device` null the family's root key, or with an `invitation` too the key of that invitation's door. */
export interface Signer {
  family: Uint8Array;
  device: Uint8Array | null;
  invitation?: Uint8Array;
}

const ROOT = 'root';
// Behind it 22 characters follow, as many as a device's id has in all: no text reads both ways.
const DOOR = 'i';
const DOOR_CHARACTERS = 1 + Math.ceil((ID_BYTES * 8) / 6);

/** The `keyid` of a signer: base64url of the family's id, a dot, then base64url of the device's id, `root`, or `i` and an invitation's id. */
export function encodeKeyId(signer: Signer): string {
  return `${encodeBase64url(signer.family)}.${whoOf(signer)}`;
}

/** The `keyid` of a newcomer, who is no member yet and signs by the door key of an invitation. */
export function doorKeyId(family: Uint8Array, invitation: Uint8Array): string {
  return encodeKeyId({ family, device: null, invitation });
}

/** The signer of a `keyid`. Faults `request-form`. */
export function decodeKeyId(text: string): Signer {
  const dot = text.indexOf('.');
  if (dot < 0) throw fault('request-form');
  const family = decodeBase64url(text.slice(0, dot), ID_BYTES);
  const who = text.slice(dot + 1);
  if (who === ROOT) return { family, device: null };
  if (who.startsWith(DOOR) && who.length === DOOR_CHARACTERS)
    return { family, device: null, invitation: decodeBase64url(who.slice(1), ID_BYTES) };
  return { family, device: decodeBase64url(who, ID_BYTES) };
}

function whoOf({ device, invitation }: Signer): string {
  if (device !== null) return encodeBase64url(device);
  return invitation === undefined ? ROOT : DOOR + encodeBase64url(invitation);
}
