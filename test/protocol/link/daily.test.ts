// The handshake of every day between a bridge and a toy, and those who are neither.
import { describe, expect, it } from 'vitest';
import {
  answerDaily,
  callDaily,
  DAILY_REPLY_BYTES,
  deriveBridgePsk,
  finishDaily,
} from '#protocol/link/daily.ts';
import { SLOT_SHARED } from '#protocol/link/primitives.ts';
import { CALL_BYTES, callMtu, callWindow } from '#protocol/link/prologue.ts';
import { openLink, openRecord, sealRecord } from '#protocol/link/records.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';
import { bridgeSide, helloOf, keyOf, MTU, TOY_KEY, TOY_ROOT, toySide, WINDOW } from './sides.ts';

const SECRETS = [counting(0x41, 32), counting(0x51, 32), counting(0x71, 32)];
const BRIDGES = new Uint8Array(256);
SECRETS.forEach((secret, i) => {
  BRIDGES.set(keyOf(secret), i * 32);
});

function callOf(secret: Uint8Array, hello: Uint8Array) {
  const call = new Uint8Array(CALL_BYTES);
  const bridge = bridgeSide(secret);
  return { bridge, call, handshake: callDaily(bridge, hello, MTU, WINDOW, TOY_KEY, call) };
}

describe('the handshake of every day', () => {
  it('finds each of the bridges and opens a link both ways', () => {
    SECRETS.forEach((secret, i) => {
      const hello = helloOf(i);
      const { bridge, call, handshake } = callOf(secret, hello);
      const toy = toySide();
      const reply = new Uint8Array(DAILY_REPLY_BYTES);
      expect([callMtu(call), callWindow(call)]).toEqual([MTU, WINDOW]);
      expect(answerDaily(toy, hello, call, BRIDGES, 3, reply)).toBe(i);
      finishDaily(handshake, reply);
      const ends = [openLink(bridge, true), openLink(toy, false)] as const;
      for (const [from, to] of [ends, [ends[1], ends[0]] as const]) {
        const buffer = new Uint8Array(64);
        buffer.set(counting(9, 20), 4);
        const total = sealRecord(from, buffer, 4, 20);
        expect(toHex(buffer)).not.toContain(toHex(counting(9, 20)));
        expect(openRecord(to, buffer, 0, total)).toBe(20);
        expect(buffer.subarray(4, 24)).toEqual(counting(9, 20));
      }
    });
  });

  it('makes other keys each time from the same identities', () => {
    const calls = [0, 1].map(() => toHex(callOf(SECRETS[0]!, helloOf(1)).call));
    expect(calls[0]).not.toBe(calls[1]);
  });

  it('derives on the toy the psk that an adult gave to the bridge', () => {
    const key = keyOf(SECRETS[1]!);
    const [toy, given] = [toySide(), toySide()];
    deriveBridgePsk(toy, key);
    given.load(SLOT_SHARED, bridgePsk(TOY_ROOT, key));
    const macs = [toy, given].map((p) => {
      const out = new Uint8Array(16);
      p.mac(out, SLOT_SHARED, new Uint8Array(0), new Uint8Array(0));
      return toHex(out);
    });
    expect(macs[0]).toBe(macs[1]);
    expect(() => bridgePsk(TOY_ROOT.subarray(1), key)).toThrow(RangeError);
  });

  it('answers a replayed first message with silence, and the next true one as ever', () => {
    const toy = toySide();
    const reply = new Uint8Array(DAILY_REPLY_BYTES);
    const heard = callOf(SECRETS[0]!, helloOf(1));
    answerDaily(toy, helloOf(1), heard.call.slice(), BRIDGES, 3, reply);
    reply.fill(0);
    expect(() => answerDaily(toy, helloOf(2), heard.call.slice(), BRIDGES, 3, reply)).toThrow(
      'handshake-failed',
    );
    expect(reply.every((byte) => byte === 0)).toBe(true);
    const { call, handshake } = callOf(SECRETS[2]!, helloOf(3));
    expect(answerDaily(toy, helloOf(3), call, BRIDGES, 3, reply)).toBe(2);
    expect(() => finishDaily(handshake, reply)).not.toThrow();
  });

  it('gives a replayer no link, even on the very same nonce', () => {
    const [first, second] = [toySide(), toySide()];
    const heard = callOf(SECRETS[0]!, helloOf(1));
    const replies = [first, second].map((toy) => {
      const reply = new Uint8Array(DAILY_REPLY_BYTES);
      answerDaily(toy, helloOf(1), heard.call.slice(), BRIDGES, 3, reply);
      return reply;
    });
    finishDaily(heard.handshake, replies[0]!);
    const bridge = openLink(heard.bridge, true);
    const buffer = new Uint8Array(40);
    const total = sealRecord(bridge, buffer, 4, 5);
    expect(openRecord(openLink(second, false), buffer.slice(), 0, total)).toBe(-1);
    expect(openRecord(openLink(first, false), buffer.slice(), 0, total)).toBe(5);
  });

  it('refuses every single flipped bit of a first message and of its answer', () => {
    const toy = toySide();
    const reply = new Uint8Array(DAILY_REPLY_BYTES);
    const { call } = callOf(SECRETS[0]!, helloOf(1));
    for (let bit = 0; bit < CALL_BYTES * 8; bit += 5) {
      const changed = call.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => answerDaily(toy, helloOf(1), changed, BRIDGES, 3, reply)).toThrow('handshake-failed');
    }
    for (let bit = 0; bit < DAILY_REPLY_BYTES * 8; bit += 5) {
      const fresh = callOf(SECRETS[0]!, helloOf(1));
      answerDaily(toy, helloOf(1), fresh.call, BRIDGES, 3, reply);
      reply[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => finishDaily(fresh.handshake, reply)).toThrow('handshake-failed');
      expect(() => openLink(fresh.bridge, true)).toThrow('link-closed');
    }
  });

  it('is silent to a bridge whose psk comes from an older root', () => {
    const call = new Uint8Array(CALL_BYTES);
    callDaily(bridgeSide(SECRETS[0]!, counting(0x99, 32)), helloOf(1), MTU, WINDOW, TOY_KEY, call);
    expect(() => answerDaily(toySide(), helloOf(1), call, BRIDGES, 3, new Uint8Array(48))).toThrow(
      'handshake-failed',
    );
  });

  it('is silent to one who stole the psk but not the bridge’s key', () => {
    // The thief's own identity behind the true bridge's psk: the hint fits, the static keys do not.
    const thief = bridgeSide(counting(0xb1, 32));
    thief.load(SLOT_SHARED, bridgePsk(TOY_ROOT, keyOf(SECRETS[0]!)));
    const call = new Uint8Array(CALL_BYTES);
    callDaily(thief, helloOf(1), MTU, WINDOW, TOY_KEY, call);
    expect(() => answerDaily(toySide(), helloOf(1), call, BRIDGES, 3, new Uint8Array(48))).toThrow(
      'handshake-failed',
    );
  });

  it('does not know a bridge beyond the count of the policy', () => {
    const { call } = callOf(SECRETS[2]!, helloOf(1));
    expect(() => answerDaily(toySide(), helloOf(1), call, BRIDGES, 2, new Uint8Array(48))).toThrow(
      'handshake-failed',
    );
  });
});
