// A malicious relay: what it adds, hides, turns back, exchanges and repeats. It can withhold; whatever else it does is refused.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, wallClock } from '#bridge/clock.ts';
import { nextDelivery } from '#bridge/deliveries.ts';
import type { Device } from '#bridge/device.ts';
import { dismiss, foundFamily, join as joinFamily } from '#bridge/founding.ts';
import { enrolToy } from '#bridge/guardian.ts';
import { emptyMailbox, type Received } from '#bridge/inbox.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import type { Mailbox } from '#bridge/mailbox.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { postMessage } from '#bridge/outbox.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { receiveMessage } from '#bridge/reception.ts';
import type { Store } from '#bridge/store.ts';
import { findVoice } from '#bridge/voices.ts';
import { addDevice } from '#cli/household.ts';
import { CODEC_OPUS, VOICE_TO_TOY } from '#protocol/envelope/content.ts';
import { decodeUploaded, frontBytes } from '#protocol/envelope/header.ts';
import { BUNDLE_WINDOWS, encodeBundle, prekeyOf, windowAt } from '#protocol/envelope/prekeys.ts';
import { encodeEntry } from '#protocol/family/entry.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE, ROLE_TOY } from '#protocol/family/member.ts';
import { pinOf } from '#protocol/family/pin.ts';
import { draftEntry, rootSigner, signEntry, signPayload } from '#protocol/family/sign.ts';
import { encodeBase64url } from '#protocol/relay/base64url.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { ANSWER } from '#test/support/journey.ts';
import { changed, type LyingRelay, startLyingRelay } from './lying-relay.ts';

let relay: LyingRelay;
const stores: Store[] = [];
let [mum, dad, granny, bridge] = [] as unknown as [Device, Device, Device, Device];
let rootSeed: Uint8Array;
let toyId: Uint8Array;
/** Each device’s time, moved by tests. */
let aheadMs = 0;
const clock: Clock = { ...wallClock, nowMs: () => Date.now() + aheadMs };

function newStore(): Store {
  const store = openSqliteStore(join(relay.directory, `${stores.length}.db`));
  stores.push(store);
  return store;
}

beforeAll(async () => {
  relay = await startLyingRelay();
  const keys = createKeys(ROLE_ADULT);
  ({ device: mum, rootSeed } = await foundFamily({ keys, relay: relay.url, store: newStore(), clock }));
  dad = await addDevice(mum, ROLE_ADULT, relay.url, newStore(), clock);
  granny = await addDevice(mum, ROLE_RELATIVE, relay.url, newStore(), clock);
  bridge = await addDevice(mum, ROLE_BRIDGE, relay.url, newStore(), clock);
  await enrolToy(mum, sodium.randombytes_buf(32));
  for (const device of [mum, dad, granny, bridge]) await device.family.refresh();
  // The adults' beacons of the day: no test meets them among its own messages.
  for (const device of [mum, dad]) await exchange(device, {});
  toyId = [...mum.family.roster.members.values()].find(({ role }) => role === ROLE_TOY)!.id;
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await relay.close();
});
beforeEach(async () => {
  relay.lie = null;
  relay.eats = null;
  for (const device of [mum, dad, granny, bridge]) {
    await device.family.refresh();
    await take(device);
  }
});

/** What a device takes from its mailbox now. */
async function take(device: Device): Promise<{ got: Received[]; refused: string[] }> {
  const got: Received[] = [];
  const refused: string[] = [];
  await emptyMailbox(device, {
    receive: async (message) => {
      got.push(message);
      return { changes: [], isFinal: true };
    },
    isDone: async () => true,
    refused: (_, code) => refused.push(code),
  });
  return { got, refused };
}

/** Sends a voice to the toy: adults and bridge get it. */
async function say(from: Device, stream: Uint8Array = ANSWER): Promise<Uint8Array> {
  const id = await speakToToy(from, toyId, stream);
  await exchange(from, {});
  return id;
}

