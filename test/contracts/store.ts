// What every store of the relay must do, whatever it is made of.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Claim, Member, NewMessage, Quota, Store } from '#relay/store.ts';

const DAY_S = 86_400;
const NOON_S = 1_772_366_400;
const QUOTA: Quota = { messages: 4, sizeBytes: 5000 };

/** Where the stores under test live: `open` opens the same one each time between two `reset`s, with these quotas. */
export interface StorePlace {
  reset(): Promise<void>;
  open(quota: Quota): Promise<Store>;
}

export function storeContract(name: string, place: StorePlace): void {
  const family = id(1);
  const [ann, bob, cat] = [10, 11, 12].map((n) => ({ family, device: id(n) })) as [Member, Member, Member];
  let store: Store;
  let nonces = 0;

  function id(n: number): Uint8Array {
    return new Uint8Array(16).fill(n);
  }
  const keyOf = (member: Member) => new Uint8Array(32).fill(member.device[0]! + 100);
  const entry = (n: number) => new Uint8Array(300).fill(n);
  const hash = (n: number) => new Uint8Array(32).fill(n);
  const claim = (): Claim => {
    const nonce = new Uint8Array(16);
    new DataView(nonce.buffer).setUint32(0, nonces++);
    return { nonce, createdS: NOON_S };
  };
  const membersOf = (...members: Member[]) =>
    members.map((member) => ({ device: member.device, key: keyOf(member) }));
  const create = (family_ = family, ...members: Member[]) =>
    store.createFamily(claim(), {
      family: family_,
      entries: [entry(0)],
      length: 1,
      head: hash(0),
      members: membersOf(...members),
    });
  const messageTo = (n: number, to: Member[], changes: Partial<NewMessage> = {}): NewMessage => ({
    sender: ann,
    message: id(n),
    hash: hash(n),
    body: new Uint8Array(1000).fill(n),
    recipients: to.map(({ device }) => ({ device, front: new Uint8Array(50).fill(device[0]!) })),
    atS: NOON_S,
    ...changes,
  });
  const put = (n: number, to: Member[], changes?: Partial<NewMessage>) =>
    store.putMessage(claim(), messageTo(n, to, changes));
  const list = (member: Member, after = 0, limit = 10, atS = NOON_S) =>
    store.listMailbox(claim(), member, { after, limit, atS });
  const cursors = async (member: Member) => (await list(member)).items.map((item) => item.cursor);
  async function reopen(): Promise<void> {
    await store.close();
    store = await place.open(QUOTA);
  }

  describe(`${name} as the relay's store`, () => {
    beforeEach(async () => {
      await place.reset();
      store = await place.open(QUOTA);
      await create(family, ann, bob, cat);
    });
    afterEach(() => store.close());

    describe('families', () => {
      it('are kept, with their members', async () => {
        await reopen();
        expect(await store.readChain(family)).toEqual({ length: 1, head: hash(0), entries: [entry(0)] });
        expect(await store.memberKey(ann)).toEqual(keyOf(ann));
        expect(await store.memberKey({ family, device: id(99) })).toBeNull();
        expect(await store.memberKey({ family: id(2), device: ann.device })).toBeNull();
        expect(await store.readChain(id(2))).toBeNull();
      });

      it('are created once', async () => {
        expect(await create(family, ann)).toBe('known');
        const other = { family, entries: [entry(9)], length: 1, head: hash(9), members: membersOf(ann) };
        expect(await store.createFamily(claim(), other)).toBe('conflict');
        expect(await store.memberKey(bob)).toEqual(keyOf(bob));
      });

      it('grow from the head they stand at, by one of two that try', async () => {
        const from = { length: 1, head: hash(0) };
        const grown = (n: number) => ({
          family,
          entries: [entry(n), entry(n + 1)],
          length: 3,
          head: hash(n),
          members: membersOf(ann, bob, cat),
        });
        const both = await Promise.all([
          store.appendChain(claim(), from, grown(1)),
          store.appendChain(claim(), from, grown(5)),
        ]);
        expect(both.map((outcome) => outcome.appended)).toEqual([true, false]);
        expect(both[1]).toMatchObject({ length: 3, head: hash(1), removed: [] });
        await reopen();
        expect((await store.readChain(family))!.entries).toEqual([entry(0), entry(1), entry(2)]);
      });

      it('lose a member with its mailbox and prekeys; what others got from it stays', async () => {
        await put(1, [bob, cat]);
        await put(2, [cat], { sender: bob });
        await store.putPrekeys(claim(), bob, new Uint8Array(9));
        const change = {
          family,
          entries: [entry(1)],
          length: 2,
          head: hash(1),
          members: membersOf(ann, cat),
        };
        const outcome = await store.appendChain(claim(), { length: 1, head: hash(0) }, change);
        expect(outcome.removed).toEqual([bob]);
        expect(await store.memberKey(bob)).toBeNull();
        expect(await store.readPrekeys(claim(), ann, [bob.device])).toEqual([]);
        for (const attempt of [
          () => list(bob),
          () => put(3, [cat], { sender: bob }),
          () => store.readMessage(claim(), bob, 1),
          () => store.acknowledge(claim(), bob, [1]),
          () => store.newestCursor(bob),
          () => store.putPrekeys(claim(), bob, new Uint8Array(1)),
          () => store.readPrekeys(claim(), bob, [ann.device]),
        ]) {
          await expect(attempt()).rejects.toMatchObject({ code: 'stranger' });
        }
        expect(await cursors(cat)).toEqual([1, 2]);
        expect((await put(4, [bob])).outcome).toBe('recipient');
      });

      it('do not see each other', async () => {
        await create(id(2), { family: id(2), device: ann.device });
        const twin = { family: id(2), device: ann.device };
        await put(1, [ann]);
        expect(await cursors(twin)).toEqual([]);
        expect((await put(2, [bob], { sender: twin })).outcome).toBe('recipient');
      });
    });

    describe('nonces', () => {
      it('pass once, also after opening again, and a repeated change changes nothing', async () => {
        const once = claim();
        await store.claim(once);
        await expect(store.claim(once)).rejects.toMatchObject({ code: 'replay' });
        await expect(store.putMessage(once, messageTo(1, [bob]))).rejects.toMatchObject({ code: 'replay' });
        await reopen();
        await expect(store.putMessage(once, messageTo(1, [bob]))).rejects.toMatchObject({ code: 'replay' });
        expect(await cursors(bob)).toEqual([]);
      });

      it('are forgotten long after their window', async () => {
        const once = claim();
        await store.claim(once);
        await store.expire(NOON_S + 300);
        await expect(store.claim(once)).rejects.toMatchObject({ code: 'replay' });
        await store.expire(NOON_S + DAY_S);
        await store.claim(once);
      });

      it('stay free when the change was refused', async () => {
        const once = claim();
        const stranger = { family, device: id(99) };
        await expect(store.putPrekeys(once, stranger, id(1))).rejects.toMatchObject({ code: 'stranger' });
        await store.putPrekeys(once, bob, id(1));
      });
    });

    describe('messages', () => {
      it('come back as they were put, after opening again', async () => {
        expect(await put(1, [bob, cat])).toEqual({
          outcome: 'stored',
          full: [],
          deliveries: [
            { ...bob, cursor: 1 },
            { ...cat, cursor: 1 },
          ],
        });
        await reopen();
        expect(await list(bob)).toEqual({
          items: [{ cursor: 1, message: id(1), sizeBytes: 1050 }],
          more: false,
        });
        const bytes = await store.readMessage(claim(), bob, 1);
        expect(bytes).toEqual(new Uint8Array([...Array(50).fill(11), ...Array(1000).fill(1)]));
        expect(await store.readMessage(claim(), bob, 2)).toBeNull();
        expect(await store.newestCursor(bob)).toBe(1);
        expect(await store.newestCursor(ann)).toBe(0);
      });

      it('are put many at a time, each once', async () => {
        const outcomes = await Promise.all([1, 2, 3, 1, 2, 3].map((n) => put(n, [bob])));
        expect(outcomes.map(({ outcome }) => outcome)).toEqual([
          'stored',
          'stored',
          'stored',
          'known',
          'known',
          'known',
        ]);
        expect(await cursors(bob)).toEqual([1, 2, 3]);
      });

      it('are known by sender, id and hash', async () => {
        await put(1, [bob]);
        expect(await put(1, [bob])).toEqual({ outcome: 'known', full: [], deliveries: [] });
        expect((await put(1, [cat], { hash: hash(9) })).outcome).toBe('conflict');
        expect((await put(1, [bob], { sender: cat })).outcome).toBe('stored');
        expect(await cursors(bob)).toEqual([1, 2]);
        expect(await cursors(cat)).toEqual([]);
      });

      it('go one by one when acknowledged, and their cursors never come back', async () => {
        for (const n of [1, 2, 3]) await put(n, [bob, cat]);
        expect(await store.acknowledge(claim(), bob, [1, 3, 9])).toBe(2);
        expect(await store.acknowledge(claim(), bob, [1, 3])).toBe(0);
        await put(4, [bob]);
        await reopen();
        expect(await cursors(bob)).toEqual([2, 4]);
        expect(await cursors(cat)).toEqual([1, 2, 3]);
        expect((await put(1, [bob, cat])).outcome).toBe('known');
        expect(await cursors(bob)).toEqual([2, 4]);
      });

      it('list in pages after a cursor', async () => {
        for (const n of [1, 2, 3, 4]) await put(n, [bob]);
        expect((await list(bob, 1, 2)).items.map((item) => item.cursor)).toEqual([2, 3]);
        expect((await list(bob, 1, 2)).more).toBe(true);
        expect((await list(bob, 1, 3)).more).toBe(false);
      });

      it('find a mailbox full by number or by bytes, and are put there later', async () => {
        for (const n of [1, 2, 3, 4]) await put(n, [bob]);
        expect(await put(5, [bob, cat])).toMatchObject({ outcome: 'stored', full: [bob.device] });
        expect(await put(6, [bob])).toMatchObject({ outcome: 'full', full: [bob.device] });
        expect(await put(7, [cat], { body: new Uint8Array(4000) })).toMatchObject({ outcome: 'full' });
        await store.acknowledge(claim(), cat, [1]);
        await store.acknowledge(claim(), bob, [1, 2]);
        expect(await put(5, [bob, cat])).toEqual({
          outcome: 'known',
          full: [],
          deliveries: [{ ...bob, cursor: 5 }],
        });
        expect((await store.readMessage(claim(), bob, 5))!.subarray(50)).toEqual(
          new Uint8Array(1000).fill(5),
        );
        expect((await put(6, [bob])).outcome).toBe('stored');
        expect(await cursors(bob)).toEqual([3, 4, 5, 6]);
        expect(await cursors(cat)).toEqual([]);
      });

      it('of which one recipient is a stranger go to nobody', async () => {
        expect((await put(1, [bob, { family, device: id(99) }])).outcome).toBe('recipient');
        expect(await cursors(bob)).toEqual([]);
        expect((await put(1, [bob])).outcome).toBe('stored');
      });
    });

    describe('expiry', () => {
      it('never takes what was not offered', async () => {
        await put(1, [bob]);
        expect(await store.expire(NOON_S + 400 * DAY_S)).toBe(0);
        expect(await cursors(bob)).toEqual([1]);
      });

      it('takes what is 30 days old and was offered a week ago, from that mailbox', async () => {
        await put(1, [bob, cat]);
        await list(bob, 0, 10, NOON_S + 29 * DAY_S);
        expect(await store.expire(NOON_S + 31 * DAY_S)).toBe(0);
        expect(await store.expire(NOON_S + 36 * DAY_S)).toBe(1);
        expect(await cursors(bob)).toEqual([]);
        expect(await cursors(cat)).toEqual([1]);
        expect((await store.readMessage(claim(), cat, 1))!.length).toBe(1050);
      });

      it('counts from the first offer', async () => {
        await put(1, [bob]);
        await list(bob, 0, 10, NOON_S + 25 * DAY_S);
        await list(bob, 0, 10, NOON_S + 32 * DAY_S);
        expect(await store.expire(NOON_S + 33 * DAY_S)).toBe(1);
      });

      it('gives the room back', async () => {
        for (const n of [1, 2, 3, 4]) await put(n, [bob]);
        await list(bob);
        await store.expire(NOON_S + 31 * DAY_S);
        for (const n of [5, 6, 7, 8]) expect((await put(n, [bob])).outcome).toBe('stored');
      });
    });

    it('keeps the newest prekeys of each device', async () => {
      await store.putPrekeys(claim(), bob, new Uint8Array(100).fill(1));
      await store.putPrekeys(claim(), bob, new Uint8Array(100).fill(2));
      await reopen();
      expect(await store.readPrekeys(claim(), ann, [bob.device, cat.device, id(99)])).toEqual([
        { device: bob.device, bundle: new Uint8Array(100).fill(2) },
      ]);
    });

    it('shows in its dump what it holds', async () => {
      const body = new TextEncoder().encode('sealed bytes of one message, to be found again in the dump');
      await put(1, [bob], { body });
      const files = await store.dump();
      expect(files.some(({ bytes }) => Buffer.from(bytes).includes(Buffer.from(body)))).toBe(true);
    });
  });
}
