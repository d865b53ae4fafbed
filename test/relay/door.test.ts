// The relay's door: who may ask, how often, from where, and what the log keeps of it.
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { type RelayRequest, relayClient } from '#protocol/relay/client.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import { signRequest } from '#protocol/relay/signature.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import {
  deviceKey,
  fetchSend,
  GENEROUS_LIMITS,
  type RunningRelay,
  runningRelay,
  sendRaw,
} from './running.ts';

const mum = testDevice('door mum', ROLE_ADULT);
const dad = testDevice('door dad', ROLE_ADULT);
const stranger = testDevice('door stranger', ROLE_RELATIVE);
const family = testFamily('door', [mum.member, dad.member]);

let running: RunningRelay;
async function start(config: Parameters<typeof runningRelay>[0] = {}): Promise<void> {
  running = await runningRelay(config);
  await running.client(family, mum).createFamily(family.entries);
}
afterEach(() => running.close());

const random = seeded('door nonces');
/** A request of mum's, signed and not yet sent. */
async function signed(
  changes: { path?: string; key?: ReturnType<typeof deviceKey>; nowS?: number } = {},
): Promise<RelayRequest> {
  let kept: RelayRequest | null = null;
  const client = relayClient({
    origin: running.relay.url,
    key: changes.key ?? deviceKey(family, mum),
    send: async (request) => {
      kept = request;
      return { status: 500, body: new Uint8Array(0) };
    },
    nowS: () => changes.nowS ?? Math.floor(running.clock.nowMs / 1000),
    nonce: () => draw(random, 16),
  });
  await client.putPrekeys(new Uint8Array(100).fill(1)).catch(() => {});
  return kept!;
}

