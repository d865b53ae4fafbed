// Base64url without padding (RFC 4648 section 5): the one text form of bytes in the relay's JSON, paths and key ids.
import { fault } from '../fault.ts';

const ALPHABET = /^[A-Za-z0-9_-]*$/;
const ORDER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PIECE = 8192; // String.fromCharCode takes its bytes as arguments, and engines limit those.

/** The text of some bytes. */
export function encodeBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of a text. Faults `request-form` unless it is the one canonical text of `sizeBytes` bytes (any size if absent). */
export function decodeBase64url(text: string, sizeBytes?: number): Uint8Array {
  if (!ALPHABET.test(text) || text.length % 4 === 1) throw fault('request-form');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  // Spare bits of the last character must be zero, or two texts would name the same bytes.
  const spareBits = (text.length * 6) % 8;
  const last = ORDER.indexOf(text.charAt(text.length - 1));
  if (spareBits > 0 && (last & ((1 << spareBits) - 1)) !== 0) throw fault('request-form');
  if (sizeBytes !== undefined && bytes.length !== sizeBytes) throw fault('request-form');
  return bytes;
}
