// A toy's id: the hash of its link key, so that nobody can give a toy another's id.
import { ascii } from '../bytes.ts';
import type { Primitives } from './primitives.ts';

export const CONTEXT_TOY = 'pawpost1/toy';
export const TOY_ID_BYTES = 16;

/** The id (16 bytes into `out`) of the toy with this X25519 public key. */
export function toyIdOf(primitives: Primitives, toyKey: Uint8Array, out: Uint8Array): void {
  primitives.hash(out, ascii(CONTEXT_TOY), toyKey);
}
