// What is written down where things go wrong: the relay’s log, what a bridge tells, and every error’s text, searched for keys, ids,
// addresses and audio.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import { type Device, openDevice } from '#bridge/device.ts';
import { foundFamily } from '#bridge/founding.ts';
import { enrolToy } from '#bridge/guardian.ts';
import { createKeys, type DeviceKeys } from '#bridge/keys.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { readKeyFile, writeKeyFile } from '#bridge/node/key-file.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { pairToy } from '#bridge/pairing.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import type { Radio } from '#bridge/radio.ts';
import type { Store } from '#bridge/store.ts';
import { addDevice } from '#cli/household.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_TOY } from '#protocol/family/member.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { ANSWER } from '#test/support/journey.ts';
import { createFalseToy } from './false-toy.ts';
import { type LyingRelay, startLyingRelay } from './lying-relay.ts';

const TAG = new Uint8Array(32).fill(0x5a);
const WISHES = { hasConsent: true, volume: 70, quiet: null, senders: [] };

let relay: LyingRelay;
const stores: Store[] = [];
const errors: unknown[] = [];
const events: BridgeEvent[] = [];
let messageId: Uint8Array;
let family: { adult: Device; bridge: Device; toyId: Uint8Array };

/** Runs what must fail, and keeps what it says. */
async function failing(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    errors.push(error);
    return;
  }
  throw new Error('that should have failed');
}

function newStore(): Store {
  const store = openSqliteStore(join(relay.directory, `${stores.length}.db`));
  stores.push(store);
  return store;
}

const noRadio: Radio = {
  scan: async (_seen, signal) =>
    void (await new Promise((resolve) => signal.addEventListener('abort', resolve))),
  connect: async () => {
    throw new Error('no radio');
  },
  close: async () => {},
};

beforeAll(async () => {
  relay = await startLyingRelay();
  const clock = wallClock;
  const keys = createKeys(ROLE_ADULT);
  const { device: adult } = await foundFamily({ keys, relay: relay.url, store: newStore(), clock });
  const bridge = await addDevice(adult, ROLE_BRIDGE, relay.url, newStore(), clock);
  await enrolToy(adult, sodium.randombytes_buf(32));
  await bridge.family.refresh();
  const toyId = [...adult.family.roster.members.values()].find(({ role }) => role === ROLE_TOY)!.id;
  family = { adult, bridge, toyId };

  messageId = await speakToToy(adult, toyId, ANSWER);
  await exchange(adult, {});
  await misuseRelay();
  await misuseDevices();
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await relay.close();
});

/** The bridge runs until it has something to tell of. */
async function runBridgeUntil(event: BridgeEvent['event']): Promise<void> {
  const stop = new AbortController();
  const tell = (told: BridgeEvent) => {
    events.push(told);
    if (told.event === event) stop.abort();
  };
  await runBridge({ device: family.bridge, radio: noRadio, random: () => 1, tell }, stop.signal);
}

async function misuseRelay(): Promise<void> {
  const { adult } = family;
  const path = `/v1/families/${Buffer.from(adult.family.roster.familyId).toString('base64url')}/chain?after=0`;
  const { headers } = await adult.mailbox.eventsRequest(0);
  const body = Buffer.from(ANSWER);
  const message = `/v1/messages/${Buffer.from(messageId).toString('base64url')}`;
  const requests: [string, RequestInit][] = [
    [path, {}],
    [path, { headers }],
    ['/v1/events?after=0', { headers: { ...headers, signature: 'pawpost=:AAAA:' } }],
    ['/v1/events?after=0', { headers: { ...headers, 'signature-input': 'x'.repeat(4000) } }],
    [message, { method: 'PUT', body, headers }],
    [message, { method: 'PUT', body: Buffer.alloc(300_000), headers }],
    ['/v1/families', { method: 'POST', body: Buffer.from(JSON.stringify({ entries: [path] })), headers }],
    [`/${Buffer.from(adult.keys.signSeed).toString('hex')}?key=${idText(adult.member.id)}`, { headers }],
  ];
  for (const [url, init] of requests) {
    const answer = await fetch(relay.url + url, init);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    errors.push(await answer.text());
  }
}

