import { wordlist } from '@scure/bip39/wordlists/english.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asArray, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { BEACON_STALE_S, compareBeacon, decodeBeacon, encodeBeacon } from '#protocol/family/beacon.ts';
import { memberOf } from '#protocol/family/chain.ts';
import {
  comparedWords,
  decodeInvitation,
  decodeJoinAnswer,
  decodeJoinRequest,
  doorSeed,
  encodeInvitation,
  encodeJoinAnswer,
  encodeJoinRequest,
  type Invitation,
  openFromInvitation,
  pinOfInvitation,
  requireInvitedPerson,
  sealForInvitation,
} from '#protocol/family/invitation.ts';
import { type Member, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { acceptChain } from '#protocol/family/pin.ts';
import { rootSigner } from '#protocol/family/sign.ts';
import { recoveryWords, seedOfWords, wordsOf } from '#protocol/family/words.ts';
import { NOON_S } from '#test/support/envelope.ts';
import { testDevice, wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const { family, mum, dad, grandma } = wholeFamily();
const random = seeded('joining');
const aunt = testDevice('aunt', ROLE_RELATIVE);
const invitation = {
  invitationId: draw(random, 16),
  secret: draw(random, 32),
  familyId: family.familyId,
  headNumber: family.roster.number,
  head: family.roster.head,
};
const answer = {
  adult: mum.member,
  headNumber: family.roster.number,
  head: family.roster.head,
  nonce: draw(random, 16),
};

const fieldsOf = (bytes: Uint8Array) => asArray(decodeCbor(bytes, 'invitation-form'), 6, 'invitation-form');

describe('joining', () => {
  it('goes from the invitation to an entry with exactly the newcomer’s keys', () => {
    const whole = wholeFamily();
    const got = decodeInvitation(encodeInvitation(invitation));
    expect(got).toEqual(invitation);
    const request = encodeJoinRequest(got, aunt.member, 'Aunt Jo', aunt.signer.secret);
    const passed = openFromInvitation(invitation, sealForInvitation(got, request, draw(random, 24)));
    const newcomer = decodeJoinRequest(invitation, passed);
    expect(newcomer).toEqual({ member: aunt.member, name: 'Aunt Jo' });
    const said = decodeJoinAnswer(encodeJoinAnswer(answer));
    expect(said).toEqual(answer);
    // The newcomer finds the adult in the chain that holds the invitation's head.
    const roster = acceptChain(pinOfInvitation(got), whole.family.entries);
    expect(memberOf(roster, said.adult.id)).toEqual(said.adult);
    const words = comparedWords(roster.familyId, said, aunt.member);
    expect(words).toEqual(comparedWords(family.familyId, answer, newcomer.member));
    expect(words).toHaveLength(6);
    whole.family.change([mum.signer], { op: 'add', members: [newcomer.member] });
    const after = acceptChain(pinOfInvitation(got), whole.family.entries);
    expect(memberOf(after, aunt.member.id)).toEqual(aunt.member);
  });

  it('may be of a person’s other phone, and of nothing else then', () => {
    const person = mum.member.person!;
    const mine = { ...invitation, person };
    const bytes = encodeInvitation(mine);
    expect(decodeInvitation(bytes)).toEqual(mine);
    // As before, with one more element.
    const plain = encodeInvitation(invitation);
    expect(bytes).toEqual(new Uint8Array([0x87, ...plain.subarray(1), 0x50, ...person]));
    for (const wrong of [person.subarray(1), null, 'mum'])
      expect(() => decodeInvitation(encodeCbor([...fieldsOf(plain), wrong]))).toThrow('invitation-form');
    expect(() => decodeInvitation(encodeCbor([...fieldsOf(bytes), person]))).toThrow('invitation-form');
    const known = [person, dad.member.person!];
    const judge = (by: Invitation, member: Member) => () => requireInvitedPerson(by, member, known);
    const watch = testDevice('mum watch', ROLE_ADULT, 'whole mum').member;
    const asRelative = testDevice('mum as gran', ROLE_RELATIVE, 'whole mum').member;
    const pi = testDevice('pi', ROLE_BRIDGE).member;
    expect(judge(mine, watch)).not.toThrow();
    for (const other of [dad.member, aunt.member, asRelative, pi])
      expect(judge(mine, other)).toThrow('invitation-person');
    for (const fresh of [aunt.member, pi]) expect(judge(invitation, fresh)).not.toThrow();
    for (const claimed of [watch, asRelative])
      expect(judge(invitation, claimed)).toThrow('invitation-person');
  });

  it('shows other words when anything about it differs', () => {
    const words = comparedWords(family.familyId, answer, aunt.member).join(' ');
    const ghost = testDevice('ghost', ROLE_RELATIVE).member;
    const others = [
      comparedWords(draw(random, 16), answer, aunt.member),
      comparedWords(family.familyId, { ...answer, head: draw(random, 32) }, aunt.member),
      comparedWords(family.familyId, { ...answer, headNumber: 3 }, aunt.member),
      comparedWords(family.familyId, { ...answer, nonce: draw(random, 16) }, aunt.member),
      comparedWords(family.familyId, { ...answer, adult: dad.member }, aunt.member),
      comparedWords(family.familyId, answer, ghost),
      comparedWords(family.familyId, answer, { ...aunt.member, role: ROLE_ADULT }),
    ];
    for (const other of others) expect(other.join(' ')).not.toBe(words);
    expect(new Set(others.map((other) => other.join(' '))).size).toBe(others.length);
  });

  it('takes a request only from the holder of its keys, for this invitation', () => {
    const ghost = testDevice('ghost', ROLE_RELATIVE);
    const stolen = encodeJoinRequest(invitation, aunt.member, 'Aunt Jo', ghost.signer.secret);
    expect(() => decodeJoinRequest(invitation, stolen)).toThrow('invitation-form');
    const request = encodeJoinRequest(invitation, aunt.member, 'Aunt Jo', aunt.signer.secret);
    const other = { ...invitation, invitationId: draw(random, 16) };
    expect(() => decodeJoinRequest(other, request)).toThrow('invitation-form');
  });

  it('takes a name as a name, and an answer from an adult alone', () => {
    for (const name of ['', ' x', 'a\nb', 'x'.repeat(41)])
      expect(() => encodeJoinRequest(invitation, aunt.member, name, aunt.signer.secret)).toThrow(
        'invitation-form',
      );
    const byGrandma = encodeJoinAnswer({ ...answer, adult: grandma.member });
    expect(() => decodeJoinAnswer(byGrandma)).toThrow('invitation-form');
  });

  it('lets nothing through the pigeonhole that the secret did not seal', () => {
    const sealed = sealForInvitation(invitation, new Uint8Array([1, 2, 3]), draw(random, 24));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      sealed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openFromInvitation(invitation, sealed)).toThrow('invitation-form');
      sealed[bit >> 3]! ^= 1 << (bit & 7);
    }
    for (const length of [0, 10, 24, 39]) {
      expect(() => openFromInvitation(invitation, sealed.subarray(0, length))).toThrow('invitation-form');
    }
    const other = { ...invitation, secret: draw(random, 32) };
    expect(() => openFromInvitation(other, sealed)).toThrow('invitation-form');
  });

  it('has a door key of its own, as another program (Python, hashlib) makes it from the specification', () => {
    const secret = new Uint8Array(32).map((_, i) => i);
    const known = { ...invitation, secret, invitationId: new Uint8Array(16).fill(7) };
    expect(Buffer.from(doorSeed(known)).toString('hex')).toBe(
      'e02a24ffc096c664cadc3d2e84b7516e9febc025ecd1ec7f12c10531b9daddb9',
    );
    const others = [
      doorSeed(invitation),
      doorSeed({ ...invitation, secret: draw(random, 32) }),
      doorSeed({ ...invitation, invitationId: draw(random, 16) }),
    ];
    expect(new Set(others.map(String)).size).toBe(others.length);
  });

  it('throws faults and nothing else, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        for (const decode of [decodeInvitation, decodeJoinAnswer])
          expect(() => decode(bytes)).toThrow('invitation-form');
        expect(() => decodeJoinRequest(invitation, bytes)).toThrow('invitation-form');
        expect(() => openFromInvitation(invitation, bytes)).toThrow('invitation-form');
        expect(() => decodeBeacon(bytes, family.roster)).toThrow('beacon-form');
      }),
    );
  });
});

