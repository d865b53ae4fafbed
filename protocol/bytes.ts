// Little-endian integers in flat buffers: the one place that knows byte order. Toy-safe: no DataView (22 thousand
// instructions a call on the toy against 16 thousand by hand), no slice (it copies element by element there).

/** What is hashed, sealed or bound where there is nothing. One for all: the toy has few variables. */
export const NOTHING = new Uint8Array(0);

/** Unsigned 16-bit integer at `offset`. */
export function u16(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8);
}

/** Unsigned 32-bit integer at `offset`. */
export function u32(bytes: Uint8Array, offset: number): number {
  return (u16(bytes, offset) | (u16(bytes, offset + 2) << 16)) >>> 0;
}

/** Writes an unsigned 16-bit integer. */
export function putU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value & 255;
  bytes[offset + 1] = (value >> 8) & 255;
}

/** Writes an unsigned 32-bit integer. */
export function putU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value & 255;
  bytes[offset + 1] = (value >> 8) & 255;
  bytes[offset + 2] = (value >> 16) & 255;
  bytes[offset + 3] = value >>> 24;
}

/** A view of `length` bytes from `offset`; no copy. */
export function view(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  return bytes.subarray(offset, offset + length);
}

/** True if both hold the same bytes. Not for secrets: time depends on the content. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The bytes of an ASCII string. */
export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A new buffer that holds `a` and then `b`. Allocates: for rare things such as what a signature covers. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a, 0);
  joined.set(b, a.length);
  return joined;
}
