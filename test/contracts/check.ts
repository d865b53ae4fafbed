// One check of Primitives that runs in Node and in Espruino, and how it looks into a slot without reading it.
import type { Primitives } from '#protocol/link/primitives.ts';
import { fromHex, toHex } from './bytes-hex.ts';

export interface Check {
  name: string;
  /** '' if all is well, else what is wrong. */
  run: (p: Primitives) => string;
}

const NOTHING = new Uint8Array(0);

/** The slot's first 32 bytes, compared without reading them: both keys must MAC alike. Uses slot 7. */
export function holds(p: Primitives, slot: number, expected: string): string {
  const a = new Uint8Array(32);
  const b = new Uint8Array(32);
  p.mac(a, slot, NOTHING, NOTHING);
  p.load(7, fromHex(expected));
  p.mac(b, 7, NOTHING, NOTHING);
  p.clear(7);
  return toHex(a) === toHex(b) ? '' : `slot ${slot} does not hold ${expected}; `;
}

/** '' if it was refused. */
export function refuses(what: string, isAccepted: boolean): string {
  return isAccepted ? `${what} is accepted; ` : '';
}
