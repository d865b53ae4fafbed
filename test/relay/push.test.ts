// Web Push of a running relay: what a push service gets to see, who may name an endpoint, and which keys sign.
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { PUSH_ENDPOINT_MAX } from '#protocol/relay/limits.ts';
import { PUSH_KEYS_NAME } from '#relay/push-keys.ts';
import { bodyOf, receiver, recipientOf, senderOf, upload, voiceHead } from '#test/support/envelope.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { type PushService, readVapid, startPushService } from '#test/support/push-service.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { type RunningRelay, runningRelay, sendRaw } from './running.ts';

const mum = testDevice('push mum', ROLE_ADULT);
const gran = testDevice('push gran', ROLE_RELATIVE);
const random = seeded('push messages');

let service: PushService;
let running: RunningRelay;
let family: ReturnType<typeof testFamily>;
beforeEach(async () => {
  service = await startPushService();
  running = await runningRelay({
    contact: 'mailto:post@relay.example',
    push: { hosts: [service.origin, '*.push.example.com'] },
  });
  family = testFamily('push', [mum.member, gran.member]);
  await running.client(family, mum).createFamily(family.entries);
});
afterEach(async () => {
  await running.close();
  await service.close();
});

/** A message from mum to gran. */
async function say(): Promise<Uint8Array> {
  const message = draw(random, 16);
  const to = await receiver(gran, family.roster);
  const sealed = await bodyOf(message, voiceHead(new Uint8Array(16), 1000));
  const { uploaded } = upload(sealed, senderOf(mum, family.roster), [recipientOf(to)]);
  await running.client(family, mum).putMessage(message, uploaded);
  return message;
}

describe('a push', () => {
  it('is empty, signed by the relay’s key, and says nothing of family, device or message', async () => {
    const key = await running.client(family, gran).pushKey();
    expect([key.length, key[0]]).toEqual([65, 4]);
    await running.client(family, gran).putPush(`${service.origin}/send/f00?x=1`);
    const message = await say();
    await service.until(1);
    const { method, path, headers, body } = service.pushed[0]!;
    expect([method, path, body.length]).toEqual(['POST', '/send/f00?x=1', 0]);
    const { authorization, ...others } = headers;
    expect(others).toEqual({
      ttl: '86400',
      urgency: 'high',
      topic: 'wake',
      'content-length': '0',
      host: new URL(service.origin).host,
      connection: expect.stringMatching(/^(close|keep-alive)$/),
    });
    const vapid = readVapid(authorization!);
    expect(vapid.key).toBe(Buffer.from(key).toString('base64url'));
    expect(vapid.claims).toEqual({
      aud: service.origin,
      sub: 'mailto:post@relay.example',
      exp: expect.any(Number),
    });
    const inS = (vapid.claims.exp as number) - Date.now() / 1000;
    expect(inS).toBeGreaterThan(0);
    expect(inS).toBeLessThanOrEqual(86_400);
    const seen = JSON.stringify(service.pushed[0]);
    for (const id of [family.familyId, gran.member.id, mum.member.id, message])
      for (const encoding of ['hex', 'base64url'] as const)
        expect(seen).not.toContain(Buffer.from(id).toString(encoding));
  });

  it('neither holds up nor fails the message that caused it, whatever the service does', async () => {
    await running.client(family, gran).putPush(`${service.origin}/send`);
    service.answer = () => {};
    await say();
    await service.until(1);
    await service.close();
    await say();
    const { items } = await running.client(family, gran).listMailbox(0, 10);
    expect(items).toHaveLength(2);
  });

  it('goes to nobody who took the endpoint back or left the family', async () => {
    const first = running.client(family, gran);
    await first.putPush(`${service.origin}/old`);
    await first.putPush(null);
    await say();
    await first.putPush(`${service.origin}/left`);
    family.change([mum.signer], { op: 'remove', ids: [gran.member.id] });
    await running.client(family, mum).appendChain(family.familyId, family.entries.slice(1));
    await expect(first.putPush(`${service.origin}/again`)).rejects.toThrow('relay-refused');
    const dump = Buffer.concat((await running.relay.dump()).map(({ bytes }) => bytes));
    expect(dump.includes(`${service.origin}/again`)).toBe(false);
    expect(service.pushed).toEqual([]);
  });

  it('is not sent to a device that listens to its stream', async () => {
    await running.client(family, gran).putPush(`${service.origin}/gran`);
    await running.client(family, mum).putPush(`${service.origin}/mum`);
    const stop = new AbortController();
    const stream = await sendRaw(await running.client(family, gran).eventsRequest(0), stop.signal);
    const chunks = stream.body!.getReader();
    await say();
    let text = '';
    while (!text.includes('wake')) text += new TextDecoder().decode((await chunks.read()).value);
    stop.abort();
    await chunks.closed.catch(() => {});
    expect(service.pushed).toEqual([]);
  });

  it('leaves no endpoint in the log', async () => {
    await running.client(family, gran).putPush(`${service.origin}/secret-place`);
    service.answer = (response) => response.writeHead(400).end('/secret-place is unknown');
    await say();
    await service.until(1);
    await running.restart();
    expect(running.logged()).not.toMatch(/secret-place|127\.0\.0\.1/);
  });
});

