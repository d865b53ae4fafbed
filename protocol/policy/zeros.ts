// Whether a run of bytes is zeros, at a price that a toy can pay.
import { NOTHING, same } from '../bytes.ts';
import type { Primitives } from '../link/primitives.ts';

/**
 * True if bytes[from, to) are zeros: if the first is one, and all but the last are the same as all but the first. By hash: the toy
 * pays ten thousand instructions for each byte that JavaScript looks at, and a policy may have 1600 unused ones.
 */
export function isZero(primitives: Primitives, bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from) return true;
  const before = new Uint8Array(32);
  const behind = new Uint8Array(32);
  primitives.hash(before, bytes.subarray(from, to - 1), NOTHING);
  primitives.hash(behind, bytes.subarray(from + 1, to), NOTHING);
  return bytes[from] === 0 && same(before, behind);
}
