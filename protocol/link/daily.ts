// The handshake of every day, Noise KKpsk0: the bridge's script and the toy's, side by side.
import { HINT_BYTES, PATTERN_DAILY } from '../ble/frame.ts';
import { ascii, same, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import type { Handshake, Pattern } from './noise.ts';
import {
  beginHandshake,
  KEY_BYTES,
  KNOWN_INITIATOR,
  KNOWN_RESPONDER,
  readEmptyMessage,
  TOKEN_E,
  TOKEN_EE,
  TOKEN_ES,
  TOKEN_PSK,
  TOKEN_SE,
  TOKEN_SS,
  writeMessage,
} from './noise.ts';
import type { Primitives } from './primitives.ts';
import { SLOT_SHARED, SLOT_TOY_ROOT } from './primitives.ts';
import {
  CALL_BYTES,
  CALL_HEAD_BYTES,
  CALL_HINT,
  encodeCallHead,
  helloNonce,
  prologueOf,
} from './prologue.ts';

export const CONTEXT_BRIDGE = 'pawpost1/bridge';
export const CONTEXT_HINT = 'pawpost1/hint';

/** Bytes of Noise message 2: an ephemeral and an empty payload. */
export const DAILY_REPLY_BYTES = 48;

export const DAILY: Pattern = {
  name: 'Noise_KKpsk0_25519_ChaChaPoly_BLAKE2b',
  known: KNOWN_INITIATOR | KNOWN_RESPONDER,
  isPsk: true,
  messages: [
    [TOKEN_PSK + SLOT_SHARED, TOKEN_E, TOKEN_ES, TOKEN_SS],
    [TOKEN_E, TOKEN_EE, TOKEN_SE],
  ],
};

/** The bridge's psk from toyRoot (SLOT_TOY_ROOT) and the bridge's X25519 public key, into SLOT_SHARED. */
export function deriveBridgePsk(primitives: Primitives, bridgeKey: Uint8Array): void {
  primitives.derive(SLOT_SHARED, SLOT_TOY_ROOT, ascii(CONTEXT_BRIDGE), bridgeKey);
}

/** The hint (8 bytes into `out`) of the bridge whose psk is in SLOT_SHARED, for this hello. */
export function bridgeHint(primitives: Primitives, hello: Uint8Array, out: Uint8Array): void {
  primitives.mac(out, SLOT_SHARED, ascii(CONTEXT_HINT), helloNonce(hello));
}

/**
 * Bridge, first: fills `call` (60 bytes), the body of HANDSHAKE_1. SLOT_IDENTITY holds the bridge's secret, SLOT_SHARED its psk
 * with this toy (it is used up). `mtu` in bytes, `window` in fragments.
 */
export function callDaily(
  primitives: Primitives,
  hello: Uint8Array,
  mtu: number,
  window: number,
  toyKey: Uint8Array,
  call: Uint8Array,
): Handshake {
  encodeCallHead(call, PATTERN_DAILY, mtu, window);
  bridgeHint(primitives, hello, view(call, CALL_HINT, HINT_BYTES));
  const handshake = beginHandshake(primitives, DAILY, true, prologueOf(hello, call), toyKey);
  writeMessage(handshake, new Uint8Array(0), view(call, CALL_HEAD_BYTES, CALL_BYTES - CALL_HEAD_BYTES));
  return handshake;
}

/**
 * Toy: answers `call` (it is opened in place) with 48 bytes in `reply`, the body of HANDSHAKE_2, and returns which of the `count`
 * bridges in `bridges` (32 bytes each) calls. SLOT_IDENTITY and SLOT_TOY_ROOT hold their secrets. Then `openLink`.
 * Faults: handshake-failed; the answer to that is silence.
 */
export function answerDaily(
  primitives: Primitives,
  hello: Uint8Array,
  call: Uint8Array,
  bridges: Uint8Array,
  count: number,
  reply: Uint8Array,
): number {
  if (call.length !== CALL_BYTES || call[0] !== PATTERN_DAILY) throw fault('handshake-failed');
  const hint = new Uint8Array(HINT_BYTES);
  for (let i = 0; i < count; i++) {
    const bridgeKey = view(bridges, i * KEY_BYTES, KEY_BYTES);
    deriveBridgePsk(primitives, bridgeKey);
    bridgeHint(primitives, hello, hint);
    if (same(hint, view(call, CALL_HINT, HINT_BYTES))) {
      const handshake = beginHandshake(primitives, DAILY, false, prologueOf(hello, call), bridgeKey);
      readEmptyMessage(handshake, view(call, CALL_HEAD_BYTES, CALL_BYTES - CALL_HEAD_BYTES));
      writeMessage(handshake, new Uint8Array(0), reply);
      return i;
    }
  }
  primitives.clear(SLOT_SHARED);
  throw fault('handshake-failed');
}

/** Bridge, last: reads the toy's answer, the body of HANDSHAKE_2. Then `openLink`. Faults: handshake-failed. */
export function finishDaily(handshake: Handshake, reply: Uint8Array): void {
  readEmptyMessage(handshake, reply);
}
