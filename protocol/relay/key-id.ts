// Who signs a request: a device as a member of one family, or that family's root key.
// Membership is per family, so that a family made up by a stranger can never take over a device of another.
import { fault } from '../fault.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { ID_BYTES } from './limits.ts';

/** A signer: `device` is null for the family's root key. */
export interface Signer {
  family: Uint8Array;
  device: Uint8Array | null;
}

const ROOT = 'root';

/** The `keyid` of a signer: base64url of the family's id, a dot, base64url of the device's id or `root`. */
export function encodeKeyId(signer: Signer): string {
  const device = signer.device === null ? ROOT : encodeBase64url(signer.device);
  return `${encodeBase64url(signer.family)}.${device}`;
}

/** The signer of a `keyid`. Faults `request-form`. */
export function decodeKeyId(text: string): Signer {
  const dot = text.indexOf('.');
  if (dot < 0) throw fault('request-form');
  const family = decodeBase64url(text.slice(0, dot), ID_BYTES);
  const device = text.slice(dot + 1);
  return { family, device: device === ROOT ? null : decodeBase64url(device, ID_BYTES) };
}