describe('an endpoint', () => {
  it('is taken at the configured push services and nowhere else', async () => {
    const client = running.client(family, gran);
    for (const endpoint of [`${service.origin}/1`, 'https://a.b.push.example.com/2?t=%2b'])
      await client.putPush(endpoint);
    const { port } = new URL(running.relay.url);
    for (const endpoint of [
      `http://127.0.0.1:${port}/v1/mailbox`,
      'http://169.254.169.254/latest/meta-data',
      'http://a.push.example.com/1',
      'https://push.example.com/1',
      'https://a.push.example.com:8443/1',
      'https://a.push.example.com.evil.example/1',
      'https://evilpush.example.com/1',
      'https://a.push.example.com@evil.example/1',
      'https://user@a.push.example.com/1',
      'https://evil.example/https://a.push.example.com/',
      'https://evil.example\\.push.example.com/1',
      'https://evil.example#.push.example.com',
      'https://a.push.example.com./1',
      'https://fcm.googleapis.com/fcm/send/1',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'nowhere',
    ])
      await expect(client.putPush(endpoint), endpoint).rejects.toThrow('relay-refused');
    for (const endpoint of ['', `${service.origin}/${'x'.repeat(PUSH_ENDPOINT_MAX)}`])
      await expect(client.putPush(endpoint)).rejects.toThrow('request-form');
    const longest = `${service.origin}/`.padEnd(PUSH_ENDPOINT_MAX, 'x');
    await client.putPush(longest);
  });
});

describe('the relay’s key for push services', () => {
  const path = () => join(running.directory, PUSH_KEYS_NAME);

  it('is made once, for the owner only, and stays', async () => {
    const key = await running.client(family, mum).pushKey();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    await running.restart();
    expect(await running.client(family, gran).pushKey()).toEqual(key);
    const dumped = (await running.relay.dump()).find(({ name }) => name === PUSH_KEYS_NAME);
    expect(Buffer.from(dumped!.bytes).equals(readFileSync(path()))).toBe(true);
    expect(running.logged()).not.toContain(JSON.parse(readFileSync(path(), 'utf8')).privateKey);
  });

  it('that others may read, or that is not whole, stops the start and is left as it is', async () => {
    const good = readFileSync(path(), 'utf8');
    chmodSync(path(), 0o640);
    await expect(running.restart()).rejects.toMatchObject({ code: 'insecure' });
    chmodSync(path(), 0o600);
    const { publicKey, privateKey } = JSON.parse(good);
    const otherKey = Buffer.alloc(32, 7).toString('base64url');
    for (const bad of [
      '',
      '{',
      '{}',
      JSON.stringify({ publicKey }),
      JSON.stringify({ publicKey, privateKey: otherKey }),
      JSON.stringify({ publicKey, privateKey: privateKey.slice(1) }),
      JSON.stringify({ publicKey, privateKey, more: 1 }),
    ]) {
      writeFileSync(path(), bad);
      await expect(running.restart()).rejects.toMatchObject({ code: 'config' });
      expect(readFileSync(path(), 'utf8')).toBe(bad);
    }
    rmSync(path());
    await running.restart();
  });
});