describe('a request', () => {
  beforeEach(() => start());

  it('counts once', async () => {
    const request = await signed();
    expect((await fetchSend(request)).status).toBe(204);
    expect((await fetchSend(request)).status).toBe(401);
    await running.restart();
    // The relay has another port now, which is another address to sign for; what was signed stays signed.
    const replayed = { ...request, url: request.url.replace(/:\d+\//, `${running.relay.url.slice(16)}/`) };
    expect((await fetchSend(replayed)).status).toBe(401);
  });

  it('of a stranger, late, early, changed or unsigned gets the same answer, to the byte', async () => {
    const nowS = Math.floor(running.clock.nowMs / 1000);
    const good = await signed();
    const unknownFamily = encodeKeyId({ family: new Uint8Array(16), device: mum.member.id });
    const requests: RelayRequest[] = [
      await signed({ key: deviceKey(family, stranger) }),
      await signed({ key: { ...deviceKey(family, mum), keyId: unknownFamily } }),
      await signed({ key: { ...deviceKey(family, mum), keyId: deviceKey(family, dad).keyId } }),
      await signed({ nowS: nowS - 121 }),
      await signed({ nowS: nowS + 121 }),
      { ...good, body: new Uint8Array(100).fill(2) },
      { ...good, url: `${good.url}?x=1` },
      {
        ...good,
        headers: { ...good.headers, signature: good.headers.signature!.replace('pawpost', 'other') },
      },
      { ...good, headers: {} },
      { ...good, method: 'POST', headers: {} },
      { ...good, url: `${running.relay.url}/`, headers: {} },
      { ...good, url: `${running.relay.url}/v1/families`, method: 'POST', headers: {} },
    ];
    const seen = new Set<string>();
    for (const request of requests) {
      const answer = await sendRaw(request);
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      seen.add(JSON.stringify([answer.status, headers, await answer.text()]));
    }
    expect([...seen]).toHaveLength(1);
    expect([...seen][0]).toContain('401');
    expect((await fetchSend(good)).status).toBe(204);
  });

  it('signed for another address is refused here', async () => {
    const body = new Uint8Array(0);
    const nowS = Math.floor(running.clock.nowMs / 1000);
    const path = '/v1/mailbox?after=0&limit=1';
    const headersFor = async (origin: string) => ({
      ...(await signRequest(
        { method: 'GET', url: origin + path, body },
        deviceKey(family, mum),
        draw(random, 16),
        nowS,
      )),
    });
    const url = running.relay.url + path;
    const ask = async (origin: string) =>
      (await fetchSend({ method: 'GET', url, body, headers: await headersFor(origin) })).status;
    expect(await ask(running.relay.url)).toBe(200);
    expect(await ask('http://evil.example')).toBe(401);
    expect(await ask(running.relay.url.replace('http:', 'https:'))).toBe(401);
  });

  it('in absolute form cannot choose its authority', async () => {
    const nowS = Math.floor(running.clock.nowMs / 1000);
    const url = 'http://evil.example/v1/mailbox';
    const headers = await signRequest(
      { method: 'GET', url, body: new Uint8Array(0) },
      deviceKey(family, mum),
      draw(random, 16),
      nowS,
    );
    const lines = [`GET ${url} HTTP/1.1`, 'host: evil.example', 'connection: close'];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    const socket = connect(Number(new URL(running.relay.url).port), '127.0.0.1');
    socket.end(`${lines.join('\r\n')}\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });

  it('with a wrong number or body is refused by form', async () => {
    const client = running.client(family, mum);
    await expect(client.listMailbox(-1, 1)).rejects.toThrow('relay-answer');
    await expect(client.listMailbox(0, 257)).rejects.toThrow('relay-answer');
    await expect(client.listMailbox(0, 1, 26)).rejects.toThrow('relay-answer');
    const many = Array.from({ length: 65 }, () => mum.member.id);
    await expect(client.readPrekeys(many)).rejects.toThrow('relay-answer');
    await expect(client.acknowledge([])).rejects.toThrow('relay-answer');
    await expect(client.putPrekeys(new Uint8Array(0))).rejects.toThrow('relay-answer');
  });
});

describe('too many requests', () => {
  it('of one device are told to wait, and others are not', async () => {
    await start({ limits: { ...GENEROUS_LIMITS, device: { burst: 3, perSecond: 0.5 } } });
    const client = running.client(family, mum);
    for (let i = 0; i < 3; i++) await client.listMailbox(0, 1);
    await expect(client.listMailbox(0, 1)).rejects.toThrow('relay-busy');
    await running.client(family, dad).listMailbox(0, 1);
    running.clock.nowMs += 2000;
    await client.listMailbox(0, 1);
    const answer = await sendRaw(await signed());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
  });

  it('of one address are stopped before any signature is looked at', async () => {
    await start({ limits: { ...GENEROUS_LIMITS, address: { burst: 3, perSecond: 1 } } });
    const unsigned = {
      method: 'GET' as const,
      url: `${running.relay.url}/`,
      headers: {},
      body: new Uint8Array(0),
    };
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await fetchSend(unsigned)).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });

  it('for new families are stopped', async () => {
    await start({ limits: { ...GENEROUS_LIMITS, families: { burst: 2, perSecond: 0.001 } } });
    const other = testFamily('door second', [dad.member]);
    await running.client(other, dad).createFamily(other.entries);
    const third = testFamily('door third', [dad.member]);
    await expect(running.client(third, dad).createFamily(third.entries)).rejects.toThrow('relay-busy');
  });
});

describe('a page', () => {
  const origin = 'https://app.example';
  it('of the app may ask from its own origin, and no other may', async () => {
    await start({ appOrigins: [origin] });
    const preflight = (from: string) =>
      fetch(`${running.relay.url}/v1/mailbox`, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'GET' },
      });
    const allowed = await preflight(origin);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    const lists = Object.fromEntries(
      [...allowed.headers].map(([name, value]) => [name, value.split(', ').sort()]),
    );
    expect(lists['access-control-allow-headers']).toEqual([
      'content-digest',
      'content-type',
      'signature',
      'signature-input',
    ]);
    expect(lists['access-control-allow-methods']).toEqual(['GET', 'POST', 'PUT']);
    const other = await preflight('https://evil.example');
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    const request = await signed();
    const answer = await sendRaw({ ...request, headers: { ...request.headers, origin } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    // How wrong its clock is, and how long to wait, are in headers that a page sees only if it may.
    expect(answer.headers.get('access-control-expose-headers')).toBe('date, retry-after');
  });

  it('can read why it was refused, also when it asks too often', async () => {
    await start({
      appOrigins: [origin],
      limits: { ...GENEROUS_LIMITS, address: { burst: 3, perSecond: 1 } },
    });
    const asked: (number | string | null)[][] = [];
    for (let i = 0; i < 3; i++) {
      const answer = await fetch(`${running.relay.url}/v1/safe`, { headers: { origin } });
      const { headers } = answer;
      asked.push([answer.status, headers.get('access-control-allow-origin'), headers.get('retry-after')]);
    }
    expect(asked).toEqual([
      [401, origin, null],
      [401, origin, null],
      [429, origin, '1'],
    ]);
  });
});

describe('the log', () => {
  it('names no device, family, message, key, nonce or address, and its name for an address ends with the day', async () => {
    await start();
    await running.client(family, mum).listMailbox(0, 1);
    await running.client(family, dad).readPrekeys([mum.member.id]);
    await running.client(family, mum).readChain(family.familyId, 0);
    await running
      .client(family, stranger)
      .listMailbox(0, 1)
      .catch(() => {});
    const request = await signed();
    await fetchSend(request);
    running.clock.nowMs += 86_400_000;
    await running.client(family, mum).listMailbox(0, 1);
    const text = running.logged();
    const bytes = [
      family.familyId,
      mum.member.id,
      dad.member.id,
      stranger.member.id,
      mum.member.signKey,
      family.roster.head,
    ];
    for (const id of bytes) {
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(text).not.toContain(Buffer.from(id).toString(encoding).replaceAll('=', ''));
      }
    }
    const nonce = /nonce="([^"]+)"/.exec(request.headers['signature-input']!)![1]!;
    for (const word of [nonce, '127.0.0.1', '::1', 'pawpost', running.directory])
      expect(text).not.toContain(word);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const asked = lines.filter((line) => line.route !== undefined);
    expect(asked.length).toBe(7);
    for (const line of asked) {
      expect(Object.keys(line).sort()).toEqual(['at', 'level', 'method', 'ms', 'route', 'status', 'who']);
      expect(line.route).toMatch(/^(none|\/v1\/[a-z/:]+)$/);
    }
    expect(new Set(asked.map((line) => line.who)).size).toBe(2);
  });
});
