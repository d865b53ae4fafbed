import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCbor } from '#protocol/cbor.ts';
import { decodeConsent, encodeConsent } from '#protocol/family/consent.ts';
import {
  compareProfiles,
  decodeProfile,
  encodeProfile,
  isName,
  maySetProfile,
  PICTURE_BYTES_MAX,
  type Profile,
} from '#protocol/family/profile.ts';
import { wholeFamily } from '#test/support/family.ts';

const { mum, grandma, bridge } = wholeFamily();
const id = (n: number) => new Uint8Array(16).fill(n);
const profile: Profile = { kind: 'toy', id: id(1), name: 'Brumm', picture: null, at: 5 };
const jpeg = (bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, i) => [0xff, 0xd8, 0xff][i] ?? i & 255);

const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isName);
const profiles: fc.Arbitrary<Profile> = fc.record({
  kind: fc.constantFrom('person', 'toy', 'device'),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  name: names,
  picture: fc.option(fc.integer({ min: 3, max: PICTURE_BYTES_MAX }).map(jpeg)),
  at: fc.integer({ min: 0, max: 0xffffffff }),
});

describe('a profile', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(profiles, (one) => {
        expect(decodeProfile(encodeProfile(one))).toEqual(one);
      }),
    );
  });

  it('stands or gives way alike on all devices, whatever the order', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        expect(Math.sign(compareProfiles(a, b)) + Math.sign(compareProfiles(b, a))).toBe(0);
        if (a.at !== b.at) expect(compareProfiles(a, b) > 0).toBe(a.at > b.at);
      }),
    );
  });

  it('has a name that can be read, and nothing that plays with the reader', () => {
    for (const name of ['Mum', 'Åse 💛', 'x'.repeat(40), '👩‍👧']) expect(isName(name), name).toBe(true);
    const bad = [
      '',
      ' ',
      'a ',
      '\tb',
      'a\u0000',
      'a\nb',
      'x'.repeat(41),
      'A\u030a',
      'a\u202eb',
      '\ud800',
      'a\u2028',
    ];
    for (const name of bad) {
      expect(isName(name), JSON.stringify(name)).toBe(false);
      expect(() => encodeProfile({ ...profile, name })).toThrow();
    }
  });

  it('has a picture that begins as one, of at most 3 KiB', () => {
    const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
    const webp = [...Buffer.from('RIFF....WEBP')];
    for (const picture of [jpeg(PICTURE_BYTES_MAX), Uint8Array.from(png), Uint8Array.from(webp)])
      expect(decodeProfile(encodeProfile({ ...profile, picture })).picture).toEqual(picture);
    const svg = new Uint8Array(Buffer.from('<svg onload="alert(1)"/>'));
    for (const picture of [svg, new Uint8Array(0), jpeg(2), jpeg(PICTURE_BYTES_MAX + 1)])
      expect(() => encodeProfile({ ...profile, picture })).toThrow(/^content-form$/);
  });

  it('is set by adults, and by a relative of itself alone', () => {
    const own = { kind: 'person', id: grandma.member.person! } as const;
    expect(maySetProfile(grandma.member, own)).toBe(true);
    for (const other of [profile, { ...own, kind: 'toy' }, { ...own, id: mum.member.person! }] as const) {
      expect(maySetProfile(mum.member, other)).toBe(true);
      expect(maySetProfile(grandma.member, other)).toBe(false);
      expect(maySetProfile(bridge.member, other)).toBe(false);
    }
  });

  it('and a consent are refused by one fault, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(() => decodeProfile(bytes)).toThrow(/^content-form$/);
        expect(() => decodeConsent(bytes)).toThrow(/^content-form$/);
      }),
    );
    const later = encodeCbor([2, 1, id(1), 'x', null, 1]);
    expect(() => decodeProfile(later)).toThrow(/^content-form$/);
  });
});

describe('a consent', () => {
  it('comes back as it was', () => {
    const consent = {
      toyId: id(1),
      isGiven: true,
      at: 9,
      words: new Uint8Array(32),
      person: id(2),
      deviceId: id(3),
    };
    expect(decodeConsent(encodeConsent(consent))).toEqual(consent);
  });
});
