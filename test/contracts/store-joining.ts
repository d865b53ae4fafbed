// What every store of the relay must do besides messages: pigeonholes of invitations, the family's safe, endpoints of push services.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PIGEONHOLE_S, PIGEONHOLES_MAX } from '#protocol/relay/limits.ts';
import type { Claim, Member, Pigeonhole, Store } from '#relay/store.ts';
import type { StorePlace } from './store.ts';

const NOON_S = 1_772_366_400;
const QUOTA = { messages: 10, sizeBytes: 100_000 };

export function joiningContract(name: string, place: StorePlace): void {
  const id = (n: number) => new Uint8Array(16).fill(n);
  const key = (n: number) => new Uint8Array(32).fill(n);
  const bytes = (n: number) => new Uint8Array(100).fill(n);
  const family = id(1);
  const ann: Member = { family, device: id(10) };
  const bob: Member = { family, device: id(11) };
  const zoe: Member = { family: id(2), device: id(10) };
  const stranger: Member = { family, device: id(99) };
  const hole: Pigeonhole = { family, invitation: id(50) };
  let store: Store;
  let nonces = 0;
  const claim = (): Claim => {
    const nonce = new Uint8Array(16);
    new DataView(nonce.buffer).setUint32(0, nonces++);
    return { nonce, createdS: NOON_S };
  };
  const create = (of: Uint8Array, ...members: Member[]) =>
    store.createFamily(claim(), {
      family: of,
      entries: [bytes(0)],
      length: 1,
      head: key(0),
      members: members.map(({ device }) => ({ device, key: key(device[0]!) })),
    });
  /** The family goes on with these members only. */
  const leaveOnly = (...members: Member[]) =>
    store.appendChain(
      claim(),
      { length: 1, head: key(0) },
      {
        family,
        entries: [bytes(1)],
        length: 2,
        head: key(1),
        members: members.map(({ device }) => ({ device, key: key(device[0]!) })),
      },
    );
  const open = (by = ann, invitation: Uint8Array = hole.invitation, doorKey = key(7), atS = NOON_S) =>
    store.openInvitation(claim(), by, { invitation, doorKey, atS });
  const write = (by: Member | null, part: 'request' | 'answer', n: number, at = hole, atS = NOON_S) =>
    store.putInvitationPart(claim(), by, at, part, { bytes: bytes(n), atS });
  const read = (by: Member | null, part: 'request' | 'answer', at = hole, atS = NOON_S) =>
    store.readInvitationPart(claim(), by, at, part, atS);
  async function reopen(): Promise<void> {
    await store.close();
    store = await place.open(QUOTA);
  }

  describe(`${name} as the relay's store of what a family needs to grow`, () => {
    beforeEach(async () => {
      await place.reset();
      store = await place.open(QUOTA);
      await create(family, ann, bob);
      await create(id(2), zoe);
    });
    afterEach(() => store.close());

    describe('pigeonholes', () => {
      it('keep a key and two parts, each written once, after opening again', async () => {
        expect(await open()).toBe('opened');
        expect(await read(ann, 'request')).toBeNull();
        expect(await write(null, 'request', 1)).toBe('stored');
        expect(await write(ann, 'answer', 2)).toBe('stored');
        await reopen();
        expect(await store.doorKey(hole, NOON_S)).toEqual(key(7));
        expect(await write(null, 'request', 1)).toBe('known');
        expect(await write(null, 'request', 3)).toBe('conflict');
        expect(await read(bob, 'request')).toEqual(bytes(1));
        expect(await read(null, 'answer')).toEqual(bytes(2));
      });

      it('are opened once, for one key', async () => {
        await open();
        expect(await open(bob)).toBe('known');
        expect(await open(ann, hole.invitation, key(8))).toBe('conflict');
        expect(await store.doorKey(hole, NOON_S)).toEqual(key(7));
      });

      it('are gone when closed', async () => {
        await open();
        await write(null, 'request', 1);
        await store.closeInvitation(claim(), bob, hole.invitation);
        await store.closeInvitation(claim(), bob, hole.invitation);
        expect(await store.doorKey(hole, NOON_S)).toBeNull();
        expect(await read(ann, 'request')).toBeNull();
        expect(await write(ann, 'answer', 1)).toBe('missing');
      });

      it('are gone after their time, whether or not anybody cleaned up', async () => {
        await open();
        const end = NOON_S + PIGEONHOLE_S;
        expect(await store.doorKey(hole, end - 1)).toEqual(key(7));
        expect(await store.doorKey(hole, end)).toBeNull();
        expect(await write(null, 'request', 1, hole, end)).toBe('missing');
        expect(await read(ann, 'request', hole, end)).toBeNull();
        await store.expire(end);
        expect(await store.doorKey(hole, NOON_S)).toBeNull();
        expect(await open(ann, hole.invitation, key(8), end)).toBe('opened');
      });

      it('go with the device that opened them, and only those', async () => {
        await open(bob);
        await open(ann, id(51));
        await leaveOnly(ann);
        expect(await store.doorKey(hole, NOON_S)).toBeNull();
        expect(await store.doorKey({ family, invitation: id(51) }, NOON_S)).toEqual(key(7));
      });

      it('are so many in a family and no more, others not counted', async () => {
        await open(zoe, hole.invitation);
        for (let n = 0; n < PIGEONHOLES_MAX; n++) expect(await open(ann, id(100 + n))).toBe('opened');
        expect(await open(bob, id(200))).toBe('full');
        expect(await open(bob, id(100))).toBe('known');
        await store.closeInvitation(claim(), ann, id(100));
        expect(await open(bob, id(200))).toBe('opened');
        expect(await open(bob, id(201), key(1), NOON_S + PIGEONHOLE_S)).toBe('opened');
      });

      it('of one family are not those of another, even under one id', async () => {
        await open();
        const theirs = { family: zoe.family, invitation: hole.invitation };
        expect(await store.doorKey(theirs, NOON_S)).toBeNull();
        expect(await open(zoe, hole.invitation, key(9))).toBe('opened');
        await write(null, 'request', 1);
        expect(await read(zoe, 'request', theirs)).toBeNull();
        await store.closeInvitation(claim(), zoe, hole.invitation);
        expect(await store.doorKey(hole, NOON_S)).toEqual(key(7));
      });

      it('are closed to who is no member, and to a repeated request', async () => {
        await open();
        for (const attempt of [
          () => open(stranger, id(60)),
          () => write(stranger, 'answer', 1),
          () => read(stranger, 'request'),
          () => store.closeInvitation(claim(), stranger, hole.invitation),
        ])
          await expect(attempt()).rejects.toMatchObject({ code: 'stranger' });
        const once = claim();
        const content = { bytes: bytes(1), atS: NOON_S };
        await store.putInvitationPart(once, null, hole, 'request', content);
        await expect(store.putInvitationPart(once, null, hole, 'answer', content)).rejects.toMatchObject({
          code: 'replay',
        });
        expect(await read(null, 'answer')).toBeNull();
      });
    });

    describe('a safe', () => {
      it('holds the newest bytes of its family, after opening again, whoever leaves', async () => {
        expect(await store.readSafe(claim(), family, null)).toBeNull();
        await store.putSafe(claim(), bob, bytes(1));
        await store.putSafe(claim(), bob, bytes(2));
        await leaveOnly(ann);
        await store.expire(NOON_S + 4000 * 86_400);
        await reopen();
        expect(await store.readSafe(claim(), family, null)).toEqual(bytes(2));
        expect(await store.readSafe(claim(), family, ann)).toEqual(bytes(2));
        expect(await store.readSafe(claim(), zoe.family, zoe)).toBeNull();
      });

      it('is closed to who is no member', async () => {
        await expect(store.putSafe(claim(), stranger, bytes(1))).rejects.toMatchObject({ code: 'stranger' });
        await expect(store.readSafe(claim(), family, stranger)).rejects.toMatchObject({ code: 'stranger' });
      });
    });

    describe('endpoints', () => {
      it('are one a device, until it takes it back or leaves', async () => {
        await store.putPush(claim(), ann, 'https://push.example/1');
        await store.putPush(claim(), ann, 'https://push.example/2');
        await store.putPush(claim(), bob, 'https://push.example/3');
        await reopen();
        expect(await store.pushEndpoint(ann)).toBe('https://push.example/2');
        await store.putPush(claim(), ann, null);
        expect(await store.pushEndpoint(ann)).toBeNull();
        await leaveOnly(ann);
        expect(await store.pushEndpoint(bob)).toBeNull();
        await expect(store.putPush(claim(), bob, 'https://push.example/4')).rejects.toMatchObject({
          code: 'stranger',
        });
        const files = await store.dump();
        expect(files.some((file) => Buffer.from(file.bytes).includes('push.example/4'))).toBe(false);
      });

      it('are forgotten when the service says so, but not a newer one', async () => {
        await store.putPush(claim(), ann, 'https://push.example/1');
        await store.forgetPush(ann, 'https://push.example/0');
        expect(await store.pushEndpoint(ann)).toBe('https://push.example/1');
        await store.forgetPush(ann, 'https://push.example/1');
        expect(await store.pushEndpoint(ann)).toBeNull();
        await store.forgetPush(stranger, 'https://push.example/1');
      });
    });

    it('knows whether a message was offered', async () => {
      const recipients = [{ device: bob.device, front: new Uint8Array(5) }];
      const message = { sender: ann, message: id(1), hash: key(1), body: bytes(1), recipients, atS: NOON_S };
      await store.putMessage(claim(), message);
      const delivery = { ...bob, cursor: 1 };
      expect(await store.isOffered(delivery)).toBe(false);
      await store.listMailbox(null, bob, { after: 0, limit: 1, atS: NOON_S });
      expect(await store.isOffered(delivery)).toBe(true);
      expect(await store.isOffered({ ...bob, cursor: 2 })).toBe(true);
      expect(await store.isOffered({ ...stranger, cursor: 1 })).toBe(true);
    });
  });
}
