// The safe against those who may not open it, and against a relay that makes one up.
import { describe, expect, it } from 'vitest';
import { openSafe, readSafeKey, type SafeContent, safeKeyOf, sealSafe } from '#protocol/family/safe.ts';
import { SAFE_MAX_BYTES } from '#protocol/relay/limits.ts';
import { wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const { family, mum, grandma, dad, toy } = wholeFamily('safe');
const { roster, rootSeed, familyId } = family;
const random = seeded('safe');
const key = safeKeyOf(rootSeed);
const content: SafeContent = {
  deviceId: mum.member.id,
  headNumber: 4,
  at: 9,
  toys: [{ toyId: toy.id, toyRoot: draw(random, 32), clipSecret: draw(random, 32), policy: null }],
  profiles: [{ kind: 'toy', id: toy.id, name: 'Brumm', picture: null, at: 3 }],
};
const seal = (of = content, secret = mum.signer.secret) => sealSafe(key, familyId, of, secret, random);

describe('a safe', () => {
  it('is opened by the root, and filled by whoever has read its key', () => {
    const bytes = seal();
    expect(readSafeKey(bytes, roster.rootKey)).toEqual(key);
    expect(openSafe(bytes, rootSeed, roster)).toEqual(content);
    expect(bytes.length).toBeLessThanOrEqual(SAFE_MAX_BYTES);
    // Never twice the same, and nothing of a toy's secrets or names in clear.
    expect(seal()).not.toEqual(bytes);
    for (const secret of [content.toys[0]!.toyRoot, content.toys[0]!.clipSecret, Buffer.from('Brumm')])
      expect(Buffer.from(bytes).includes(Buffer.from(secret))).toBe(false);
  });

  it('is opened by nobody else', () => {
    for (const seed of [draw(random, 32), mum.signer.secret.slice(0, 32), new Uint8Array(32)])
      expect(() => openSafe(seal(), seed, roster)).toThrow(/^safe-form$/);
  });

  it('is taken only if an adult of this family filled it', () => {
    const byGrandma = seal({ ...content, deviceId: grandma.member.id }, grandma.signer.secret);
    const asMum = seal(content, dad.signer.secret);
    const byStranger = seal({ ...content, deviceId: draw(random, 16) });
    for (const bytes of [byGrandma, asMum, byStranger])
      expect(() => openSafe(bytes, rootSeed, roster)).toThrow(/^safe-signature$/);
    const elsewhere = sealSafe(key, draw(random, 16), content, mum.signer.secret, random);
    expect(() => openSafe(elsewhere, rootSeed, roster)).toThrow(/^safe-form$/);
  });

  it('is not filled for a key that the root did not sign', () => {
    const own = safeKeyOf(draw(random, 32));
    for (const false_ of [own, { ...own, signature: key.signature }, { ...key, signature: own.signature }]) {
      const bytes = sealSafe(false_, familyId, content, mum.signer.secret, random);
      expect(() => readSafeKey(bytes, roster.rootKey)).toThrow(/^safe-signature$/);
    }
  });

  it('does not bear a changed bit', () => {
    const bytes = seal();
    for (let at = 0; at < bytes.length; at += 13) {
      const wrong = bytes.slice();
      wrong[at]! ^= 1 << (at & 7);
      expect(() => openSafe(wrong, rootSeed, roster), `${at}`).toThrow(/^safe-(form|signature)$/);
    }
  });

  it('too large is not made', () => {
    const policy = new Uint8Array(1800);
    const picture = Uint8Array.from({ length: 3072 }, (_, i) => [0xff, 0xd8, 0xff][i] ?? 1);
    const profiles = Array.from({ length: 12 }, () => ({ ...content.profiles[0]!, picture }));
    const full = { ...content, toys: Array.from({ length: 8 }, () => ({ ...content.toys[0]!, policy })) };
    expect(openSafe(seal(full), rootSeed, roster).toys).toHaveLength(8);
    expect(() => seal({ ...full, profiles })).toThrow(/^safe-form$/);
  });
});
