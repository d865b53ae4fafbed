// The toy's part of a handshake. A function of the top level that runs seldom: the build puts all of Noise inside it, so that none of
// it takes room between handshakes.
import { PATTERN_DAILY } from '#protocol/ble/frame.ts';
import { FRAME_AT, type Splitter, setLimits } from '#protocol/ble/splitter.ts';
import { view } from '#protocol/bytes.ts';
import { answerDaily, DAILY_REPLY_BYTES } from '#protocol/link/daily.ts';
import type { Handshake } from '#protocol/link/noise.ts';
import { acceptPairing, answerPairing, PAIRING_REPLY_BYTES } from '#protocol/link/pairing.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { callMtu, callWindow } from '#protocol/link/prologue.ts';
import { type Link, openLink } from '#protocol/link/records.ts';
import { bridgeCount } from '#protocol/policy/policy.ts';
import type { PolicyInForce } from './policy.ts';

/** ATT's head in each value. */
const ATT_HEAD_BYTES = 3;
const KEY_BYTES = 32;

/** What the handshakes of one connection have come to; all null at first. */
export interface Acquaintance {
  /** A pairing, while its last message is missing. */
  handshake: Handshake | null;
  /** The open link, after the last message. */
  link: Link | null;
  /** Of a complete pairing: its handshake hash. */
  transcript: Uint8Array | null;
  /** Of a daily call: the key of the bridge that called. */
  caller: Uint8Array | null;
}

/**
 * Takes a handshake frame's body: the call if there is no handshake yet, else a pairing's last message. Returns the bytes of the
 * answer, whose body stands after the type at `splitter.buffer[FRAME_AT]`; 0 if there is none to give. `hello` is the body of HELLO.
 * Faults: handshake-failed; the answer to that is silence.
 */
export function takeHandshake(
  acquaintance: Acquaintance,
  primitives: Primitives,
  policy: PolicyInForce,
  isPairingOpen: boolean,
  hello: Uint8Array,
  body: Uint8Array,
  splitter: Splitter,
  valueBytes: number,
): number {
  if (acquaintance.handshake) {
    acceptPairing(acquaintance.handshake, body);
    acquaintance.transcript = acquaintance.handshake.transcript;
    acquaintance.handshake = null;
    acquaintance.link = openLink(primitives, false);
    return 0;
  }
  let replyBytes = 0;
  if (body[0] === PATTERN_DAILY && policy.isPaired()) {
    replyBytes = DAILY_REPLY_BYTES;
    const bridges = policy.bridges();
    const reply = view(splitter.buffer, FRAME_AT + 1, replyBytes);
    const index = answerDaily(primitives, hello, body, bridges, bridgeCount(policy.head), reply);
    acquaintance.caller = new Uint8Array(KEY_BYTES);
    acquaintance.caller.set(view(bridges, index * KEY_BYTES, KEY_BYTES));
    acquaintance.link = openLink(primitives, false);
  } else if (body[0] !== PATTERN_DAILY && !policy.isPaired() && isPairingOpen) {
    replyBytes = PAIRING_REPLY_BYTES;
    const reply = view(splitter.buffer, FRAME_AT + 1, replyBytes);
    acquaintance.handshake = answerPairing(primitives, hello, body, reply);
  } else return 0;
  setLimits(splitter, Math.min(callMtu(body) - ATT_HEAD_BYTES, valueBytes), callWindow(body));
  return replyBytes;
}
