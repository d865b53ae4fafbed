// The text of a toy's tag: what its square code says and what a person can type. It holds the secret that pairs the toy, and a check
// that notices a slip of the finger before any toy is asked.
import { fault } from '../fault.ts';

/** What the text begins with; typed without it, it is understood as well. */
export const TAG_PREFIX = 'PAWPOST:';
/** The secret, bytes. */
export const TAG_SECRET_BYTES = 32;
/** Characters after the prefix: 34 bytes of 8 bits in characters of 5, and three zero bits. */
export const TAG_CHARACTERS = 55;

/** Crockford's: no I, L, O, U. All of it stands in the QR code's short alphabet. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_BYTES = 2;

/** The text of a tag's 32-byte secret, upper case, in one piece. */
export function encodeTag(secret: Uint8Array): string {
  if (secret.length !== TAG_SECRET_BYTES) throw new RangeError('a tag has 32 bytes');
  const bytes = new Uint8Array(TAG_SECRET_BYTES + CHECK_BYTES);
  bytes.set(secret);
  const check = crc16(secret);
  bytes[TAG_SECRET_BYTES] = check >> 8;
  bytes[TAG_SECRET_BYTES + 1] = check & 255;
  let text = TAG_PREFIX;
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  bytes.fill(0);
  return text + ALPHABET[(held << (5 - bits)) & 31];
}

/**
 * The secret of a tag's text, as scanned or typed: case, blanks and dashes do not count, O is 0, I and L are 1.
 * Faults: `tag-form` (that is no tag's text), `tag-checksum` (it is, with a mistake in it).
 */
export function decodeTag(text: string): Uint8Array {
  const typed = text.toUpperCase().replaceAll(/[\s-]/g, '');
  const code = typed.startsWith(TAG_PREFIX) ? typed.slice(TAG_PREFIX.length) : typed;
  if (code.length !== TAG_CHARACTERS) throw fault('tag-form');
  const bytes = new Uint8Array(TAG_SECRET_BYTES + CHECK_BYTES);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of code.replaceAll('O', '0').replaceAll(/[IL]/g, '1')) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw fault('tag-form');
    held = ((held & 127) << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 255;
  }
  const secret = bytes.slice(0, TAG_SECRET_BYTES);
  const check = (bytes[TAG_SECRET_BYTES]! << 8) | bytes[TAG_SECRET_BYTES + 1]!;
  bytes.fill(0);
  // The spare bits are zero, or two texts would name one secret.
  if (check === crc16(secret) && (held & ((1 << bits) - 1)) === 0) return secret;
  secret.fill(0);
  throw fault('tag-checksum');
}

/** CRC-16/IBM-3740. It is for slips, not for forgers: one wrong character, or two that changed places, it never misses; a hash may. */
function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}
