// The shelf of the service worker: a false or broken release leaves the old one where it was.
import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createShelf, type Shelf } from '#app/worker/shelf.ts';
import { publicBytes, signRelease, writeRelease } from '#cli/app/signing.ts';
import { createCaches } from './caches.ts';

const maker = generateKeyPairSync('ed25519').privateKey;

/** A site that serves one release, as its maker signed it or not. */
function siteOf(version: string, script: string, key = maker): Map<string, Buffer> {
  const onDemand = new Map([['/toy/1.program', Buffer.from(`program ${version}`)]]);
  const files = new Map<string, Buffer>([
    ['/index.html', Buffer.from(`<!doctype html>${version}`)],
    ['/main.js', Buffer.from(script)],
  ]);
  const release = writeRelease(version, files, onDemand);
  files.set('/release.json', release).set('/release.sig', signRelease(key, release));
  return new Map([...files, ...onDemand]);
}

let site: Map<string, Buffer>;
let isOnline: boolean;
let caches: CacheStorage;
let shelf: Shelf;
beforeEach(() => {
  site = siteOf('1.0.0', 'one');
  isOnline = true;
  caches = createCaches();
  shelf = createShelf({
    caches,
    makerKey: Uint8Array.from(publicBytes(maker)),
    async get(path) {
      if (!isOnline) throw new TypeError('no network');
      const file = site.get(path);
      const headers = {
        'content-type': 'text/plain',
        'content-security-policy': "default-src 'none'",
        'x-odd': '1',
      };
      return file === undefined
        ? new Response(null, { status: 404 })
        : new Response(Uint8Array.from(file), { headers });
    },
  });
});

const text = async (path: string) => (await shelf.file(path))?.text();

describe('the shelf', () => {
  it('serves the first release without a network, with the policy it came with', async () => {
    expect(await text('/main.js')).toBeUndefined();
    expect(await shelf.restock()).toBe(true);
    isOnline = false;
    expect(await text('/main.js')).toBe('one');
    const page = await shelf.file('/index.html');
    expect(page!.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(page!.headers.get('x-odd')).toBeNull();
    expect(await text('/nothing')).toBeUndefined();
  });

  it('keeps a newer release ready, and swaps only when it is told', async () => {
    await shelf.restock();
    site = siteOf('1.1.0', 'two');
    expect(await shelf.restock()).toBe(true);
    expect(await text('/main.js')).toBe('one');
    expect((await shelf.look()).waiting).toMatchObject({ version: '1.1.0' });
    expect(await shelf.restock()).toBe(false);
    expect(await shelf.swap()).toBe(true);
    expect(await text('/main.js')).toBe('two');
    expect(await shelf.swap()).toBe(false);
    expect((await caches.keys()).filter((name) => name.includes('release-')).length).toBe(1);
  });

  it('notices that nothing is new', async () => {
    await shelf.restock();
    expect(await shelf.restock()).toBe(false);
    expect((await shelf.look()).waiting).toBeNull();
  });
});

describe('what a release has on demand', () => {
  const demanded = async (path: string) => (await shelf.demand(path))?.text();

  it('is fetched when it is wanted, and kept nowhere', async () => {
    expect(await demanded('/toy/1.program')).toBeUndefined();
    await shelf.restock();
    expect(await demanded('/toy/1.program')).toBe('program 1.0.0');
    expect(await demanded('/toy/2.program')).toBeUndefined();
    expect(await text('/toy/1.program')).toBeUndefined();
    isOnline = false;
    await expect(shelf.demand('/toy/1.program')).rejects.toThrow('no network');
  });

  it('must be as it was signed', async () => {
    await shelf.restock();
    site.set('/toy/1.program', Buffer.from('program 6.6.6'));
    await expect(shelf.demand('/toy/1.program')).rejects.toMatchObject({ code: 'file' });
    site.set('/toy/1.program', Buffer.from('program 1.0.0 and more'));
    await expect(shelf.demand('/toy/1.program')).rejects.toMatchObject({ code: 'file' });
  });

  it('is that of the release that runs, not of the one that waits', async () => {
    await shelf.restock();
    site = siteOf('1.1.0', 'two');
    await shelf.restock();
    await expect(shelf.demand('/toy/1.program')).rejects.toMatchObject({ code: 'file' });
    await shelf.swap();
    expect(await demanded('/toy/1.program')).toBe('program 1.1.0');
  });
});

describe('whoever has the site', () => {
  const other = generateKeyPairSync('ed25519').privateKey;

  it.each<[string, string, () => Map<string, Buffer>]>([
    ['a release of their own', 'signature', () => siteOf('9.0.0', 'evil', other)],
    ['an older release', 'older', () => siteOf('0.9.0', 'hole')],
    ['a file that was changed', 'file', () => siteOf('1.1.0', 'two').set('/main.js', Buffer.from('evl'))],
    ['a file that is missing', 'file', () => remove(siteOf('1.1.0', 'two'), '/main.js')],
    ['no signature', 'file', () => remove(siteOf('1.1.0', 'two'), '/release.sig')],
    [
      'the signature of another release',
      'signature',
      () => siteOf('1.1.0', 'two').set('/release.sig', siteOf('1.0.0', 'one').get('/release.sig')!),
    ],
    [
      'a list without end',
      'file',
      () => siteOf('1.1.0', 'two').set('/release.json', Buffer.alloc(300 << 10, 32)),
    ],
  ])('cannot bring in %s', async (_what, code, offer) => {
    await shelf.restock();
    site = offer();
    await expect(shelf.restock()).rejects.toMatchObject({ code });
    expect(await shelf.look()).toMatchObject({ current: { version: '1.0.0' }, waiting: null });
    expect(await shelf.swap()).toBe(false);
    expect(await text('/main.js')).toBe('one');
    expect((await caches.keys()).filter((name) => name.includes('release-')).length).toBe(1);
  });

  it('cannot put back the old release while a newer one waits', async () => {
    await shelf.restock();
    site = siteOf('1.1.0', 'two');
    await shelf.restock();
    site = siteOf('1.0.0', 'one');
    await expect(shelf.restock()).rejects.toMatchObject({ code: 'older' });
    await shelf.swap();
    expect(await text('/main.js')).toBe('two');
  });

  it('cannot make a first release of their own', async () => {
    site = siteOf('1.0.0', 'evil', other);
    await expect(shelf.restock()).rejects.toMatchObject({ code: 'signature' });
    expect(await shelf.look()).toEqual({ current: null, waiting: null });
  });
});

function remove(files: Map<string, Buffer>, path: string): Map<string, Buffer> {
  files.delete(path);
  return files;
}
