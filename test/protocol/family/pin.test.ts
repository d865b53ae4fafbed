import { describe, expect, it } from 'vitest';
import { decodeEntry } from '#protocol/family/entry.ts';
import { ROLE_RELATIVE } from '#protocol/family/member.ts';
import { acceptChain, areForked, pinOf } from '#protocol/family/pin.ts';
import { signEntry } from '#protocol/family/sign.ts';
import { testDevice, wholeFamily } from '#test/support/family.ts';

const aunt = testDevice('aunt', ROLE_RELATIVE).member;
const uncle = testDevice('uncle', ROLE_RELATIVE).member;

describe('a pinned head', () => {
  it('takes the chain that goes on from it', () => {
    const { family, mum } = wholeFamily();
    const pin = pinOf(family.roster);
    expect(acceptChain(pin, family.entries).head).toEqual(family.roster.head);
    family.change([mum.signer], { op: 'add', members: [aunt] });
    expect(acceptChain(pin, family.entries).number).toBe(5);
  });

  it('refuses every shorter chain', () => {
    const { family } = wholeFamily();
    const pin = pinOf(family.roster);
    for (let length = 1; length < family.entries.length; length++) {
      expect(() => acceptChain(pin, family.entries.slice(0, length))).toThrow('roster-rollback');
    }
  });

  it('refuses a fork, however long it grows, and whoever signed it', () => {
    const { family, mum, dad } = wholeFamily();
    const one = signEntry(family.roster, [mum.signer], { op: 'add', members: [aunt] });
    const two = signEntry(family.roster, [dad.signer], { op: 'add', members: [uncle] });
    expect(areForked(decodeEntry(one.entry), decodeEntry(two.entry))).toBe(true);
    expect(areForked(decodeEntry(one.entry), decodeEntry(one.entry))).toBe(false);
    const pin = pinOf(one.roster);
    expect(() => acceptChain(pin, [...family.entries, two.entry])).toThrow('roster-fork');
    const three = signEntry(two.roster, [mum.signer], { op: 'remove', ids: [uncle.id] });
    expect(() => acceptChain(pin, [...family.entries, two.entry, three.entry])).toThrow('roster-fork');
  });

  it('gives way to the root, once, by a higher generation', () => {
    const { family, mum, dad, toy } = wholeFamily();
    const one = signEntry(family.roster, [mum.signer], { op: 'add', members: [aunt] });
    const two = signEntry(family.roster, [dad.signer], { op: 'add', members: [uncle] });
    const longer = signEntry(one.roster, [mum.signer], { op: 'remove', ids: [aunt.id] });
    const reset = signEntry(two.roster, [family.root], {
      op: 'reset',
      members: [mum.member, dad.member, toy],
    });
    const healed = [...family.entries, two.entry, reset.entry];
    // Both branches take it, also the one that had grown longer.
    for (const roster of [one.roster, two.roster, longer.roster]) {
      expect(acceptChain(pinOf(roster), healed).generation).toBe(2);
    }
    // And none goes back.
    const pin = pinOf(acceptChain(pinOf(one.roster), healed));
    expect(() => acceptChain(pin, [...family.entries, one.entry])).toThrow('roster-rollback');
    expect(() => acceptChain(pin, [...family.entries, one.entry, longer.entry])).toThrow('roster-fork');
  });

  it('from an invitation gives way to nobody', () => {
    const { family, mum, toy } = wholeFamily();
    const one = signEntry(family.roster, [mum.signer], { op: 'add', members: [aunt] });
    const reset = signEntry(family.roster, [family.root], { op: 'reset', members: [mum.member, toy] });
    const invited = { ...pinOf(one.roster), generation: 0 };
    expect(() => acceptChain(invited, [...family.entries, reset.entry])).toThrow('roster-fork');
    expect(() => acceptChain(invited, family.entries)).toThrow('roster-rollback');
    expect(acceptChain(invited, [...family.entries, one.entry]).number).toBe(5);
  });
});
