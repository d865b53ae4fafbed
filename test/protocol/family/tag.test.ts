import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTag, encodeTag, TAG_CHARACTERS, TAG_PREFIX } from '#protocol/family/tag.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
const places = fc.integer({ min: 0, max: TAG_CHARACTERS - 1 });
const code = (secret: Uint8Array) => encodeTag(secret).slice(TAG_PREFIX.length);

/** Made by Python: `binascii.crc_hqx` and integers. */
const VECTORS: [Uint8Array, string][] = [
  [new Uint8Array(32), 'PAWPOST:000000000000000000000000000000000000000000000000000F2K0'],
  [new Uint8Array(32).fill(255), 'PAWPOST:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZQBY0'],
  [
    Uint8Array.from({ length: 32 }, (_, i) => i),
    'PAWPOST:000G40R40M30E209185GR38E1W8124GK2GAHC5RR34D1P70X3RFJ7CR',
  ],
];

describe('the text of a tag', () => {
  it('is what another writing of it says', () => {
    for (const [secret, text] of VECTORS) {
      expect(encodeTag(secret)).toBe(text);
      expect(decodeTag(text)).toEqual(secret);
    }
  });

  it('fits the short alphabet of a QR code and gives the secret back', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const text = encodeTag(secret);
        expect(text).toMatch(/^PAWPOST:[0-9A-HJKMNP-TV-Z]{55}$/);
        expect(decodeTag(text)).toEqual(secret);
      }),
    );
  });

  it('forgives what people do when they type', () => {
    fc.assert(
      fc.property(secrets, fc.boolean(), fc.boolean(), (secret, hasPrefix, isLower) => {
        const groups = code(secret).match(/.{1,5}/g)!;
        let text = groups.join(' - ').replaceAll('0', 'O').replace('1', 'I').replaceAll('1', 'l');
        if (hasPrefix) text = ` PawPost: ${text}\n`;
        expect(decodeTag(isLower ? text.toLowerCase() : text)).toEqual(secret);
      }),
    );
  });

  it('notices every single wrong character, at every place', () => {
    const right = code(VECTORS[2]![0]);
    for (let at = 0; at < right.length; at++) {
      for (const character of ALPHABET) {
        if (character === right[at]) continue;
        const wrong = right.slice(0, at) + character + right.slice(at + 1);
        expect(() => decodeTag(wrong), wrong).toThrow('tag-checksum');
      }
    }
  });

  it('notices one wrong character, or two neighbours that changed places, of any secret', () => {
    fc.assert(
      fc.property(secrets, places, fc.constantFrom(...ALPHABET), (secret, at, character) => {
        const right = code(secret);
        fc.pre(right[at] !== character);
        expect(() => decodeTag(right.slice(0, at) + character + right.slice(at + 1))).toThrow('tag-checksum');
        const next = right.slice(at, at + 2);
        fc.pre(next.length === 2 && next[0] !== next[1]);
        const swapped = right.slice(0, at) + next[1] + next[0] + right.slice(at + 2);
        expect(() => decodeTag(swapped)).toThrow('tag-checksum');
      }),
    );
  });

  it('says of anything else that it is no tag', () => {
    const right = code(VECTORS[1]![0]);
    const others = [
      '',
      'PAWPOST:',
      right.slice(1),
      `${right}0`,
      right.replace('Z', 'U'),
      right.replace('Z', 'é'),
    ];
    others.push('https://pawpost.example/', `PAWPOST:PAWPOST:${right}`, '🐻'.repeat(55));
    for (const other of others) expect(() => decodeTag(other), other).toThrow('tag-form');
    fc.assert(
      fc.property(fc.string({ maxLength: 80, unit: 'binary' }), (text) => {
        expect(() => decodeTag(text)).toThrow(/^tag-(form|checksum)$/);
      }),
    );
  });
});
