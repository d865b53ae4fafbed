import { describe, expect, it } from 'vitest';
import type { Op } from '#protocol/family/entry.ts';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { type EntrySigner, signEntry } from '#protocol/family/sign.ts';
import { testDevice, testFamily, testToy, wholeFamily } from '#test/support/family.ts';

/** What becomes of a change: `ok`, or the fault. */
function verdict(whole: ReturnType<typeof wholeFamily>, signers: EntrySigner[], op: Op): string {
  try {
    signEntry(whole.family.roster, signers, op);
    return 'ok';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('one adult', () => {
  const whole = wholeFamily();
  const { mum, mumTablet, dad, grandma, bridge, toy } = whole;

  it('adds and removes relatives, bridges and toys', () => {
    const members = [
      testDevice('aunt', ROLE_RELATIVE).member,
      testDevice('pi', ROLE_BRIDGE).member,
      testToy('second'),
    ];
    expect(verdict(whole, [dad.signer], { op: 'add', members })).toBe('ok');
    const ids = [grandma.member.id, bridge.member.id, toy.id];
    expect(verdict(whole, [dad.signer], { op: 'remove', ids })).toBe('ok');
  });

  it('adds and removes devices of its own', () => {
    const watch = testDevice('mum watch', ROLE_ADULT, 'whole mum');
    expect(verdict(whole, [mum.signer], { op: 'add', members: [watch.member] })).toBe('ok');
    expect(verdict(whole, [mumTablet.signer], { op: 'remove', ids: [mum.member.id] })).toBe('ok');
    expect(verdict(whole, [mum.signer], { op: 'remove', ids: [mum.member.id] })).toBe('ok');
  });

  it('does not make or unmake another adult', () => {
    const nanny = testDevice('nanny', ROLE_ADULT);
    expect(verdict(whole, [mum.signer], { op: 'add', members: [nanny.member] })).toBe('roster-right');
    expect(verdict(whole, [mum.signer], { op: 'remove', ids: [dad.member.id] })).toBe('roster-right');
    const dadTablet = testDevice('dad tablet', ROLE_ADULT, 'whole dad');
    expect(verdict(whole, [mum.signer], { op: 'add', members: [dadTablet.member] })).toBe('roster-right');
    const hidden = { op: 'remove', ids: [grandma.member.id, dad.member.id] } as const;
    expect(verdict(whole, [mum.signer], hidden)).toBe('roster-right');
  });

  it('is one, however many devices sign', () => {
    const nanny = testDevice('nanny', ROLE_ADULT);
    const op = { op: 'add', members: [nanny.member] } as const;
    expect(verdict(whole, [mum.signer, mumTablet.signer], op)).toBe('roster-right');
    expect(verdict(whole, [mum.signer, mum.signer], op)).toBe('roster-right');
  });
});

describe('two adults, or the root', () => {
  const whole = wholeFamily();
  const { mum, dad, family } = whole;
  const nanny = testDevice('nanny', ROLE_ADULT);

  it('make and unmake adults', () => {
    for (const signers of [[mum.signer, dad.signer], [dad.signer, mum.signer], [family.root]]) {
      expect(verdict(whole, signers, { op: 'add', members: [nanny.member] })).toBe('ok');
      expect(verdict(whole, signers, { op: 'remove', ids: [dad.member.id] })).toBe('ok');
    }
    expect(verdict(whole, [family.root, mum.signer], { op: 'add', members: [nanny.member] })).toBe(
      'roster-right',
    );
  });
});

describe('the only adult', () => {
  it('makes the second alone, and after that needs them', () => {
    const mum = testDevice('mum', ROLE_ADULT);
    const tablet = testDevice('tablet', ROLE_ADULT, 'mum');
    const dad = testDevice('dad', ROLE_ADULT);
    const family = testFamily('single', [mum.member, tablet.member]);
    family.change([mum.signer], { op: 'add', members: [dad.member] });
    expect(() => family.change([mum.signer], { op: 'remove', ids: [dad.member.id] })).toThrow('roster-right');
    family.change([dad.signer], { op: 'remove', ids: [dad.member.id] });
    family.change([mum.signer], { op: 'remove', ids: [tablet.member.id] });
    // The family would have nobody left.
    expect(() => family.change([mum.signer], { op: 'remove', ids: [mum.member.id] })).toThrow(
      'roster-member',
    );
    expect(() => family.change([family.root], { op: 'remove', ids: [mum.member.id] })).toThrow(
      'roster-member',
    );
  });
});

describe('everyone else', () => {
  const whole = wholeFamily();
  const { mum, grandma, bridge, toy } = whole;
  const op: Op = { op: 'add', members: [testDevice('ghost', ROLE_RELATIVE).member] };

  it('changes nothing', () => {
    expect(verdict(whole, [grandma.signer], op)).toBe('roster-right');
    expect(verdict(whole, [bridge.signer], op)).toBe('roster-right');
    expect(verdict(whole, [mum.signer, grandma.signer], op)).toBe('roster-right');
    expect(verdict(whole, [{ id: toy.id, secret: mum.signer.secret }], op)).toBe('roster-right');
    expect(verdict(whole, [testDevice('stranger', ROLE_ADULT).signer], op)).toBe('roster-right');
    expect(verdict(whole, [], op)).toBe('roster-form');
    expect(verdict(whole, [mum.signer, mum.signer, mum.signer], op)).toBe('roster-form');
  });

  it('may go, alone and by its own signature alone', () => {
    for (const { signer, member } of [grandma, bridge])
      expect(verdict(whole, [signer], { op: 'remove', ids: [member.id] })).toBe('ok');
    const gone = { op: 'remove', ids: [grandma.member.id] } as const;
    expect(verdict(whole, [bridge.signer], gone)).toBe('roster-right');
    expect(verdict(whole, [mum.signer, grandma.signer], gone)).toBe('roster-right');
    expect(verdict(whole, [grandma.signer, grandma.signer], gone)).toBe('roster-right');
    for (const other of [bridge.member.id, mum.member.id, toy.id, grandma.member.id]) {
      const both: Op = { op: 'remove', ids: [grandma.member.id, other] };
      expect(verdict(whole, [grandma.signer], both)).toBe('roster-right');
    }
    const self: Op = { op: 'add', members: [grandma.member] };
    expect(verdict(whole, [grandma.signer], self)).toBe('roster-right');
    expect(verdict(whole, [{ id: grandma.member.id, secret: bridge.signer.secret }], gone)).toBe(
      'roster-signature',
    );
  });

  it('loses the right with the membership', () => {
    const after = wholeFamily();
    after.family.change([after.mum.signer, after.dad.signer], { op: 'remove', ids: [after.dad.member.id] });
    expect(verdict(after, [after.dad.signer], op)).toBe('roster-right');
  });
});