describe('words', () => {
  it('are 11 bits each, most significant first', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 32 }), (bytes) => {
        const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
        const words = wordsOf(bytes, 6);
        expect(words.map((word) => wordlist.indexOf(word).toString(2).padStart(11, '0')).join('')).toBe(
          bits.slice(0, 66),
        );
      }),
    );
    expect(() => wordsOf(new Uint8Array(8), 6)).toThrow(RangeError);
  });

  it('of the recovery kit are those of BIP39 and give the root back', () => {
    // Test vectors of BIP39 (trezor/python-mnemonic vectors.json): 256 bits of 00, 7f and ff.
    expect(recoveryWords(new Uint8Array(32)).join(' ')).toBe(`${'abandon '.repeat(23)}art`);
    const sevens = 'legal winner thank year wave sausage worth useful ';
    expect(recoveryWords(new Uint8Array(32).fill(0x7f)).join(' ')).toBe(
      `${sevens}${sevens}legal winner thank year wave sausage worth title`,
    );
    expect(recoveryWords(new Uint8Array(32).fill(0xff)).join(' ')).toBe(`${'zoo '.repeat(23)}vote`);
    const words = recoveryWords(family.rootSeed);
    expect(rootSigner(seedOfWords(`  ${words.join('\n ').toUpperCase()} `))).toEqual(family.root);
  });

  it('are refused when mistyped', () => {
    const words = recoveryWords(family.rootSeed);
    const wrong = [
      words.slice(1),
      [...words, 'zoo'],
      [...words.slice(0, 23), 'pawpost'],
      [words[1]!, words[0]!, ...words.slice(2)],
    ];
    for (const list of wrong) expect(() => seedOfWords(list.join(' '))).toThrow(/^recovery-words$/);
    expect(() => seedOfWords('')).toThrow(/^recovery-words$/);
  });
});

