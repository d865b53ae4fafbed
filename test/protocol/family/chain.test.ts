import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginChain, extendChain, familyIdOf, memberOf, readChain } from '#protocol/family/chain.ts';
import { type Entry, encodeEntry, encodePayload, NO_HEAD, type Op } from '#protocol/family/entry.ts';
import {
  asMember,
  decodeMember,
  memberFields,
  ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
  ROLE_TOY,
} from '#protocol/family/member.ts';
import {
  draftEntry,
  type EntrySigner,
  isOnHead,
  joinEntry,
  readDraft,
  signEntry,
  signPayload,
} from '#protocol/family/sign.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { testDevice, testFamily, testToy, wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const FAULT = /^roster-(form|chain|signature|right|member)$/;

/** An entry with whatever fields, signed for real. */
function forged(entry: Entry, signers: EntrySigner[]): Uint8Array {
  const payload = encodePayload(entry);
  return encodeEntry(
    payload,
    signers.map((signer) => signPayload(payload, signer)),
  );
}

describe('a chain', () => {
  it('says who is a member', () => {
    const { family, mum, mumTablet, dad, grandma, bridge, toy } = wholeFamily();
    const roster = readChain(family.familyId, family.entries);
    expect(roster.number).toBe(4);
    expect(roster.generation).toBe(1);
    expect(roster.head).toEqual(family.roster.head);
    const ids = [mum, mumTablet, dad, grandma, bridge].map((device) => device.member.id);
    for (const id of [...ids, toy.id]) expect(memberOf(roster, id)?.id).toEqual(id);
    expect(roster.members.size).toBe(6);
    family.change([mum.signer], { op: 'remove', ids: [grandma.member.id, bridge.member.id] });
    expect(memberOf(family.roster, grandma.member.id)).toBeUndefined();
    expect(memberOf(roster, grandma.member.id)).toBeDefined();
  });

  it('is of one family', () => {
    const { family } = wholeFamily();
    const other = wholeFamily('other');
    expect(() => readChain(other.family.familyId, family.entries)).toThrow('roster-chain');
    expect(() => readChain(family.familyId, [family.entries[0]!, other.family.entries[1]!])).toThrow(
      'roster-chain',
    );
    expect(() => readChain(family.familyId, [])).toThrow('roster-chain');
  });

  it('has every entry, in order', () => {
    const { family } = wholeFamily();
    const all = family.entries;
    expect(() => readChain(family.familyId, all.slice(1))).toThrow('roster-chain');
    expect(() => readChain(family.familyId, [all[0]!, ...all.slice(2)])).toThrow('roster-chain');
    expect(() => readChain(family.familyId, [all[0]!, all[2]!, all[1]!])).toThrow('roster-chain');
    expect(() => readChain(family.familyId, [all[0]!, all[1]!, all[1]!])).toThrow('roster-chain');
  });

  it('is refused whichever one bit of it is turned', { timeout: 120_000 }, () => {
    const { family } = wholeFamily();
    for (const [i, entry] of family.entries.entries()) {
      const before = i === 0 ? null : readChain(family.familyId, family.entries.slice(0, i));
      for (let bit = 0; bit < entry.length * 8; bit++) {
        entry[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => (before === null ? beginChain(entry) : extendChain(before, entry))).toThrow(FAULT);
        entry[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  });

  it('throws faults and nothing else, whatever the bytes', () => {
    const { family } = wholeFamily();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => beginChain(bytes)).toThrow(FAULT);
        expect(() => extendChain(family.roster, bytes)).toThrow(FAULT);
      }),
    );
  });
});