interface ChainJson {
  length: number;
  head: string;
  entries: string[];
}

const isChain = (path: string) => path.includes('/chain');
const isList = (path: string) => path.startsWith('/v1/mailbox?');
const isMessage = (method: string, path: string) => method === 'GET' && /^\/v1\/mailbox\/\d+$/.test(path);
const signerOf = (device: Device) => ({
  id: device.member.id,
  secret: signKeys(device.keys.signSeed).secret,
});

describe('a relay that changes the family', () => {
  it('cannot add a device: an entry that nobody signed, or a ghost did, is refused', async () => {
    const ghost = createKeys(ROLE_ADULT);
    const member = memberOfKeys(ghost);
    const secret = signKeys(ghost.signSeed).secret;
    const { roster } = bridge.family;
    for (const id of [member.id, mum.member.id, roster.familyId]) {
      const draft = draftEntry(roster, [id], { op: 'add', members: [member] });
      const entry = encodeEntry(draft.payload, [signPayload(draft.payload, { id, secret })]);
      relay.lie = ({ path }, answer) =>
        isChain(path)
          ? changed<ChainJson>(answer, (page) => {
              page.length++;
              page.entries.push(encodeBase64url(entry));
            })
          : null;
      await expect(bridge.family.refresh()).rejects.toThrow(/^roster-(right|signature)$/);
      expect(bridge.family.roster.members.has(idText(member.id))).toBe(false);
    }
  });

  it('cannot serve a shorter chain, neither to one who knows it nor to a newcomer', async () => {
    const keys = createKeys(ROLE_RELATIVE);
    const pin = pinOf(mum.family.roster);
    const shortChain = await chainOf(mum, 3);
    relay.lie = ({ path }, answer) =>
      isChain(path)
        ? changed<ChainJson>(answer, (page) => {
            page.length = 3;
            page.entries = page.entries.slice(0, Math.max(0, 3 - Number(path.split('after=')[1])));
          })
        : null;
    await expect(dad.family.refresh()).rejects.toThrow('roster-rollback');
    const newcomer = { keys, relay: relay.url, store: newStore(), clock };
    // A chain from before the invitation.
    relay.lie = ({ path }) => (isChain(path) ? { status: 200, body: shortChain } : null);
    await expect(joinFamily(newcomer, pin)).rejects.toThrow('roster-rollback');
  });

  it('cannot show two families, even with one adult as its accomplice: a fork stops everything', async () => {
    const before = dad.family.roster;
    const friend = memberOfKeys(createKeys(ROLE_RELATIVE));
    const accomplice = signEntry(before, [signerOf(dad)], { op: 'add', members: [friend] });
    await mum.family.append({ op: 'add', members: [memberOfKeys(createKeys(ROLE_RELATIVE))] }, [
      signerOf(mum),
    ]);
    await bridge.family.refresh();
    const forked = await chainOf(mum, before.number + 1, [accomplice.entry]);
    relay.lie = ({ path }) => (isChain(path) ? { status: 200, body: forked } : null);
    await expect(bridge.family.refresh()).rejects.toThrow('roster-fork');
    await expect(take(bridge)).rejects.toThrow('roster-fork');
    expect(bridge.family.roster.members.has(idText(friend.id))).toBe(false);
    // Not even a relay that shows the right one again makes it go on: only the root does.
    relay.lie = null;
    await expect(bridge.family.refresh()).rejects.toThrow('roster-fork');
    expect(() => bridge.asSender()).toThrow('roster-fork');
    const members = [...mum.family.roster.members.values()];
    await mum.family.append({ op: 'reset', members }, [rootSigner(rootSeed)]);
    expect(await bridge.family.refresh()).toBe(true);
    expect(bridge.family.isForked).toBe(false);
  });

  it('that withholds a dismissal must withhold all that comes after it, too', async () => {
    const page = await chainOf(bridge, bridge.family.roster.number + 1, [], bridge.family.roster.number + 1);
    await dismiss(mum, [granny.member.id]);
    const late = await say(mum);
    relay.lie = ({ path }) => (isChain(path) ? { status: 200, body: page } : null);
    expect(await take(bridge)).toEqual({ got: [], refused: [] });
    relay.lie = null;
    expect((await take(bridge)).got.map(({ messageId }) => messageId)).toEqual([late]);
    granny = await addDevice(mum, ROLE_RELATIVE, relay.url, newStore(), clock);
  });
});

