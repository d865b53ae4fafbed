// What the checks of a policy or stamp need for a moment. Made anew each time: on the toy, a buffer that waited for them would take a
// thirtieth of all memory for a check a week; its native library takes arrays in pieces, should no run of memory be long enough.
import { ascii, same } from '../bytes.ts';
import type { Primitives } from '../link/primitives.ts';

/** The context and then the first `length` of `bytes`: what a signature covers. */
export function signedBytes(context: string, bytes: Uint8Array, length: number): Uint8Array {
  const start = context.length;
  const signed = new Uint8Array(start + length);
  signed.set(ascii(context), 0);
  signed.set(bytes.subarray(0, length), start);
  return signed;
}

/**
 * True if bytes[from, to) are zeros. By hash: the toy pays ten thousand instructions for each byte that JavaScript looks at,
 * and a policy may have 1600 unused ones.
 */
export function isZero(primitives: Primitives, bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from) return true;
  const nothing = new Uint8Array(0);
  const found = new Uint8Array(32);
  const expected = new Uint8Array(32);
  primitives.hash(found, bytes.subarray(from, to), nothing);
  primitives.hash(expected, new Uint8Array(to - from), nothing);
  return same(found, expected);
}
