// The host's primitives: the contract, what is injected, and what a caller may not do.
import { describe, expect, it } from 'vitest';
import { createPrimitives, SLOT_BYTES } from '#protocol/sodium/primitives.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';
import { primitivesContract } from '#test/contracts/primitives.ts';
import { primitivesFailures } from '#test/contracts/primitives-checks.ts';

primitivesContract('createPrimitives', createPrimitives);

describe('createPrimitives', () => {
  it('passes all checks on one instance, one after another', () => {
    expect(primitivesFailures(createPrimitives())).toEqual([]);
  });

  it('takes its randomness from its caller', () => {
    const slots = new Uint8Array(1024);
    const p = createPrimitives((out) => out.fill(7), slots);
    const out = new Uint8Array(5);
    p.random(out);
    p.generate(8);
    expect(toHex(out)).toBe('0707070707');
    expect(toHex(slots.subarray(8 * SLOT_BYTES, 9 * SLOT_BYTES))).toBe('07'.repeat(32) + '00'.repeat(32));
  });

  it('keeps the slots of one link apart from another', () => {
    const a = createPrimitives();
    const b = createPrimitives();
    a.load(8, counting(1, 32));
    expect(b.has(8)).toBe(false);
  });

  it('fails the contract when a slot is shared with its neighbour', () => {
    // The contract itself must be able to fail.
    const p = createPrimitives();
    const broken = { ...p, load: (slot: number, bytes: Uint8Array) => p.load(slot & ~1, bytes) };
    expect(primitivesFailures(broken).length).toBeGreaterThan(0);
  });

  it('refuses what no caller should ask', () => {
    const p = createPrimitives();
    const buffer = new Uint8Array(20);
    expect(() => p.load(16, new Uint8Array(32))).toThrow(RangeError);
    expect(() => p.clear(-1)).toThrow(RangeError);
    expect(() => p.load(8, new Uint8Array(31))).toThrow(RangeError);
    expect(() => p.seal(8, 0, buffer, buffer, 0, 5)).toThrow(RangeError);
    expect(() => p.open(8, 0, buffer, buffer, 4, 17)).toThrow(RangeError);
    expect(() => p.sealSecret(8, 0, buffer, new Uint8Array(99), 0, 31, 9)).toThrow(RangeError);
    expect(() => p.hashUpdate(buffer, 0, 1)).toThrow();
    expect(() => p.hashEnd(buffer)).toThrow();
    expect(() => createPrimitives(undefined, new Uint8Array(1000))).toThrow(RangeError);
    expect(p.verify(new Uint8Array(63), buffer, buffer, new Uint8Array(32))).toBe(false);
    expect(p.verify(new Uint8Array(64), buffer, buffer, new Uint8Array(31))).toBe(false);
  });
});