describe('a relay that touches messages', () => {
  it('cannot exchange their bodies, nor change a bit of them', async () => {
    await say(mum);
    await say(mum, ANSWER);
    const bodies: Uint8Array[] = [];
    relay.lie = ({ method, path }, answer) => {
      if (!isMessage(method, path)) return null;
      const end = frontBytes(answer.body);
      bodies.push(answer.body.slice(end));
      // The first with one bit changed, the second with the body of the first.
      const body = bodies[0]!.slice();
      if (bodies.length === 1) body[body.length >> 1]! ^= 1;
      return { status: 200, body: new Uint8Array([...answer.body.subarray(0, end), ...body]) };
    };
    expect(await take(dad)).toEqual({ got: [], refused: ['envelope-body', 'envelope-body'] });
    expect(bodies).toHaveLength(2);
  });

  it('cannot change a bit of their fronts', async () => {
    await say(mum);
    let changedAt = 0;
    const refused: string[] = [];
    // Every 97th byte, each on a delivery of its own: the real relay never hears that it was refused.
    relay.eats = ({ path }) => path === '/v1/mailbox/ack';
    for (let at = 4; at < 2000; at += 97) {
      relay.lie = ({ method, path }, answer) => {
        if (!isMessage(method, path)) return null;
        const body = answer.body.slice();
        changedAt = Math.min(at, frontBytes(body) - 1);
        body[changedAt]! ^= 0x10;
        return { status: 200, body };
      };
      const { got, refused: codes } = await take(dad);
      expect(got).toEqual([]);
      refused.push(...codes);
    }
    expect(changedAt).toBeGreaterThan(500);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.every((code) => /^(envelope|roster)-/.test(code))).toBe(true);
  });

  it('cannot put one into the wrong mailbox', async () => {
    await say(mum);
    let ofBridge: Uint8Array | null = null;
    relay.lie = ({ method, path }, answer) => {
      if (isMessage(method, path)) ofBridge = answer.body;
      return null;
    };
    await take(bridge);
    relay.lie = ({ method, path }) => (isMessage(method, path) ? { status: 200, body: ofBridge! } : null);
    expect(await take(dad)).toEqual({ got: [], refused: ['envelope-recipient'] });
  });

  it('cannot have one taken twice, nor under another id, after it was acknowledged', async () => {
    const id = await say(mum);
    let kept: Uint8Array | null = null;
    relay.lie = ({ method, path }, answer) => {
      if (isMessage(method, path)) kept = answer.body;
      return null;
    };
    expect((await take(dad)).got).toHaveLength(1);
    for (const message of [id, sodium.randombytes_buf(16)]) {
      relay.lie = ({ method, path }, answer) => {
        if (isMessage(method, path)) return { status: 200, body: kept! };
        if (!isList(path)) return null;
        return changed<{ items: object[]; more: boolean }>(answer, (page) => {
          page.items = [{ cursor: 900_000, message: encodeBase64url(message), sizeBytes: kept!.length }];
        });
      };
      const { got } = await take(dad);
      expect(got).toEqual([]);
    }
  });

  it('can turn their order round, and the child hears them in the order they were said', async () => {
    const said: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      aheadMs += 2000;
      said.push(await say(mum));
    }
    relay.lie = ({ path }, answer) =>
      isList(path) ? changed<{ items: object[] }>(answer, ({ items }) => items.reverse()) : null;
    const refused: string[] = [];
    await emptyMailbox(bridge, {
      receive: (message) => receiveMessage(bridge, message),
      isDone: async () => false,
      refused: (_, code) => refused.push(code),
    });
    expect(refused).toEqual([]);
    const order: Uint8Array[] = [];
    for (;;) {
      const next = await nextDelivery(bridge, toyId);
      if (next === null) break;
      order.push(next.id);
      const [first] = await bridge.store.list('waiting', '');
      await bridge.store.write([{ collection: 'waiting', key: first!.key, value: null }]);
    }
    expect(order).toEqual(said);
  });

  it('cannot let one sender’s message take the place of another’s by telling its id', async () => {
    const id = await speakToToy(mum, toyId, ANSWER);
    const { sentAt, durationMs, packets, stamp } = (await findVoice(mum.store, mum.keys, 'drafts', id))!;
    const head = {
      kind: VOICE_TO_TOY,
      toyId,
      sentAt,
      durationMs,
      packets,
      codec: CODEC_OPUS,
      extra: stamp,
    } as const;
    // The accomplice sends under that id first.
    const body = { sizeBytes: ANSWER.length, pieces: [ANSWER] };
    await postMessage(dad, { id, head, packets: body }, [bridge.member as SigningMember]);
    await exchange(dad, {});
    await exchange(mum, {});
    const { got } = await take(bridge);
    expect(got.map(({ sender }) => idText(sender.id)).sort()).toEqual(
      [idText(mum.member.id), idText(dad.member.id)].sort(),
    );
  });
});

