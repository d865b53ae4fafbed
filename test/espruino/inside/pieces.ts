// Arrays that are chains of variables, as Espruino makes them when memory is in pieces: the native modules take them all the same. Runs
// inside Espruino.
import type { Primitives } from '#protocol/link/primitives.ts';
import { counting, differs, toHex } from '#test/contracts/bytes-hex.ts';
import { say, sayDone } from './say.ts';

declare function require(name: 'sodium'): Primitives;
declare const E: {
  toArrayBuffer(text: string): ArrayBuffer;
  getAddressOf(value: unknown, flat: boolean): number;
};

const LENGTH = 1000;
const NOTHING = new Uint8Array(0);

/** `length` zeros in a chain. */
function inPieces(length: number): Uint8Array {
  let text = '';
  for (let i = 0; i < length; i++) text += '\0';
  return new Uint8Array(E.toArrayBuffer(text));
}

const sodium = require('sodium');
const chain = inPieces(LENGTH);
const whole = new Uint8Array(LENGTH);
const a = new Uint8Array(64);
const b = inPieces(64);
say(
  'the chain is a chain',
  E.getAddressOf(chain, true) === 0 && E.getAddressOf(whole, true) !== 0 ? '' : 'it is flat',
);
whole.set(counting(5, 200));
chain.set(counting(5, 200));
sodium.hash(a, whole, NOTHING);
sodium.hash(b, chain, NOTHING);
say('hash of a chain into a chain', differs('hash', b, toHex(a)));
sodium.load(11, counting(1, 32));
sodium.seal(11, 3, NOTHING, whole, 7, 900);
sodium.seal(11, 3, NOTHING, chain, 7, 900);
sodium.hash(a, whole, NOTHING);
sodium.hash(b, chain, NOTHING);
say('seal within a chain', differs('sealed', b, toHex(a)));
say('open within a chain', sodium.open(11, 3, NOTHING, chain, 7, 916) ? '' : 'refused');
say('and what was opened', differs('opened', chain.subarray(0, 12), '05060708090a0b0c0d0e0f10'));
let isRefused = false;
try {
  sodium.hash(a, inPieces(4097), NOTHING);
} catch (_) {
  isRefused = true;
}
say('longer than anything of ours', isRefused ? '' : 'is taken');
sayDone();
