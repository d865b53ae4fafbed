// What a bridge remembers of the messages it brought: each is told once, the oldest are forgotten, others' ids mean nothing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeReceipt } from '#bridge/deliveries.ts';
import type { Device } from '#bridge/device.ts';
import { admit, foundFamily, join as joinFamily } from '#bridge/founding.ts';
import { markHeardByToy, UNHEARD_DAYS, UNHEARD_MAX, unheardBy } from '#bridge/heard.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import { beginLetter, eraseLetter, markLetter } from '#bridge/letters.ts';
import { emptyOutbox } from '#bridge/outbox.ts';
import { exchange } from '#bridge/person.ts';
import { AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { DELIVERED_TO_TOY, HEARD, type Receipt } from '#protocol/envelope/content.ts';
import { ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { pinOf } from '#protocol/family/pin.ts';
import { type RunningRelay, runningRelay } from '#test/relay/running.ts';
import { testToy } from '#test/support/family.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

const DAY_MS = 86_400_000;
const bear = testToy('bear');
const rabbit = testToy('rabbit');
const messageOf = (number: number) => new Uint8Array(16).fill(number);

describe('a bridge', () => {
  let running: RunningRelay;
  let mum: Device;
  let bridge: Device;

  async function deliver(number: number, toy = bear, senderId = mum.member.id): Promise<void> {
    const messageId = messageOf(number);
    const none = new Uint8Array(0);
    const voice = { messageId, toyId: toy.id, senderId, sentAt: bridge.nowS(), durationMs: 0, packets: 0 };
    const receipt = { messageId, state: DELIVERED_TO_TOY, at: bridge.nowS() } as const;
    await bridge.store.write([
      beginLetter(bridge, { ...voice, stamp: none, stream: none }, 'to-toy'),
      // As another bridge of the family tells it.
      ...(await takeReceipt(bridge, receipt, { role: ROLE_BRIDGE })),
    ]);
    running.clock.nowMs += 1000;
  }
  const heard = (number: number, ageS = 5, toy = bear) =>
    markHeardByToy(bridge, toy.id, messageOf(number), ageS);
  const unheard = async (toy = bear) => (await unheardBy(bridge, toy.id)).map((id) => id[0]);
  /** The receipts that reach the parent now. */
  async function receipts(): Promise<Receipt[]> {
    const got: Receipt[] = [];
    await emptyOutbox(bridge, async () => []);
    await exchange(mum, { receipt: (receipt) => got.push(receipt) });
    return got;
  }

  beforeEach(async () => {
    running = await runningRelay();
    const clock = { nowMs: () => running.clock.nowMs, sleep: async () => {} };
    const relay = running.relay.url;
    const store = () => createMemoryStore().open();
    mum = (await foundFamily({ keys: createKeys(ROLE_ADULT), relay, store: store(), clock })).device;
    const keys = createKeys(ROLE_BRIDGE);
    await admit(mum, [memberOfKeys(keys), bear, rabbit]);
    bridge = await joinFamily({ keys, relay, store: store(), clock }, pinOf(mum.family.roster));
    await mum.family.refresh();
  });
  afterEach(() => running.close());

  it('tells the family once what the toy says again and again', async () => {
    await deliver(1);
    await deliver(2);
    await deliver(3, rabbit);
    running.clock.nowMs += 60_000;
    expect(await unheard()).toEqual([1, 2]);
    expect(await heard(2)).toBe('new');
    expect(await heard(2, 900)).toBe('known');
    expect(await unheard()).toEqual([1]);
    expect(await unheard(rabbit)).toEqual([3]);
    const at = bridge.nowS() - 5;
    expect(await receipts()).toEqual([{ messageId: messageOf(2), state: HEARD, at }]);
    expect(await heard(2)).toBe('known');
    expect(await receipts()).toEqual([]);
  });

  it('says that a message was heard no sooner than it was there, and not when nobody knows', async () => {
    const at = bridge.nowS();
    await deliver(1);
    await deliver(2);
    running.clock.nowMs += 60_000;
    expect(await heard(1, 1_000_000)).toBe('new');
    expect(await heard(2, AGE_UNKNOWN)).toBe('new');
    const told = await receipts();
    expect(told.map((receipt) => [receipt.messageId[0], receipt.at]).sort()).toEqual([
      [1, at],
      [2, 0],
    ]);
  });

  it('knows nothing of what it did not bring, nor to another toy', async () => {
    await deliver(1);
    expect(await heard(7)).toBe('unknown');
    expect(await heard(1, 5, rabbit)).toBe('unknown');
    expect(await unheard()).toEqual([1]);
    expect(await receipts()).toEqual([]);
  });

  it('tells of several at the same moment, and none is lost', async () => {
    for (const number of [1, 2, 3]) await deliver(number);
    expect(await Promise.all([heard(1), heard(2), heard(3)])).toEqual(['new', 'new', 'new']);
    expect((await receipts()).map(({ messageId }) => messageId[0]).sort()).toEqual([1, 2, 3]);
  });

  it('tells the adults of a message whose sender has left', async () => {
    await deliver(1, bear, new Uint8Array(16).fill(99));
    expect(await heard(1)).toBe('new');
    expect(await receipts()).toHaveLength(1);
    expect(await unheard()).toEqual([]);
  });

  it('reads no history to know what it has to ask', async () => {
    await deliver(1);
    await deliver(2);
    await deliver(3);
    expect(await unheard()).toEqual([1, 2, 3]);
    expect(await heard(1)).toBe('new');
    const lists: string[] = [];
    const { store } = bridge;
    const counting: Device = {
      ...bridge,
      store: {
        ...store,
        get: (...given) => store.get(...given),
        write: (changes) => store.write(changes),
        list: (collection, prefix) => {
          lists.push(`${collection} ${prefix}`);
          return store.list(collection, prefix);
        },
      },
    };
    expect((await unheardBy(counting, bear.id)).map((id) => id[0])).toEqual([2, 3]);
    expect(lists).toEqual(['marks unheard/']);
    // Erased here, and told in the wrong order by another bridge.
    await eraseLetter(bridge, messageOf(2));
    const late = { messageId: messageOf(4), state: HEARD, at: bridge.nowS() } as const;
    await bridge.store.write(await takeReceipt(bridge, late, { role: ROLE_BRIDGE }));
    await deliver(4);
    expect(await unheard()).toEqual([3]);
  });

  it('knows what it had brought before there was a list', async () => {
    const messageId = messageOf(9);
    const voice = {
      messageId,
      toyId: bear.id,
      senderId: mum.member.id,
      sentAt: 1,
      durationMs: 0,
      packets: 0,
    };
    const none = new Uint8Array(0);
    await bridge.store.write([
      beginLetter(bridge, { ...voice, stamp: none, stream: none }, 'to-toy'),
      markLetter(bridge, messageId, 'toy', bridge.nowS()),
    ]);
    expect(await unheard()).toEqual([9]);
    expect(await unheard()).toEqual([9]);
  });

  it('asks about the newest, and not about what is a month old', async () => {
    for (let i = 1; i <= UNHEARD_MAX + 2; i++) await deliver(i);
    expect(await unheard()).toEqual(Array.from({ length: UNHEARD_MAX }, (_, i) => i + 3));
    running.clock.nowMs += UNHEARD_DAYS * DAY_MS;
    expect(await unheard()).toEqual([]);
    // The toy may say so itself.
    expect(await heard(5)).toBe('new');
  });
});
