// The door to libsodium: complete, pinned, the only one, and right by RFC 8439.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missing, REQUIRED, sodium } from '#protocol/sodium/ready.ts';
import { counting, fromHex, toHex } from '#test/contracts/bytes-hex.ts';

const root = new URL('../../../', import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources(path);
    return /\.(ts|tsx)$/.test(entry.name) ? [path] : [];
  });
}

describe('the door to libsodium', () => {
  it('has all that it promises', () => {
    expect(missing(sodium, REQUIRED)).toEqual([]);
  });

  it('would name what is missing', () => {
    // crypto_pwhash is one of the 99 that compile and are not there.
    expect(missing(sodium, ['memcmp', 'crypto_pwhash'])).toEqual(['crypto_pwhash']);
  });

  it('is the only one', () => {
    const folders = ['boards', 'firmware', 'protocol', 'bridge', 'relay', 'app', 'cli', 'test'];
    const doors = folders
      .flatMap((folder) => readdirSync(root).filter((name) => name === folder))
      .flatMap((folder) => sources(join(root, folder)))
      .filter((path) => /from ['"]libsodium(-wrappers)?['"]/.test(readFileSync(path, 'utf8')))
      .map((path) => path.slice(root.length));
    expect(doors).toEqual(['protocol/sodium/ready.ts']);
  });

  it('is pinned, its inner library too', () => {
    const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
    const manifest = read('package.json');
    expect(manifest.overrides.libsodium).toBe('$libsodium');
    for (const name of ['libsodium', 'libsodium-wrappers']) {
      expect(manifest.dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
      expect(read(`node_modules/${name}/package.json`).version).toBe(manifest.dependencies[name]);
    }
  });

  it('seals as RFC 8439 section 2.8.2 does', () => {
    const plain = Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
      plain,
      fromHex('50515253c0c1c2c3c4c5c6c7'),
      null,
      fromHex('070000004041424344454647'),
      counting(0x80, 32),
    );
    expect(toHex(sealed.subarray(0, 16))).toBe('d31a8d34648e60db7b86afbc53ef7ec2');
    expect(toHex(sealed.subarray(plain.length))).toBe('1ae10b594f09e26a7e902ecbd0600691');
  });
});