describe('appending', () => {
  it('goes on the head; who comes second signs again', () => {
    const { family, mum, dad } = wholeFamily();
    const aunt = testDevice('aunt', ROLE_RELATIVE);
    const uncle = testDevice('uncle', ROLE_RELATIVE);
    const first = signEntry(family.roster, [mum.signer], { op: 'add', members: [aunt.member] });
    const second = signEntry(family.roster, [dad.signer], { op: 'add', members: [uncle.member] });
    expect(() => extendChain(first.roster, second.entry)).toThrow('roster-chain');
    const again = signEntry(first.roster, [dad.signer], { op: 'add', members: [uncle.member] });
    const roster = extendChain(extendChain(family.roster, first.entry), again.entry);
    expect(memberOf(roster, aunt.member.id)).toBeDefined();
    expect(memberOf(roster, uncle.member.id)).toBeDefined();
  });

  it('takes a second adult’s signature from another device', () => {
    const { family, mum, dad } = wholeFamily();
    const nanny = testDevice('nanny', ROLE_ADULT);
    const op: Op = { op: 'add', members: [nanny.member] };
    const draft = draftEntry(family.roster, [mum.member.id, dad.member.id], op);
    const byMum = signPayload(draft.payload, mum.signer);
    const shown = readDraft(draft.payload);
    expect(shown.op).toEqual(op);
    expect(isOnHead(family.roster, shown)).toBe(true);
    const entry = joinEntry(shown, [byMum, signPayload(shown.payload, dad.signer)]);
    expect(memberOf(extendChain(family.roster, entry), nanny.member.id)).toEqual(nanny.member);
    expect(() => extendChain(family.roster, joinEntry(shown, [byMum, byMum]))).toThrow('roster-signature');
    expect(() => extendChain(family.roster, joinEntry(shown, [byMum]))).toThrow('roster-form');
    expect(isOnHead(extendChain(family.roster, entry), shown)).toBe(false);
  });

  it('needs the signer’s own key', () => {
    const { family, mum } = wholeFamily();
    const thief = { id: mum.member.id, secret: signKeys(draw(seeded('thief'), 32)).secret };
    const ghost = testDevice('ghost', ROLE_RELATIVE);
    expect(() => signEntry(family.roster, [thief], { op: 'add', members: [ghost.member] })).toThrow(
      'roster-signature',
    );
    const root = { id: family.familyId, secret: thief.secret };
    expect(() => signEntry(family.roster, [root], { op: 'add', members: [ghost.member] })).toThrow(
      'roster-signature',
    );
  });

  it('never takes an id or a key twice', () => {
    const { family, mum, grandma, bridge } = wholeFamily();
    const add = (member: typeof grandma.member) =>
      signEntry(family.roster, [mum.signer], { op: 'add', members: [member] });
    expect(() => add(grandma.member)).toThrow('roster-member');
    family.change([mum.signer], { op: 'remove', ids: [grandma.member.id, bridge.member.id] });
    expect(() => add(grandma.member)).toThrow('roster-member');
    const again = {
      role: ROLE_BRIDGE,
      signKey: grandma.member.signKey,
      linkKey: draw(seeded('new'), 32),
      person: null,
    } as const;
    expect(() => add(asMember(again) as typeof grandma.member)).toThrow('roster-member');
    const sameLink = {
      ...again,
      signKey: testDevice('new', ROLE_BRIDGE).member.signKey,
      linkKey: bridge.member.linkKey,
    };
    expect(() => add(asMember(sameLink) as typeof grandma.member)).toThrow('roster-member');
    expect(() => signEntry(family.roster, [mum.signer], { op: 'remove', ids: [grandma.member.id] })).toThrow(
      'roster-member',
    );
  });

  it('keeps number, generation and previous hash', () => {
    const { family, mum } = wholeFamily();
    const { number, generation, head } = family.roster;
    const op: Op = { op: 'add', members: [testToy('second')] };
    const good: Entry = { number: number + 1, generation, previous: head, signers: [mum.member.id], op };
    extendChain(family.roster, forged(good, [mum.signer]));
    const wrong: Partial<Entry>[] = [
      { number },
      { number: number + 2 },
      { generation: generation + 1 },
      { previous: NO_HEAD },
    ];
    for (const change of wrong) {
      const bytes = forged({ ...good, ...change }, [mum.signer]);
      expect(() => extendChain(family.roster, bytes)).toThrow('roster-chain');
    }
    const second = forged(
      { ...good, op: { op: 'genesis', rootKey: draw(seeded('x'), 32), members: op.members } },
      [mum.signer],
    );
    expect(() => extendChain(family.roster, second)).toThrow('roster-right');
  });

  it('holds as many of a role as the toy’s policy has room for', () => {
    const { family, mum } = wholeFamily();
    const bridges = [1, 2, 3, 4, 5, 6, 7].map((i) => testDevice(`bridge ${i}`, ROLE_BRIDGE).member);
    family.change([mum.signer], { op: 'add', members: bridges });
    const ninth = testDevice('bridge 9', ROLE_BRIDGE).member;
    expect(() => family.change([mum.signer], { op: 'add', members: [ninth] })).toThrow('roster-member');
  });
});

