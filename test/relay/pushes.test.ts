// When a device is pushed and when it is left alone, with a clock that the test turns, against a push service on this machine.
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import webPush from 'web-push';
import { createLog } from '#relay/log.ts';
import { pushEndpoints } from '#relay/push-hosts.ts';
import { createPushes, PUSH_GRACE_MS, PUSH_REST_MS, PUSH_TRIES, type Pushes } from '#relay/pushes.ts';
import type { Delivery } from '#relay/store.ts';
import { type PushService, startPushService } from '#test/support/push-service.ts';

const id = (n: number) => new Uint8Array(16).fill(n);
const delivery = (cursor: number, device = 2): Delivery => ({ family: id(1), device: id(device), cursor });

let service: PushService;
let pushes: Pushes;
let nowMs: number;
let timers: { atMs: number; action: () => void }[];
let isListening: boolean;
let offered: number;
let endpoints: Map<number, string>;
let logged: string;
/** Looks into the store that are under way or over. */
let looks: Promise<unknown>[];
/** Devices that were about to be pushed, in order: known before a request could have come. */
let asked: number[];

beforeEach(async () => {
  service = await startPushService();
  forgotten = undefined;
  told = undefined;
  nowMs = 0;
  timers = [];
  isListening = false;
  offered = 0;
  endpoints = new Map([
    [2, `${service.origin}/two`],
    [3, `${service.origin}/three`],
  ]);
  logged = '';
  looks = [];
  asked = [];
  pushes = create([service.origin]);
});
afterEach(async () => {
  pushes.close();
  await service.close();
});