describe('a relay that touches prekeys', () => {
  it('gets no wrap for a key of its own: who would be wrapped for it is left out', async () => {
    const own = sodium.randombytes_buf(32);
    const window = windowAt(mum.nowS());
    const falseBundle = (device: Device) =>
      encodeBundle(
        {
          deviceId: device.member.id,
          headNumber: 0,
          head: mum.family.roster.head,
          prekeys: Array.from({ length: BUNDLE_WINDOWS }, (_, i) => ({
            window: window + i,
            key: prekeyOf(own),
          })),
        },
        signKeys(own).secret,
      );
    relay.lie = ({ method, path }, answer) => {
      if (method !== 'GET' || !path.startsWith('/v1/prekeys')) return null;
      return changed<{ bundles: { device: string; bundle: string }[] }>(answer, ({ bundles }) => {
        for (const each of bundles)
          if (each.device === encodeBase64url(bridge.member.id))
            each.bundle = encodeBase64url(falseBundle(bridge));
      });
    };
    await speakToToy(mum, toyId, ANSWER);
    const uploaded: Uint8Array[] = [];
    const mailbox: Mailbox = {
      ...mum.mailbox,
      putMessage(id, envelope) {
        uploaded.push(envelope);
        return mum.mailbox.putMessage(id, envelope);
      },
    };
    await exchange({ ...mum, mailbox }, {});
    const { wraps } = decodeUploaded(uploaded[0]!);
    expect(wraps.map(({ deviceId }) => idText(deviceId))).toEqual([idText(dad.member.id)]);
  });
});

/** A page of the chain as a device keeps it, cut at `length` entries, with others behind it. */
async function chainOf(
  device: Device,
  length: number,
  others: Uint8Array[] = [],
  after = 0,
): Promise<Uint8Array> {
  const entries = (await device.store.list('family', '')).map(({ value }) => value).slice(0, length);
  const all = [...entries, ...others];
  return new Uint8Array(
    Buffer.from(
      JSON.stringify({
        length: all.length,
        head: encodeBase64url(others.length > 0 ? new Uint8Array(32).fill(1) : device.family.roster.head),
        entries: all.slice(after).map(encodeBase64url),
      }),
    ),
  );
}
