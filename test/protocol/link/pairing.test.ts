// Pairing: the handshake with the tag, and a stranger between the two.
import { describe, expect, it } from 'vitest';
import {
  acceptPairing,
  answerPairing,
  callPairing,
  finishPairing,
  PAIRING_FINISH_BYTES,
  PAIRING_REPLY_BYTES,
} from '#protocol/link/pairing.ts';
import { SLOT_TAG } from '#protocol/link/primitives.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import { openLink, openRecord, sealRecord } from '#protocol/link/records.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';
import { bridgeSide, helloOf, keyOf, MTU, TOY_KEY, toySide, WINDOW } from './sides.ts';

const SECRET = counting(0x41, 32);

function pair(bridge = bridgeSide(SECRET), toy = toySide()) {
  const call = new Uint8Array(CALL_BYTES);
  const reply = new Uint8Array(PAIRING_REPLY_BYTES);
  const finish = new Uint8Array(PAIRING_FINISH_BYTES);
  const caller = callPairing(bridge, helloOf(1), MTU, WINDOW, call);
  const answerer = answerPairing(toy, helloOf(1), call, reply);
  finishPairing(caller, reply, finish);
  acceptPairing(answerer, finish);
  return { caller, answerer };
}

describe('pairing', () => {
  it('shows each side the other’s key and gives both the same transcript', () => {
    const { caller, answerer } = pair();
    expect(toHex(caller.remote)).toBe(toHex(TOY_KEY));
    expect(toHex(answerer.remote)).toBe(toHex(keyOf(SECRET)));
    expect(toHex(caller.transcript)).toBe(toHex(answerer.transcript));
    const [bridge, toy] = [openLink(caller.primitives, true), openLink(answerer.primitives, false)];
    const buffer = new Uint8Array(40);
    expect(openRecord(bridge, buffer, 0, sealRecord(toy, buffer, 4, 10))).toBe(10);
  });

  it('does not answer one without the tag', () => {
    const bridge = bridgeSide(SECRET);
    bridge.load(SLOT_TAG, counting(0, 32));
    expect(() => pair(bridge)).toThrow('handshake-failed');
  });

  it('gives a stranger with the tag, standing between, two transcripts', () => {
    const [outer, inner] = [
      pair(bridgeSide(counting(0xb1, 32)), toySide()),
      pair(bridgeSide(SECRET), toySide()),
    ];
    expect(toHex(outer.answerer.transcript)).not.toBe(toHex(inner.caller.transcript));
  });
});