describe('a beacon', () => {
  const whole = wholeFamily();
  const at = NOON_S;
  const beacon = {
    familyId: family.familyId,
    deviceId: mum.member.id,
    generation: 1,
    headNumber: 4,
    head: family.roster.head,
    at,
  };

  it('says what an adult’s device sees', () => {
    const got = decodeBeacon(encodeBeacon(beacon, mum.signer.secret), family.roster);
    expect(got).toEqual(beacon);
    expect(compareBeacon(family.roster, got)).toBe('same');
    const older = { ...beacon, headNumber: 2, head: family.roster.heads[2]! };
    expect(compareBeacon(family.roster, older)).toBe('older');
    expect(compareBeacon(family.roster, { ...beacon, headNumber: 5 })).toBe('newer');
    expect(compareBeacon(family.roster, { ...beacon, headNumber: 2 })).toBe('fork');
    // What was said before the root ended a fork, or after it has and this device has not heard of it.
    expect(compareBeacon({ ...family.roster, generation: 2 }, { ...beacon, headNumber: 2 })).toBe('older');
    expect(compareBeacon(family.roster, { ...beacon, headNumber: 2, generation: 2 })).toBe('newer');
    expect(BEACON_STALE_S).toBe(14 * 86400);
  });

  it('is an adult’s own, of this family', () => {
    const byGrandma = encodeBeacon({ ...beacon, deviceId: grandma.member.id }, grandma.signer.secret);
    const asMum = encodeBeacon(beacon, dad.signer.secret);
    const elsewhere = encodeBeacon({ ...beacon, familyId: draw(random, 16) }, mum.signer.secret);
    for (const bytes of [byGrandma, asMum, elsewhere]) {
      expect(() => decodeBeacon(bytes, whole.family.roster)).toThrow('beacon-signature');
    }
  });
});
