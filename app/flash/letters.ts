// Bytes as letters: base64, hex, and one letter a byte, as Espruino's console has them; and the check over a line of its.

/** The same text that btoa gives on the chip. */
export function base64(bytes: Uint8Array): string {
  return btoa(latin1(bytes));
}

/** The bytes of base64; none of what is no base64. */
export function bytesOfBase64(text: string): Uint8Array {
  try {
    return bytesOfLatin1(atob(text));
  } catch {
    return new Uint8Array(0);
  }
}

/** Lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One letter a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** One byte a letter: what a letter has above 255 is lost. */
export function bytesOfLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  return value;
});

/** CRC-32 (ISO 3309) of a text of one byte a letter: E.CRC32 of Espruino. */
export function crc32(text: string): number {
  let value = 0xffffffff;
  for (let i = 0; i < text.length; i++) value = (value >>> 8) ^ TABLE[(value ^ text.charCodeAt(i)) & 255]!;
  return ~value >>> 0;
}