describe('a reset by the root', () => {
  it('replaces the whole list with a higher generation', () => {
    const { family, mum, dad, grandma, bridge, toy } = wholeFamily();
    const phone = testDevice('mum new phone', ROLE_ADULT, 'whole mum');
    family.change([family.root], {
      op: 'reset',
      members: [phone.member, grandma.member, bridge.member, toy],
    });
    expect(family.roster.generation).toBe(2);
    expect(family.roster.members.size).toBe(4);
    expect(memberOf(family.roster, dad.member.id)).toBeUndefined();
    expect(readChain(family.familyId, family.entries).head).toEqual(family.roster.head);
    // Who was left out stays out.
    expect(() => family.change([phone.signer], { op: 'add', members: [mum.member] })).toThrow(
      'roster-member',
    );
  });

  it('is nobody else’s', () => {
    const { family, mum, dad } = wholeFamily();
    const op: Op = { op: 'reset', members: [mum.member] };
    expect(() => family.change([mum.signer, dad.signer], op)).toThrow('roster-right');
    expect(() => family.change([family.root], { op: 'reset', members: [testToy('alone')] })).toThrow(
      'roster-member',
    );
  });

  it('must raise the generation, and cannot bring back the removed or change a role', () => {
    const { family, mum, dad, grandma } = wholeFamily();
    const { number, generation, head } = family.roster;
    const op: Op = { op: 'reset', members: [mum.member] };
    const entry: Entry = { number: number + 1, generation, previous: head, signers: [family.familyId], op };
    expect(() => extendChain(family.roster, forged(entry, [family.root]))).toThrow('roster-chain');
    extendChain(family.roster, forged({ ...entry, generation: 9 }, [family.root]));
    const promoted = { ...grandma.member, role: ROLE_ADULT } as const;
    expect(() => family.change([family.root], { op: 'reset', members: [mum.member, promoted] })).toThrow(
      'roster-member',
    );
    expect(() => family.change([family.root], { op: 'reset', members: [mum.member, mum.member] })).toThrow(
      'roster-member',
    );
    family.change([mum.signer], { op: 'remove', ids: [grandma.member.id] });
    expect(() =>
      family.change([family.root], { op: 'reset', members: [dad.member, grandma.member] }),
    ).toThrow('roster-member');
  });
});

describe('a member', () => {
  it('has the keys of its role and the id of its keys', () => {
    const { mum, bridge, grandma, toy } = wholeFamily();
    for (const member of [mum.member, bridge.member, grandma.member, toy]) {
      expect(decodeMember(memberFields(member))).toEqual(member);
      const wrongId = { ...member, id: draw(seeded('id'), 16) };
      expect(() => decodeMember(memberFields(wrongId))).toThrow('roster-member');
    }
    const key = draw(seeded('key'), 32);
    const person = draw(seeded('person'), 16);
    const wrong = [
      { role: ROLE_ADULT, signKey: null, linkKey: key, person },
      { role: ROLE_ADULT, signKey: key, linkKey: null, person: null },
      { role: ROLE_RELATIVE, signKey: key, linkKey: key, person },
      { role: ROLE_BRIDGE, signKey: key, linkKey: null, person: null },
      { role: ROLE_BRIDGE, signKey: key, linkKey: key, person },
      { role: ROLE_TOY, signKey: key, linkKey: key, person: null },
      { role: ROLE_TOY, signKey: null, linkKey: null, person: null },
    ] as const;
    for (const candidate of wrong) expect(() => asMember(candidate)).toThrow('roster-member');
  });

  it('is an adult’s device in every family’s first entry, signed by its root', () => {
    expect(() => testFamily('no adult', [testToy('alone')])).toThrow('roster-member');
    const mum = testDevice('mum', ROLE_ADULT);
    const op: Op = { op: 'genesis', rootKey: mum.member.signKey, members: [mum.member] };
    const id = familyIdOf(mum.member.signKey);
    // The root key is spent: it cannot be a device's as well.
    const bytes = forged({ number: 0, generation: 1, previous: NO_HEAD, signers: [id], op }, [mum.signer]);
    expect(() => beginChain(bytes)).toThrow('roster-member');
  });
});
