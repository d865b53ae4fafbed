import { describe, expect, it } from 'vitest';
import {
  APPROVAL,
  ERRAND,
  GRANT,
  type Kind,
  POLICY,
  RECEIPT,
  VOICE_FROM_TOY,
  VOICE_TO_TOY,
} from '#protocol/envelope/content.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import { type Member, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { maySend, recipientsFor } from '#protocol/family/recipients.ts';
import { encodePolicy } from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { testDevice, wholeFamily } from '#test/support/family.ts';

const { family, mum, mumTablet, dad, grandma, bridge, toy } = wholeFamily();

function names(
  kind: Kind,
  senderId: Uint8Array,
  deviceId: Uint8Array | null = null,
  policy: Uint8Array | null = null,
): string[] {
  const people = { mum, mumTablet, dad, grandma, bridge };
  const found = recipientsFor(family.roster, { kind, toyId: toy.id, senderId, deviceId, policy });
  const named = Object.entries(people).filter(([, device]) =>
    found.some((one) => sameId(one, device.member)),
  );
  expect(named).toHaveLength(found.length);
  return named.map(([name]) => name);
}

function policyFor(speakers: SigningMember[]): Uint8Array {
  return encodePolicy({
    hasConsent: true,
    quietFrom: QUIET_NONE,
    quietTo: QUIET_NONE,
    volume: 50,
    generation: 1,
    counter: 1,
    issuedAt: 0,
    toyId: toy.id,
    root: family.roster.rootKey,
    clipKey: new Uint8Array(32),
    signer: mum.member.signKey,
    adults: [mum.member.signKey],
    bridges: [],
    senders: speakers.map(({ signKey }) => ({ key: signKey, rhythm: 1, needsApproval: false })),
  });
}

function sameId(a: Member, b: Member): boolean {
  return Buffer.compare(a.id, b.id) === 0;
}

describe('recipients', () => {
  it('of an errand are the one bridge, or the one adult’s device', () => {
    expect(names(ERRAND, mum.member.id, bridge.member.id)).toEqual(['bridge']);
    expect(names(ERRAND, bridge.member.id, mumTablet.member.id)).toEqual(['mumTablet']);
    for (const [sender, named] of [
      [mum, dad],
      [mum, grandma],
      [bridge, grandma],
      [bridge, bridge],
    ] as const)
      expect(() => names(ERRAND, sender.member.id, named.member.id)).toThrow('roster-member');
    expect(() => names(ERRAND, mum.member.id, null)).toThrow('roster-member');
    expect(() => names(ERRAND, grandma.member.id, bridge.member.id)).toThrow('roster-right');
  });

  it('follow from the roster and the kind', () => {
    expect(names(VOICE_FROM_TOY, bridge.member.id)).toEqual(['mum', 'mumTablet', 'dad']);
    expect(names(VOICE_TO_TOY, grandma.member.id)).toEqual(['mum', 'mumTablet', 'dad', 'bridge']);
    expect(names(VOICE_TO_TOY, mum.member.id)).toEqual(['mumTablet', 'dad', 'bridge']);
    expect(names(POLICY, dad.member.id)).toEqual(['mum', 'mumTablet', 'bridge']);
    expect(names(GRANT, mum.member.id, bridge.member.id)).toEqual(['bridge']);
    expect(names(GRANT, mum.member.id, dad.member.id)).toEqual(['dad']);
    expect(names(RECEIPT, bridge.member.id, grandma.member.id)).toEqual([
      'mum',
      'mumTablet',
      'dad',
      'grandma',
    ]);
    expect(names(RECEIPT, bridge.member.id)).toEqual(['mum', 'mumTablet', 'dad']);
    expect(names(APPROVAL, dad.member.id, grandma.member.id)).toEqual([
      'mum',
      'mumTablet',
      'grandma',
      'bridge',
    ]);
    expect(names(APPROVAL, mum.member.id)).toEqual(['mumTablet', 'dad', 'bridge']);
  });

  it('of what the child says are, of the relatives, those who may speak to the toy', () => {
    const hear = (policy: Uint8Array) => names(VOICE_FROM_TOY, bridge.member.id, null, policy);
    expect(hear(policyFor([mum.member, grandma.member]))).toEqual(['mum', 'mumTablet', 'dad', 'grandma']);
    expect(hear(policyFor([mum.member, dad.member]))).toEqual(['mum', 'mumTablet', 'dad']);
    expect(hear(policyFor([]))).toEqual(['mum', 'mumTablet', 'dad']);
    // No policy makes a stranger to the family hear the child.
    const stranger = testDevice('stranger', ROLE_RELATIVE);
    expect(hear(policyFor([stranger.member]))).toEqual(['mum', 'mumTablet', 'dad']);
  });

  it('come in one order', () => {
    const found = recipientsFor(family.roster, {
      kind: POLICY,
      toyId: toy.id,
      senderId: mum.member.id,
      deviceId: null,
    });
    const texts = found.map((member) => Buffer.from(member.id).toString('hex'));
    expect(texts).toEqual([...texts].sort());
  });

  it('are refused for a sender without the right', () => {
    const refused: [Kind, Member][] = [
      [VOICE_FROM_TOY, grandma.member],
      [VOICE_TO_TOY, bridge.member],
      [POLICY, grandma.member],
      [POLICY, bridge.member],
      [GRANT, bridge.member],
      [GRANT, grandma.member],
      [APPROVAL, bridge.member],
      [APPROVAL, grandma.member],
    ];
    for (const [kind, member] of refused) {
      expect(maySend(member.role, kind)).toBe(false);
      expect(() => names(kind, member.id, kind === GRANT ? dad.member.id : null)).toThrow('roster-right');
    }
  });

  it('are refused for anyone who is not in the roster, and for grants to relatives', () => {
    expect(() => names(POLICY, toy.id)).toThrow('roster-right');
    expect(() => names(POLICY, family.familyId)).toThrow('roster-member');
    expect(() => names(GRANT, mum.member.id, grandma.member.id)).toThrow('roster-member');
    expect(() => names(GRANT, mum.member.id, toy.id)).toThrow('roster-member');
    expect(() => names(GRANT, mum.member.id)).toThrow('roster-member');
    expect(() => names(POLICY, mum.member.id, dad.member.id)).toThrow('roster-member');
    expect(() => names(RECEIPT, mum.member.id, family.familyId)).toThrow('roster-member');
    const addressing = {
      kind: POLICY,
      toyId: mum.member.id,
      senderId: mum.member.id,
      deviceId: null,
    } as const;
    expect(() => recipientsFor(family.roster, addressing)).toThrow('roster-member');
  });
});
