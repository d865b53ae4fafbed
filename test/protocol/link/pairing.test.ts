// Pairing: the handshake with the tag, the commitments and the animals, and a stranger between the two.
import { describe, expect, it } from 'vitest';
import { ANIMALS } from '#protocol/link/animals.ts';
import {
  acceptPairing,
  animalsOf,
  answerPairing,
  callPairing,
  commitTo,
  finishPairing,
  keepsCommitment,
  PAIRING_FINISH_BYTES,
  PAIRING_REPLY_BYTES,
} from '#protocol/link/pairing.ts';
import { SLOT_TAG } from '#protocol/link/primitives.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import { openLink, openRecord, sealRecord } from '#protocol/link/records.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
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

  it('holds a side to the nonce it committed to, on that link only', () => {
    const p = createPrimitives();
    const [here, elsewhere, nonce] = [counting(1, 64), counting(2, 64), counting(3, 16)];
    const commitment = new Uint8Array(32);
    commitTo(p, here, nonce, commitment);
    expect(keepsCommitment(p, here, nonce, commitment)).toBe(true);
    expect(keepsCommitment(p, here, counting(4, 16), commitment)).toBe(false);
    expect(keepsCommitment(p, elsewhere, nonce, commitment)).toBe(false);
    expect(keepsCommitment(p, here, nonce.subarray(1), commitment)).toBe(false);
    expect(keepsCommitment(p, here, nonce, commitment.subarray(1))).toBe(false);
    // A longer nonce must not be a shorter one with the end of another field.
    expect(keepsCommitment(p, here, counting(3, 17), commitment)).toBe(false);
  });

  it('breaks a stranger who passes commitments and nonces on between his two links', () => {
    const p = createPrimitives();
    const [outer, inner] = [counting(1, 64), counting(2, 64)];
    const commitment = new Uint8Array(32);
    commitTo(p, outer, counting(3, 16), commitment);
    expect(keepsCommitment(p, inner, counting(3, 16), commitment)).toBe(false);
  });

  it('leaves a stranger who commits to nonces of his own one try in 65536', () => {
    const p = createPrimitives();
    const fresh = () => {
      const nonce = new Uint8Array(16);
      p.random(nonce);
      return nonce;
    };
    let alike = 0;
    for (let i = 0; i < 300; i++) {
      const [seen, sung] = [new Uint8Array(4), new Uint8Array(4)];
      animalsOf(p, counting(1, 64), fresh(), fresh(), seen);
      animalsOf(p, counting(2, 64), fresh(), fresh(), sung);
      if (toHex(seen) === toHex(sung)) alike++;
    }
    expect(alike).toBeLessThan(3);
  });

  it('has sixteen animals, and depends in them on each nonce and its side', () => {
    const p = createPrimitives();
    const shown = (transcript: number, a: number, b: number) => {
      const out = new Uint8Array(4);
      animalsOf(p, counting(transcript, 64), counting(a, 16), counting(b, 16), out);
      return [...out].map((index) => ANIMALS[index]!).join(' ');
    };
    expect(new Set(ANIMALS).size).toBe(16);
    const first = shown(0, 1, 2);
    expect(shown(0, 1, 2)).toBe(first);
    for (const other of [shown(0, 2, 1), shown(0, 1, 3), shown(0, 3, 2), shown(1, 1, 2)])
      expect(other).not.toBe(first);
    const seen = new Set(Array.from({ length: 64 }, (_, i) => shown(i, 1, 2).split(' ')).flat());
    expect(seen.size).toBe(16);
  });
});
