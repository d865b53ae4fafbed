// A release is taken only as its maker signed it, and never an older one than is here.
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOlder, judgeFile, judgeRelease, type ReleaseFile } from '#app/release.ts';
import { publicBytes, signRelease, writeRelease } from '#cli/app/signing.ts';

const maker = generateKeyPairSync('ed25519').privateKey;
const makerKey = Uint8Array.from(publicBytes(maker));
const files = new Map([
  ['/index.html', Buffer.from('<!doctype html>')],
  ['/assets/index-abcdefgh.js', Buffer.from('let paw')],
]);
const release = (version = '1.2.3') => Uint8Array.from(writeRelease(version, files));
const signed = (bytes: Uint8Array, key = maker) => Uint8Array.from(signRelease(key, bytes));
const judge = (bytes: Uint8Array<ArrayBuffer>, signature = signed(bytes), current: string | null = null) =>
  judgeRelease(bytes, signature, makerKey, current);

describe('a release', () => {
  it('is taken as signed, with the hash of what was signed', async () => {
    const taken = await judge(release());
    expect(taken.version).toBe('1.2.3');
    expect(taken.files.map(({ path }) => path)).toEqual(['/assets/index-abcdefgh.js', '/index.html']);
    expect(taken.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('may have files that are fetched only when they are wanted', async () => {
    const onDemand = new Map([['/toy/1.program', Buffer.from('paw')]]);
    const bytes = Uint8Array.from(writeRelease('1.2.3', files, onDemand));
    const taken = await judge(bytes);
    expect(taken.onDemand.map(({ path, bytes }) => [path, bytes])).toEqual([['/toy/1.program', 3]]);
    expect(taken.files).toEqual((await judge(release())).files);
    expect((await judge(release())).onDemand).toEqual([]);
  });

  it('does not depend on the order or the time of its making', () => {
    const turned = new Map([...files].reverse());
    expect(writeRelease('1.2.3', turned).equals(Buffer.from(release()))).toBe(true);
  });

  it('is refused with one bit changed, in itself or in its signature', async () => {
    const good = release();
    const bits = fc.record({ ofSignature: fc.boolean(), at: fc.nat(), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(bits, async ({ ofSignature, at, bit }) => {
        const bytes = good.slice();
        const signature = signed(good);
        const target = ofSignature ? signature : bytes;
        target[at % target.length]! ^= 1 << bit;
        await expect(judge(bytes, signature)).rejects.toMatchObject({ code: 'signature' });
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when another signed it, nobody did, or it was signed as something else', async () => {
    const bytes = release();
    const other = generateKeyPairSync('ed25519').privateKey;
    await expect(judge(bytes, signed(bytes, other))).rejects.toMatchObject({ code: 'signature' });
    await expect(judge(bytes, new Uint8Array(0))).rejects.toMatchObject({ code: 'signature' });
    await expect(judge(bytes, new Uint8Array(64))).rejects.toMatchObject({ code: 'signature' });
    const { sign } = await import('node:crypto');
    const bare = Uint8Array.from(sign(null, bytes, maker));
    await expect(judge(bytes, bare)).rejects.toMatchObject({ code: 'signature' });
  });

  it('is refused when it is older, however genuine', async () => {
    const old = release('1.2.3');
    await expect(judge(old, signed(old), '1.2.4')).rejects.toMatchObject({ code: 'older' });
    await expect(judge(old, signed(old), '1.10.0')).rejects.toMatchObject({ code: 'older' });
    expect((await judge(old, signed(old), '1.2.3')).version).toBe('1.2.3');
    expect((await judge(old, signed(old), '0.99.99')).version).toBe('1.2.3');
  });

  it.each([
    ['no JSON', 'paw'],
    ['another format', '{"format":2,"version":"1.0.0","files":[{"path":"/a","bytes":1,"sha256":"__"}]}'],
    ['no files', '{"format":1,"version":"1.0.0","files":[]}'],
    [
      'a version that is none',
      '{"format":1,"version":"latest","files":[{"path":"/a","bytes":1,"sha256":"__"}]}',
    ],
    [
      'a path out of the site',
      '{"format":1,"version":"1.0.0","files":[{"path":"//evil.example/a","bytes":1,"sha256":"__"}]}',
    ],
    ['a path upwards', '{"format":1,"version":"1.0.0","files":[{"path":"/../a","bytes":1,"sha256":"__"}]}'],
    [
      'a file that fills the phone',
      '{"format":1,"version":"1.0.0","files":[{"path":"/a","bytes":99999999999,"sha256":"__"}]}',
    ],
    [
      'a list that is none',
      '{"format":1,"version":"1.0.0","files":[{"path":"/a","bytes":1,"sha256":"__"}],"onDemand":"/b"}',
    ],
    [
      'a file that is kept and on demand',
      '{"format":1,"version":"1.0.0","files":[{"path":"/a","bytes":1,"sha256":"__"}],"onDemand":[{"path":"/a","bytes":2,"sha256":"__"}]}',
    ],
    [
      'one file twice',
      '{"format":1,"version":"1.0.0","files":[{"path":"/a","bytes":1,"sha256":"__"},{"path":"/a","bytes":2,"sha256":"__"}]}',
    ],
  ])('is refused with %s, even signed', async (_what, text) => {
    const bytes = Uint8Array.from(Buffer.from(text.replaceAll('__', 'ab'.repeat(32))));
    await expect(judge(bytes)).rejects.toMatchObject({ code: 'form' });
  });
});

describe('a file', () => {
  const [file] = [...files].map(([path, content]): [ReleaseFile, Uint8Array<ArrayBuffer>] => [
    JSON.parse(writeRelease('1.0.0', new Map([[path, content]])).toString()).files[0],
    Uint8Array.from(content),
  ]);

  it('is taken as signed and not with another byte, or one more', async () => {
    const [listed, content] = file!;
    await expect(judgeFile(listed, content)).resolves.toBeUndefined();
    const changed = content.slice();
    changed[0]! ^= 1;
    await expect(judgeFile(listed, changed)).rejects.toMatchObject({ code: 'file' });
    await expect(judgeFile(listed, Uint8Array.of(...content, 0))).rejects.toMatchObject({ code: 'file' });
  });
});

it('compares versions by number', () => {
  const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99));
  fc.assert(
    fc.property(version, version, (a, b) => {
      const order = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
      expect(isOlder(a.join('.'), b.join('.'))).toBe(order < 0);
    }),
  );
});