function create(hosts: string[]): Pushes {
  const look = <T>(value: T): Promise<T> => {
    const looked = Promise.resolve(value);
    looks.push(looked);
    return looked;
  };
  return createPushes({
    store: {
      pushEndpoint({ device }) {
        asked.push(device[0]!);
        return look(endpoints.get(device[0]!) ?? null);
      },
      async forgetPush({ device }, endpoint) {
        if (endpoints.get(device[0]!) === endpoint) endpoints.delete(device[0]!);
        forgotten?.();
      },
      isOffered: ({ cursor }) => look(cursor <= offered),
    },
    isListening: () => isListening,
    keys: webPush.generateVAPIDKeys(),
    subject: 'mailto:operator@relay.example',
    readEndpoint: pushEndpoints(hosts),
    log: createLog(
      new Writable({
        write(chunk, _encoding, done) {
          logged += String(chunk);
          told?.();
          done();
        },
      }),
      () => nowMs,
    ),
    after(ms, action) {
      const timer = { atMs: nowMs + ms, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
}
let forgotten: (() => void) | undefined;
let told: (() => void) | undefined;

/** Turns the clock; every timer that is due goes off, and what follows from it is done. */
async function pass(ms: number): Promise<void> {
  const end = nowMs + ms;
  for (;;) {
    const due = timers.filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
    if (due === undefined) break;
    nowMs = due.atMs;
    timers = timers.filter((other) => other !== due);
    due.action();
    await settle();
  }
  nowMs = end;
  await settle();
}
async function settle(): Promise<void> {
  await Promise.all(looks);
  await new Promise((resolve) => setImmediate(resolve));
}
const paths = () => service.pushed.map(({ path }) => path);

describe('a device that listens to nothing', () => {
  it('is pushed at once, and then at most once in 5 s, the last message not forgotten', async () => {
    for (let cursor = 1; cursor <= 50; cursor++) pushes.announce(delivery(cursor));
    await service.until(1);
    await pass(PUSH_REST_MS - 1);
    pushes.announce(delivery(51));
    await settle();
    expect(asked).toEqual([2]);
    await pass(1);
    await service.until(2);
    await pass(10 * PUSH_REST_MS);
    expect(asked).toEqual([2, 2]);
    expect(timers).toEqual([]);
    pushes.announce(delivery(52));
    await service.until(3);
  });

  it('is not pushed again for what it has seen', async () => {
    pushes.announce(delivery(1));
    pushes.announce(delivery(2));
    offered = 2;
    await pass(10 * PUSH_REST_MS);
    await service.until(1);
    expect(asked).toEqual([2]);
  });

  it('does not rest because of another', async () => {
    pushes.announce(delivery(1));
    pushes.announce(delivery(1, 3));
    await service.until(2);
    expect(paths().sort()).toEqual(['/three', '/two']);
  });

  it('without an endpoint is left alone', async () => {
    endpoints.clear();
    pushes.announce(delivery(1));
    await pass(PUSH_REST_MS);
    expect(service.pushed).toEqual([]);
    expect(logged).toBe('');
  });
});

describe('a device that listens', () => {
  it('is left alone if it looks', async () => {
    isListening = true;
    pushes.announce(delivery(1));
    offered = 1;
    await pass(PUSH_GRACE_MS);
    expect(asked).toEqual([]);
    expect(timers).toEqual([]);
  });

  it('but does not look, as a phone that fell asleep, is pushed all the same', async () => {
    isListening = true;
    pushes.announce(delivery(1));
    pushes.announce(delivery(2));
    await pass(PUSH_GRACE_MS - 1);
    expect(asked).toEqual([]);
    await pass(1);
    await service.until(1);
    await pass(10 * PUSH_GRACE_MS);
    expect(asked).toEqual([2]);
  });

  it('and stops doing so is pushed for the next message at once', async () => {
    isListening = true;
    pushes.announce(delivery(1));
    isListening = false;
    pushes.announce(delivery(2));
    await service.until(1);
    await pass(10 * PUSH_GRACE_MS);
    expect(asked).toEqual([2]);
  });

  it('after it was pushed gets its time to look', async () => {
    pushes.announce(delivery(1));
    await service.until(1);
    isListening = true;
    pushes.announce(delivery(2));
    await pass(PUSH_REST_MS);
    expect(asked).toEqual([2]);
    await pass(PUSH_GRACE_MS);
    await service.until(2);
  });
});

describe('a push that fails', () => {
  /** The next line of the log, which is written when a push has failed. */
  const failing = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });

  it('is tried again after longer and longer rests, and not for ever', async () => {
    service.answer = (response) => response.writeHead(503).end();
    const rests: number[] = [];
    let failed = failing();
    pushes.announce(delivery(1));
    for (let tries = 1; tries < PUSH_TRIES; tries++) {
      await failed;
      await settle();
      expect(asked).toHaveLength(tries);
      failed = failing();
      rests.push(timers[0]!.atMs - nowMs);
      await pass(timers[0]!.atMs - nowMs);
    }
    await failed;
    await settle();
    expect(rests.slice(0, 4)).toEqual([1, 4, 16, 60].map((times) => times * PUSH_REST_MS));
    await pass(86_400_000);
    expect(asked).toHaveLength(PUSH_TRIES);
    expect(timers).toEqual([]);
  });

  it('is not tried again when the message was seen meanwhile, and counts anew after one that got through', async () => {
    service.answer = (response) => response.writeHead(429).end();
    const failed = failing();
    pushes.announce(delivery(1));
    await failed;
    await settle();
    offered = 1;
    await pass(86_400_000);
    expect(asked).toEqual([2]);
    service.answer = (response) => response.writeHead(201).end();
    pushes.announce(delivery(2));
    await service.until(2);
    await pass(86_400_000);
    expect(asked).toEqual([2, 2]);
  });

  it('although the service says it is wrong is not tried again', async () => {
    service.answer = (response) => response.writeHead(403).end();
    const failed = failing();
    pushes.announce(delivery(1));
    await failed;
    await pass(86_400_000);
    expect(asked).toEqual([2]);
  });
});

describe('an endpoint', () => {
  it.each([404, 410])('that is gone (%i) is forgotten', async (status) => {
    service.answer = (response) => response.writeHead(status).end();
    const done = new Promise<void>((resolve) => {
      forgotten = resolve;
    });
    pushes.announce(delivery(1));
    await done;
    expect([...endpoints.keys()]).toEqual([3]);
    expect(logged).toBe('');
  });

  it('at a host that is not allowed any more is forgotten, and never called', async () => {
    pushes.close();
    pushes = create(['push.example.com']);
    const done = new Promise<void>((resolve) => {
      forgotten = resolve;
    });
    pushes.announce(delivery(1));
    await done;
    expect(service.pushed).toEqual([]);
  });

  it.each([
    ['429', (response: import('node:http').ServerResponse) => response.writeHead(429).end('later')],
    ['500', (response: import('node:http').ServerResponse) => response.writeHead(500).end()],
    [
      'a redirect',
      (response: import('node:http').ServerResponse) =>
        response.writeHead(307, { location: `${service.origin}/elsewhere` }).end(),
    ],
    ['a cut line', (response: import('node:http').ServerResponse) => response.destroy()],
  ])('that answers by %s is kept, not asked again at once, and not named in the log', async (_, answer) => {
    service.answer = answer;
    const done = new Promise<void>((resolve) => {
      told = resolve;
    });
    pushes.announce(delivery(1));
    await done;
    expect(paths()).toEqual(['/two']);
    expect(endpoints.size).toBe(2);
    expect(JSON.parse(logged)).toMatchObject({
      level: 40,
      msg: expect.stringMatching(/^push (failed|refused)$/),
    });
    expect(logged).not.toMatch(/127|two|http/);
  });

  it('that answers without end is cut off', async () => {
    const cut = new Promise<void>((resolve) => {
      service.answer = (response) => {
        response.on('close', resolve);
        const pour = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', pour);
        pour();
      };
    });
    pushes.announce(delivery(1));
    await cut;
  });
});

it('closing ends what is under way, and nothing follows', async () => {
  const cut = new Promise<void>((resolve) => {
    service.answer = (response) => response.on('close', resolve);
  });
  pushes.announce(delivery(1));
  pushes.announce(delivery(2));
  await service.until(1);
  pushes.close();
  await cut;
  pushes.announce(delivery(3));
  await pass(10 * PUSH_GRACE_MS);
  expect(timers).toEqual([]);
  expect(asked).toEqual([2]);
});
