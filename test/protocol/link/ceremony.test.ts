// The four animals: commitments that hold, and everything a stranger between the two may try.
import { describe, expect, it } from 'vitest';
import { ANIMALS } from '#protocol/link/animals.ts';
import type { Ceremony } from '#protocol/link/ceremony.ts';
import {
  animalsOf,
  beginCeremony,
  mayReveal,
  showAnimals,
  takeCommitment,
  takeReveal,
} from '#protocol/link/ceremony.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { counting } from '#test/contracts/bytes-hex.ts';

function begin(isBridge: boolean, transcript = counting(1, 64)): Ceremony {
  return beginCeremony(createPrimitives(), transcript, isBridge);
}

function shown(ceremony: Ceremony): string | null {
  const out = new Uint8Array(4);
  return showAnimals(ceremony, out) ? [...out].map((index) => ANIMALS[index]!).join(' ') : null;
}

describe('the ceremony of pairing', () => {
  it('shows both sides the same animals, and nothing before its end', () => {
    const [bridge, toy] = [begin(true), begin(false)];
    expect([mayReveal(bridge), mayReveal(toy), shown(bridge), shown(toy)]).toEqual([
      false,
      false,
      null,
      null,
    ]);
    expect(takeCommitment(toy, bridge.commitment)).toBe(true);
    expect(mayReveal(toy)).toBe(false);
    expect(takeCommitment(bridge, toy.commitment)).toBe(true);
    expect([mayReveal(bridge), shown(bridge)]).toEqual([true, null]);
    expect([takeReveal(toy, bridge.nonce), mayReveal(toy)]).toEqual([true, true]);
    expect(takeReveal(bridge, toy.nonce)).toBe(true);
    expect(shown(bridge)).toMatch(/^\w+ \w+ \w+ \w+$/);
    expect(shown(bridge)).toBe(shown(toy));
  });

  it('takes repeats, and no second thought', () => {
    const [bridge, toy, other] = [begin(true), begin(false), begin(false)];
    expect([0, 1, 2].map(() => takeCommitment(bridge, toy.commitment))).toEqual([true, true, true]);
    expect(takeCommitment(bridge, other.commitment)).toBe(false);
    expect(takeReveal(bridge, other.nonce)).toBe(false);
    expect([0, 1].map(() => takeReveal(bridge, toy.nonce))).toEqual([true, true]);
    const animals = shown(bridge);
    expect(takeReveal(bridge, other.nonce)).toBe(false);
    expect(takeCommitment(bridge, other.commitment)).toBe(false);
    expect(shown(bridge)).toBe(animals);
  });

  it('refuses its own commitment sent back, a nonce before a commitment, and other sizes', () => {
    const [bridge, toy] = [begin(true), begin(false)];
    expect(takeCommitment(bridge, bridge.commitment)).toBe(false);
    expect(takeReveal(bridge, toy.nonce)).toBe(false);
    expect(takeCommitment(bridge, toy.commitment.subarray(1))).toBe(false);
    takeCommitment(bridge, toy.commitment);
    expect(takeReveal(bridge, toy.nonce.subarray(1))).toBe(false);
    expect(takeReveal(bridge, new Uint8Array(0))).toBe(false);
    expect(shown(bridge)).toBeNull();
  });

  it('keeps what it was given when the caller uses the buffer again', () => {
    const [bridge, toy] = [begin(true), begin(false)];
    const buffer = toy.commitment.slice();
    takeCommitment(bridge, buffer);
    buffer.fill(0);
    expect(takeReveal(bridge, toy.nonce)).toBe(true);
  });

  it('breaks a stranger who passes commitments and nonces on between his two links', () => {
    const [bridge, toy] = [begin(true, counting(1, 64)), begin(false, counting(2, 64))];
    takeCommitment(toy, bridge.commitment);
    expect(takeReveal(toy, bridge.nonce)).toBe(false);
    expect(mayReveal(toy)).toBe(false);
  });

  it('leaves a stranger who commits to nonces of his own one try in 65536', () => {
    let alike = 0;
    for (let i = 0; i < 300; i++) {
      // His nonces are committed before he knows theirs: all he can do is hope.
      const sides = [begin(true, counting(1, 64)), begin(false, counting(2, 64))];
      const his = [begin(false, counting(1, 64)), begin(true, counting(2, 64))];
      sides.forEach((side, j) => {
        expect(takeCommitment(side, his[j]!.commitment)).toBe(true);
        expect(takeReveal(side, his[j]!.nonce)).toBe(true);
      });
      if (shown(sides[0]!) === shown(sides[1]!)) alike++;
    }
    expect(alike).toBeLessThan(3);
  });

  it('has sixteen animals that depend on the link, each nonce and its side', () => {
    const p = createPrimitives();
    const animals = (transcript: number, a: number, b: number) => {
      const out = new Uint8Array(4);
      animalsOf(p, counting(transcript, 64), counting(a, 16), counting(b, 16), out);
      return [...out].map((index) => ANIMALS[index]!).join(' ');
    };
    expect(new Set(ANIMALS).size).toBe(16);
    const first = animals(0, 1, 2);
    expect(animals(0, 1, 2)).toBe(first);
    for (const other of [animals(0, 2, 1), animals(0, 1, 3), animals(0, 3, 2), animals(1, 1, 2)])
      expect(other).not.toBe(first);
    const seen = new Set(Array.from({ length: 64 }, (_, i) => animals(i, 1, 2).split(' ')).flat());
    expect(seen.size).toBe(16);
  });
});
