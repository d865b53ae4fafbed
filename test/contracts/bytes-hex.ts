// Hexadecimal for checks that also run in Espruino, which has neither Buffer nor TextEncoder.

/** The bytes of a hexadecimal string. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.substring(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** The hexadecimal string of bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (bytes[i]! + 256).toString(16).substring(1);
  return text;
}

/** `length` bytes that count up from `first`. */
export function counting(first: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = first + i;
  return bytes;
}

/** '' if `got` is `expected` (hexadecimal), else what differs. */
export function differs(what: string, got: Uint8Array, expected: string): string {
  const hex = toHex(got);
  return hex === expected ? '' : `${what} is ${hex}, not ${expected}; `;
}
