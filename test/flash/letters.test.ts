// Bytes as letters, by what Node has for it.

import { createHash } from 'node:crypto';
import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { md5 } from '#app/flash/boot-loader.ts';
import { base64, bytesOfBase64, bytesOfLatin1, crc32, hexOf, latin1 } from '#app/flash/letters.ts';

it('letters, hex, base64, CRC-32 and MD5 are those of everybody', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const node = Buffer.from(bytes);
      expect(latin1(bytes)).toBe(node.toString('latin1'));
      expect(bytesOfLatin1(latin1(bytes))).toEqual(bytes);
      expect(hexOf(bytes)).toBe(node.toString('hex'));
      expect(base64(bytes)).toBe(node.toString('base64'));
      expect(bytesOfBase64(base64(bytes))).toEqual(bytes);
      expect(crc32(latin1(bytes))).toBe(nodeCrc32(node));
      expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
    }),
  );
  expect(bytesOfBase64('no base64!')).toEqual(new Uint8Array(0));
});
