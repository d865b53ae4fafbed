// The handshake of pairing, Noise XXpsk0 with the tag's secret. What follows it is in ceremony.ts.
import { HINT_BYTES, PATTERN_PAIRING } from '../ble/frame.ts';
import { view } from '../bytes.ts';
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
  writeMessage,
} from './noise.ts';
import type { Primitives } from './primitives.ts';
import { SLOT_TAG } from './primitives.ts';
import { CALL_BYTES, CALL_HEAD_BYTES, CALL_HINT, encodeCallHead, prologueOf } from './prologue.ts';

/** Bytes of Noise messages 2 and 3. */
export const PAIRING_REPLY_BYTES = 96;
export const PAIRING_FINISH_BYTES = 64;

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
  view(call, CALL_HINT, HINT_BYTES).fill(0);
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
