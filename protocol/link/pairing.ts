// The handshake of pairing, Noise XXpsk0 with the tag's secret, and the four animals that a parent compares after it.
import { ascii, same, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import type { Handshake, Pattern } from './noise.ts';
import {
  beginHandshake,
  readEmptyMessage,
  TOKEN_E,
  TOKEN_EE,
  TOKEN_ES,
  TOKEN_PSK,
  TOKEN_S,
  TOKEN_SE,
  TRANSCRIPT_BYTES,
  writeMessage,
} from './noise.ts';
import type { Primitives } from './primitives.ts';
import { SLOT_TAG } from './primitives.ts';
import {
  CALL_BYTES,
  CALL_HEAD_BYTES,
  CALL_HINT,
  CALL_HINT_BYTES,
  encodeCallHead,
  PATTERN_PAIRING,
  prologueOf,
} from './prologue.ts';

export const CONTEXT_COMMIT = 'pawpost1/commit';
export const CONTEXT_ANIMALS = 'pawpost1/animals';

/** Bytes of Noise messages 2 and 3. */
export const PAIRING_REPLY_BYTES = 96;
export const PAIRING_FINISH_BYTES = 64;
export const PAIRING_NONCE_BYTES = 16;
export const COMMITMENT_BYTES = 32;
/** Animals sung, each 0-15. */
export const ANIMAL_COUNT = 4;

export const PAIRING: Pattern = {
  name: 'Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b',
  known: 0,
  isPsk: true,
  messages: [
    [TOKEN_PSK + SLOT_TAG, TOKEN_E],
    [TOKEN_E, TOKEN_EE, TOKEN_S, TOKEN_ES],
    [TOKEN_S, TOKEN_SE],
  ],
};

/** Bridge, message 1: fills `call` (60 bytes), the body of HANDSHAKE_1. SLOT_IDENTITY and SLOT_TAG hold their secrets. */
export function callPairing(
  primitives: Primitives,
  hello: Uint8Array,
  mtu: number,
  window: number,
  call: Uint8Array,
): Handshake {
  encodeCallHead(call, PATTERN_PAIRING, mtu, window);
  view(call, CALL_HINT, CALL_HINT_BYTES).fill(0);
  const handshake = beginHandshake(primitives, PAIRING, true, prologueOf(hello, call), null);
  writeMessage(handshake, new Uint8Array(0), view(call, CALL_HEAD_BYTES, CALL_BYTES - CALL_HEAD_BYTES));
  return handshake;
}

/** Toy, message 2: reads `call` and fills `reply` (96 bytes), the body of HANDSHAKE_2. Faults: handshake-failed; answer silence. */
export function answerPairing(
  primitives: Primitives,
  hello: Uint8Array,
  call: Uint8Array,
  reply: Uint8Array,
): Handshake {
  if (call.length !== CALL_BYTES || call[0] !== PATTERN_PAIRING) throw fault('handshake-failed');
  const handshake = beginHandshake(primitives, PAIRING, false, prologueOf(hello, call), null);
  readEmptyMessage(handshake, view(call, CALL_HEAD_BYTES, CALL_BYTES - CALL_HEAD_BYTES));
  writeMessage(handshake, new Uint8Array(0), reply);
  return handshake;
}

/** Bridge, message 3: reads `reply` and fills `finish` (64 bytes), the body of HANDSHAKE_3. `handshake.remote` is the toy's key. Then `openLink`. */
export function finishPairing(handshake: Handshake, reply: Uint8Array, finish: Uint8Array): void {
  readEmptyMessage(handshake, reply);
  writeMessage(handshake, new Uint8Array(0), finish);
}

/** Toy, last: reads HANDSHAKE_3. `handshake.remote` is the bridge's key. Then `openLink`. Faults: handshake-failed. */
export function acceptPairing(handshake: Handshake, finish: Uint8Array): void {
  readEmptyMessage(handshake, finish);
}

/** The commitment (32 bytes into `out`) to a nonce of 16 bytes, on the link with this handshake hash (`handshake.transcript`). */
export function commitTo(
  primitives: Primitives,
  transcript: Uint8Array,
  nonce: Uint8Array,
  out: Uint8Array,
): void {
  const context = ascii(CONTEXT_COMMIT);
  const bound = new Uint8Array(context.length + TRANSCRIPT_BYTES);
  bound.set(context);
  bound.set(transcript, context.length);
  primitives.hash(out, bound, nonce);
}

/** True if `nonce`, revealed by the other side, is what it committed to. */
export function keepsCommitment(
  primitives: Primitives,
  transcript: Uint8Array,
  nonce: Uint8Array,
  commitment: Uint8Array,
): boolean {
  if (nonce.length !== PAIRING_NONCE_BYTES || commitment.length !== COMMITMENT_BYTES) return false;
  const expected = new Uint8Array(COMMITMENT_BYTES);
  commitTo(primitives, transcript, nonce, expected);
  return same(expected, commitment);
}

/** The four animals (0-15 each, into `out`) that both sides show. 16 bits: the commitments leave a searcher one try. */
export function animalsOf(
  primitives: Primitives,
  transcript: Uint8Array,
  bridgeNonce: Uint8Array,
  toyNonce: Uint8Array,
  out: Uint8Array,
): void {
  const context = ascii(CONTEXT_ANIMALS);
  const bound = new Uint8Array(context.length + TRANSCRIPT_BYTES + PAIRING_NONCE_BYTES);
  bound.set(context);
  bound.set(transcript, context.length);
  bound.set(bridgeNonce, context.length + TRANSCRIPT_BYTES);
  const bits = new Uint8Array(2);
  primitives.hash(bits, bound, toyNonce);
  out[0] = bits[0]! >> 4;
  out[1] = bits[0]! & 15;
  out[2] = bits[1]! >> 4;
  out[3] = bits[1]! & 15;
}
