// Records under an attacker who owns the radio: he may drop, repeat, reorder, change and reflect.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SLOT_CLIP,
  SLOT_EPHEMERAL,
  SLOT_HANDSHAKE,
  SLOT_SCRATCH,
  SLOT_SHARED,
  SLOT_TOY_ROOT,
} from '#protocol/link/primitives.ts';
import type { Link } from '#protocol/link/records.ts';
import {
  closeLink,
  openRecord,
  RECORD_END,
  RECORD_EXTRA_BYTES,
  RECORD_PLAIN_BYTES,
  sealRecord,
} from '#protocol/link/records.ts';
import { counting } from '#test/contracts/bytes-hex.ts';
import { openPair } from './sides.ts';

function seal(link: Link, plain: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(plain.length + RECORD_EXTRA_BYTES);
  buffer.set(plain, 4);
  expect(sealRecord(link, buffer, 4, plain.length)).toBe(buffer.length);
  return buffer;
}

/** The plaintext's first byte, or -1. Opens a copy. */
function open(link: Link, record: Uint8Array): number {
  const copy = record.slice();
  return openRecord(link, copy, 0, copy.length) < 0 ? -1 : copy[4]!;
}

describe('records', () => {
  it('arrive in order and once, whatever the radio does', () => {
    const { bridge, toy } = openPair();
    const sent = Array.from({ length: 40 }, (_, i) => seal(bridge, counting(i, 30)));
    const act = fc.record({
      index: fc.nat({ max: 39 }),
      flip: fc.option(fc.nat({ max: 50 * 8 - 1 }), { freq: 2 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        toy.receiving = 0;
        let highest = -1;
        for (const { index, flip } of acts) {
          const record = sent[index]!.slice();
          if (flip !== null) record[flip >> 3]! ^= 1 << (flip & 7);
          const isTaken = flip === null && index > highest;
          expect(open(toy, record)).toBe(isTaken ? index : -1);
          if (isTaken) highest = index;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never fault and never open on any bytes at all', () => {
    const { toy } = openPair();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1100 }), (bytes) => {
        expect(openRecord(toy, bytes, 0, bytes.length)).toBe(-1);
      }),
    );
    expect(toy).toMatchObject({ isOpen: true, receiving: 0, receivingEpoch: 0 });
  });

  it('do not open for the side that sealed them', () => {
    const { bridge, toy } = openPair();
    const record = seal(bridge, counting(7, 30));
    expect(open(bridge, record)).toBe(-1);
    expect(open(toy, record)).toBe(7);
    expect(open(bridge, seal(toy, counting(8, 30)))).toBe(8);
  });

  it('do not open on another link of the same two', () => {
    const [one, other] = [openPair(), openPair()];
    expect(open(other.toy, seal(one.bridge, counting(7, 30)))).toBe(-1);
  });

  it('leave the bytes around them alone', () => {
    const { bridge, toy } = openPair();
    const buffer = new Uint8Array(80).fill(0xee);
    expect(sealRecord(bridge, buffer, 14, 30)).toBe(50);
    expect(buffer.subarray(0, 10).every((byte) => byte === 0xee)).toBe(true);
    expect(buffer.subarray(60).every((byte) => byte === 0xee)).toBe(true);
    expect(openRecord(toy, buffer, 10, 50)).toBe(30);
    expect(buffer.subarray(14, 44).every((byte) => byte === 0xee)).toBe(true);
  });

  it('go on through REKEY in both directions, with losses around it', () => {
    const { bridge, toy } = openPair();
    for (const [from, to] of [
      [bridge, toy],
      [toy, bridge],
    ] as const) {
      from.sending = 0xfffe;
      const records = Array.from({ length: 4 }, (_, i) => seal(from, counting(i, 9)));
      expect(open(to, records[0]!)).toBe(0);
      expect(open(to, records[3]!)).toBe(3);
      expect(open(to, records[1]!)).toBe(-1);
      expect(to.receivingEpoch).toBe(1);
      from.sending = 0x1ffff;
      expect([seal(from, counting(5, 9)), seal(from, counting(6, 9))].map((r) => open(to, r))).toEqual([
        5, 6,
      ]);
    }
  });

  it('are not followed over a jump of two REKEYs', () => {
    const { bridge, toy } = openPair();
    bridge.sending = 0xffff;
    const first = [seal(bridge, counting(0, 9)), seal(bridge, counting(1, 9))];
    bridge.sending = 0x1ffff;
    const second = [seal(bridge, counting(2, 9)), seal(bridge, counting(3, 9))];
    expect(open(toy, second[1]!)).toBe(-1);
    expect(toy.receivingEpoch).toBe(0);
    expect(first.map((record) => open(toy, record))).toEqual([0, 1]);
    expect(second.map((record) => open(toy, record))).toEqual([2, 3]);
  });

  it('leave every other slot alone, even for a forged REKEY', () => {
    const { bridge, toy } = openPair();
    const pending = [SLOT_TOY_ROOT, SLOT_EPHEMERAL, SLOT_CLIP, SLOT_SCRATCH, SLOT_SHARED];
    for (const slot of pending) toy.primitives.load(slot, counting(slot, 64));
    const macs = () =>
      pending.map((slot) => {
        const out = new Uint8Array(16);
        toy.primitives.mac(out, slot, new Uint8Array(0), new Uint8Array(0));
        return out.join();
      });
    const before = macs();
    bridge.sending = 0xffff;
    const [last, first] = [seal(bridge, counting(0, 9)), seal(bridge, counting(1, 9))];
    const forged = first.slice();
    forged[20]! ^= 1;
    expect([forged, last, first].map((record) => open(toy, record))).toEqual([-1, 0, 1]);
    expect(macs()).toEqual(before);
    expect(toy.primitives.has(SLOT_HANDSHAKE)).toBe(false);
  });

  it('end where the numbers end', () => {
    const { bridge } = openPair();
    bridge.sending = RECORD_END - 1;
    seal(bridge, counting(0, 9));
    expect(() => seal(bridge, counting(0, 9))).toThrow('link-exhausted');
    expect(() => seal(bridge, counting(0, 9))).toThrow('link-closed');
  });

  it('are no longer sealed or opened on a closed link, whose keys are gone', () => {
    const { bridge, toy } = openPair();
    const record = seal(bridge, counting(7, 30));
    closeLink(toy);
    closeLink(toy);
    expect(open(toy, record)).toBe(-1);
    expect(() => seal(toy, counting(0, 9))).toThrow('link-closed');
    for (let slot = 8; slot < 16; slot++) expect(toy.primitives.has(slot)).toBe(false);
  });

  it('hold at most 1024 bytes, and a refused one uses no number', () => {
    const { bridge, toy } = openPair();
    const buffer = new Uint8Array(1100);
    expect(() => sealRecord(bridge, buffer, 4, RECORD_PLAIN_BYTES + 1)).toThrow('record-long');
    expect(bridge.sending).toBe(0);
    expect(openRecord(toy, buffer, 0, sealRecord(bridge, buffer, 4, RECORD_PLAIN_BYTES))).toBe(1024);
  });
});