async function misuseDevices(): Promise<void> {
  const { adult, bridge, toyId } = family;
  const say = () => speakToToy(adult, toyId, ANSWER);
  for (const status of [200, 400, 401, 403, 409, 429, 500, 507]) {
    const echo = Buffer.from(`${inspect(adult.keys)} ${relay.url}`);
    relay.lie = () => ({ status, body: echo });
    await failing(() => adult.family.refresh());
    await failing(() => adult.mailbox.listMailbox(0, 10));
    await runBridgeUntil('trouble');
  }
  relay.lie = null;
  await failing(() => adult.mailbox.readMessage(999));
  await failing(() => say().then(() => adult.mailbox.putMessage(messageId, ANSWER)));
  const gone = {
    keys: createKeys(ROLE_ADULT),
    relay: 'http://127.0.0.1:9',
    familyId: toyId,
    clock: wallClock,
  };
  await failing(() => openDevice({ ...gone, store: newStore() }));
  await failing(() => foundFamily({ ...gone, store: newStore() }));
  await failing(() => speakToToy(bridge, toyId, ANSWER));
  await failing(() => speakToToy(adult, toyId, ANSWER.subarray(3)));
  await failing(() =>
    pairToy({
      radio: createFalseToy(new Uint8Array(32), () => {}),
      adult,
      tag: TAG,
      wishes: WISHES,
      confirm: async () => false,
      signal: AbortSignal.timeout(300),
    }),
  );
  await failing(() =>
    pairToy({
      radio: createFalseToy(TAG, () => {}),
      adult,
      tag: TAG,
      wishes: WISHES,
      confirm: async () => false,
      signal: AbortSignal.timeout(10_000),
    }),
  );
  await misuseKeyFile(adult.keys);
}

async function misuseKeyFile(keys: DeviceKeys): Promise<void> {
  const home = join(relay.directory, 'home');
  mkdirSync(home, { mode: 0o700 });
  const path = join(home, 'device.json');
  writeKeyFile(path, { keys, relay: relay.url, family: null }, true);
  const good = JSON.stringify(readKeyFile(path).keys);
  await failing(async () => writeKeyFile(path, { keys, relay: relay.url, family: null }, true));
  const seed = Buffer.from(keys.signSeed).toString('base64url');
  for (const text of [good, `{"signSeed":"${seed}"`, `${seed}`, `{"version":1,"signSeed":"${seed}x"}`]) {
    writeFileSync(path, text, { mode: 0o600 });
    await failing(async () => readKeyFile(path));
  }
}

/** Everything that must not be read anywhere, in the ways in which it could be written. */
function unspeakable(): [string, string[]][] {
  const { adult, bridge, toyId } = family;
  const { roster } = adult.family;
  const named: [string, Uint8Array | null][] = [
    ['tag', TAG],
    ['family', roster.familyId],
    ['head', roster.head],
    ['root key', roster.rootKey],
    ['toy', toyId],
    ['message', messageId],
    ['packet', splitPackets(ANSWER)[3]!.subarray(0, 16)],
  ];
  for (const [name, { keys, member }] of [
    ['adult', adult],
    ['bridge', bridge],
  ] as const) {
    named.push(
      [`${name}’s seed`, keys.signSeed],
      [`${name}’s link secret`, keys.linkSecret],
      [`${name}’s person`, keys.person],
      [`${name}’s id`, member.id],
      [`${name}’s key`, member.signKey],
    );
  }
  return named.flatMap(([name, bytes]): [string, string[]][] => {
    if (bytes === null) return [];
    const buffer = Buffer.from(bytes);
    const list = [...bytes.subarray(0, 6)];
    // As hex, base64, and as Node prints arrays of bytes.
    const forms = [buffer.toString('hex'), buffer.toString('base64url'), buffer.toString('base64')];
    return [[name, [...forms.map((form) => form.slice(0, 16)), list.join(','), list.join(', ')]]];
  });
}

function expectSilent(text: string, isAllowed: (name: string) => boolean = () => false): void {
  expect(text.length).toBeGreaterThan(100);
  for (const [name, forms] of unspeakable()) {
    if (isAllowed(name)) continue;
    expect(`${name}: ${forms.filter((form) => text.includes(form))}`).toBe(`${name}: `);
  }
}

describe('where things go wrong', () => {
  it('the search would find what it looks for', () => {
    for (const [name, forms] of unspeakable())
      for (const form of forms) expect(() => expectSilent(`${'.'.repeat(100)}${form}`), name).toThrow();
  });

  it('the relay’s log says what was asked and how it went, of nobody', () => {
    const text = relay.logged();
    expectSilent(text);
    expect(text).not.toContain('127.0.0.1');
    const fields = new Set(
      text
        .trim()
        .split('\n')
        .flatMap((line) => Object.keys(JSON.parse(line) as object)),
    );
    const known = ['level', 'at', 'who', 'method', 'route', 'status', 'ms', 'msg'];
    expect([...fields].filter((field) => !known.includes(field))).toEqual([]);
    // A route is a pattern, never the path that was asked for.
    for (const [, route] of text.matchAll(/"route":"([^"]*)"/g))
      expect(route).toMatch(/^(none|[a-z0-9/:*]+)$/i);
  });

  it('a bridge tells of toys and messages by their ids, and nothing else', () => {
    const text = JSON.stringify(events);
    expect(events.some(({ event }) => event === 'trouble')).toBe(true);
    expectSilent(text, (name) => name === 'toy' || name === 'message');
  });

  it('no error says more than its code and what to do', () => {
    expect(errors.length).toBeGreaterThan(30);
    // As a careless program would print it: with causes, hidden fields, and the stack.
    const text = errors
      .map((error) => (typeof error === 'string' ? error : inspect(error, { depth: 8, showHidden: true })))
      .join('\n');
    expectSilent(text);
  });
});
