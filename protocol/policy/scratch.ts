// One buffer for all checks of a policy or stamp, taken when the program starts: later the toy may have no run of memory as long.
import { ascii, same } from '../bytes.ts';
import type { Primitives } from '../link/primitives.ts';

/** The longest thing signed: `pawpost1/policy` and 1736 bytes. */
export const SCRATCH_BYTES = 1751;

const scratch = new Uint8Array(SCRATCH_BYTES);
const found = new Uint8Array(32);
const expected = new Uint8Array(32);
const nothing = new Uint8Array(0);

/** The context and then the first `length` of `bytes`: what a signature covers. Good until the next call of a function of this file. */
export function signedBytes(context: string, bytes: Uint8Array, length: number): Uint8Array {
  const start = context.length;
  scratch.set(ascii(context), 0);
  scratch.set(bytes.subarray(0, length), start);
  return scratch.subarray(0, start + length);
}

/**
 * True if bytes[from, to) are zeros. By hash: the toy pays ten thousand instructions for each byte that JavaScript looks at,
 * and a policy may have 1600 unused ones.
 */
export function isZero(primitives: Primitives, bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from) return true;
  scratch.fill(0);
  primitives.hash(found, bytes.subarray(from, to), nothing);
  primitives.hash(expected, scratch.subarray(0, to - from), nothing);
  return same(found, expected);
}
