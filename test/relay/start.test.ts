// Starting a relay: refused where it would be unsafe or wrong, and what a started one leaves on the disk.
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { relayClient, type Send } from '#protocol/relay/client.ts';
import { networks, type RelayConfigInput, readConfig } from '#relay/config.ts';
import { isLoopback } from '#relay/loopback.ts';
import { DATABASE_NAME, startRelay } from '#relay/main.ts';
import { PUSH_KEYS_NAME } from '#relay/push-keys.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { selfSigned } from './certificate.ts';
import { deviceKey, fetchSend, temporaryDirectory } from './running.ts';

let directory = temporaryDirectory();
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const silent = { nowMs: Date.now, log: new Writable({ write: (_chunk, _encoding, done) => done() }) };
const start = (config: Partial<RelayConfigInput> = {}) =>
  startRelay({ directory: directory.path, port: 0, ...config }, silent);
const random = seeded('start nonces');
const clientFor = (
  origin: string,
  send: Send,
  family: ReturnType<typeof testFamily>,
  device: ReturnType<typeof testDevice>,
) =>
  relayClient({
    origin,
    send,
    key: deviceKey(family, device),
    nowS: () => Math.floor(Date.now() / 1000),
    nonce: () => draw(random, 16),
  });

const mum = testDevice('start mum', ROLE_ADULT);
const family = testFamily('start', [mum.member]);

describe('a configuration', () => {
  const read = (config: object) => readConfig({ directory: directory.path, ...config });

  it('listens to this machine alone unless told otherwise', () => {
    expect(read({})).toMatchObject({ host: '127.0.0.1', port: 8787, tls: null, trustedProxies: [] });
  });

  it('for others to reach needs TLS or a trusted proxy, and the https address that clients sign for', () => {
    const insecure = expect.objectContaining({ code: 'insecure', exitCode: 78 });
    const tls = { certPath: 'c', keyPath: 'k' };
    const publicUrl = 'https://relay.example';
    for (const host of ['0.0.0.0', '::', '192.168.1.7', 'relay.example', '127.0.0.1.evil.example']) {
      expect(() => read({ host })).toThrow(insecure);
      expect(() => read({ host, publicUrl })).toThrow(insecure);
      expect(() => read({ host, tls })).toThrow(insecure);
      expect(() => read({ host, tls, publicUrl: 'http://relay.example' })).toThrow(insecure);
      expect(read({ host, tls, publicUrl }).host).toBe(host);
      expect(read({ host, trustedProxies: ['10.0.0.0/8'], publicUrl }).host).toBe(host);
    }
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect(read({ host }).host).toBe(host);
  });

  it('that is wrong says where', () => {
    for (const [config, field] of [
      [{ port: 70_000 }, 'port'],
      [{ prot: 1 }, 'prot'],
      [{ directory: '' }, 'directory'],
      [{ trustedProxies: ['10.0.0.0/33'] }, 'trustedProxies'],
      [{ trustedProxies: ['everyone'] }, 'trustedProxies'],
      [{ publicUrl: 'https://relay.example/' }, 'publicUrl'],
      [{ appOrigins: ['*'] }, 'appOrigins'],
      [{ quota: { messages: 0, sizeBytes: 1 } }, 'quota.messages'],
    ] as const) {
      expect(() => read(config)).toThrow(
        expect.objectContaining({ code: 'config', message: expect.stringContaining(field) }),
      );
    }
  });

  it('knows its own machine and its networks', () => {
    expect(['127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['10.0.0.1', '::', '0.0.0.0', 'example', ''].some(isLoopback)).toBe(false);
    const isProxy = networks(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', '192.168.1.1', 'fd12::1'].every(isProxy)).toBe(true);
    expect(['11.0.0.1', '192.168.1.2', 'fe80::1', ''].some(isProxy)).toBe(false);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('starting', () => {
  it('makes its directory and file for the owner only', async () => {
    const inner = join(directory.path, 'deep', 'relay');
    const relay = await start({ directory: inner });
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    expect(statSync(join(inner, DATABASE_NAME)).mode & 0o777).toBe(0o600);
    expect(relay.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await relay.close();
    await relay.close();
  });

  it('is refused in a directory that others may look into', async () => {
    chmodSync(directory.path, 0o750);
    await expect(start()).rejects.toMatchObject({ code: 'insecure' });
  });

  it('is refused with a damaged store, a second time in one directory, or on a port in use', async () => {
    const relay = await start();
    await expect(start()).rejects.toMatchObject({ code: 'store-locked' });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(start({ directory: join(directory.path, 'other'), port })).rejects.toMatchObject({
      code: 'config',
    });
    taken.close();
    await relay.close();
    writeFileSync(join(directory.path, DATABASE_NAME), '');
    await expect(start()).rejects.toMatchObject({ code: 'store-damaged', exitCode: 65 });
  });

  it('with a certificate speaks TLS', async () => {
    const { cert, key } = selfSigned();
    const tls = { certPath: join(directory.path, 'cert.pem'), keyPath: join(directory.path, 'key.pem') };
    await expect(start({ tls })).rejects.toMatchObject({ code: 'config' });
    writeFileSync(tls.certPath, cert);
    writeFileSync(tls.keyPath, key);
    const relay = await start({ tls });
    expect(relay.url).toMatch(/^https:/);
    const send: Send = ({ method, url, headers, body }) =>
      new Promise((resolve, reject) => {
        const asked = httpsRequest(url, {
          method,
          headers: { ...headers, 'content-length': body.length },
          ca: cert,
          agent: false,
        });
        asked.on('error', reject);
        asked.on('response', async (answer) => {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk);
          resolve({ status: answer.statusCode!, body: new Uint8Array(Buffer.concat(chunks)) });
        });
        asked.end(body);
      });
    const created = await clientFor(relay.url, send, family, mum).createFamily(family.entries);
    expect(created.length).toBe(1);
    await relay.close();
  });

  it('behind a proxy counts the addresses that the proxy names; otherwise nobody can name one', async () => {
    const limits = { address: { burst: 1, perSecond: 0.001 } };
    const statusesAt = async (origin: string) => {
      const statuses: number[] = [];
      for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) {
        const headers = { 'x-forwarded-for': address };
        statuses.push(
          (await fetchSend({ method: 'GET', url: `${origin}/`, headers, body: new Uint8Array(0) })).status,
        );
      }
      return statuses;
    };
    const port = await freePort();
    const publicUrl = 'https://relay.example';
    const proxied = await start({ port, trustedProxies: ['10.0.0.0/8'], publicUrl, limits });
    expect(proxied.url).toBe(publicUrl);
    expect(await statusesAt(`http://127.0.0.1:${port}`)).toEqual([401, 429, 401]);
    await proxied.close();
    const plain = await start({ limits });
    expect(await statusesAt(plain.url)).toEqual([401, 429, 429]);
    await plain.close();
  });

  it('stores nothing in the clear that a family would mind: its dump has ids, keys and sealed bytes', async () => {
    const relay = await start();
    await clientFor(relay.url, fetchSend, family, mum).createFamily(family.entries);
    const files = await relay.dump();
    expect(files.map(({ name }) => name)).toEqual([DATABASE_NAME, PUSH_KEYS_NAME]);
    const bytes = Buffer.from(files[0]!.bytes);
    expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3');
    expect(bytes.includes(Buffer.from(mum.member.signKey))).toBe(true);
    expect(bytes.includes(Buffer.from(mum.signer.secret.subarray(0, 32)))).toBe(false);
    expect(bytes.includes(Buffer.from(family.rootSeed))).toBe(false);
    await relay.close();
  });
});
