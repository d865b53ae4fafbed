// What studies found of servers that say who is in a group and whose key is whose (docs/threats.md has the list, by these numbers).
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import { foundFamily } from '#bridge/founding.ts';
import { enrolToy } from '#bridge/guardian.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import type { Store } from '#bridge/store.ts';
import { addDevice } from '#cli/household.ts';
import { decodeUploaded } from '#protocol/envelope/header.ts';
import { encodeBundle } from '#protocol/envelope/prekeys.ts';
import { extendChain, readChain } from '#protocol/family/chain.ts';
import { encodeEntry } from '#protocol/family/entry.ts';
import { comparedWords } from '#protocol/family/invitation.ts';
import {
  asMember,
  decodeMember,
  idText,
  type Member,
  memberFields,
  ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
  ROLE_TOY,
} from '#protocol/family/member.ts';
import { acceptChain, pinOf } from '#protocol/family/pin.ts';
import { draftEntry, rootSigner, signEntry, signGenesis, signPayload } from '#protocol/family/sign.ts';
import { encodeBase64url } from '#protocol/relay/base64url.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { changed, startLyingRelay } from '#test/attacks/lying-relay.ts';
import { deliver, NOON_S, receiver, recipientOf, senderOf, upload } from '#test/support/envelope.ts';
import { testDevice, wholeFamily } from '#test/support/family.ts';
import { ANSWER } from '#test/support/journey.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { outcomeOf, sample } from './message.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

describe('a server that says who belongs', () => {
  it('S1: adds a member to the group: nobody takes it, and nothing is sealed for it', async () => {
    const relay = await startLyingRelay();
    closing.push(() => relay.close());
    const newStore = (name: string): Store => {
      const store = openSqliteStore(join(relay.directory, `${name}.db`));
      closing.push(() => store.close());
      return store;
    };
    const keys = createKeys(ROLE_ADULT);
    const founding = { keys, relay: relay.url, store: newStore('mum'), clock: wallClock };
    const { device: mum } = await foundFamily(founding);
    const bridge = await addDevice(mum, ROLE_BRIDGE, relay.url, newStore('bridge'), wallClock);
    await enrolToy(mum, sodium.randombytes_buf(32));
    const ghostKeys = createKeys(ROLE_ADULT);
    const ghost = memberOfKeys(ghostKeys);
    const secret = signKeys(ghostKeys.signSeed).secret;
    const { roster } = mum.family;
    for (const id of [ghost.id, mum.member.id, bridge.member.id, roster.familyId]) {
      const { payload } = draftEntry(roster, [id], { op: 'add', members: [ghost] });
      const entry = encodeEntry(payload, [signPayload(payload, { id, secret })]);
      relay.lie = ({ path }, answer) =>
        path.includes('/chain')
          ? changed<{ length: number; entries: string[] }>(answer, (page) => {
              page.length++;
              page.entries.push(encodeBase64url(entry));
            })
          : null;
      await expect(mum.family.refresh()).rejects.toThrow(/^roster-(right|signature)$/);
    }
    const uploaded: Uint8Array[] = [];
    relay.lie = ({ method, path, body }) => {
      if (method === 'PUT' && path.startsWith('/v1/messages/')) uploaded.push(body);
      return null;
    };
    const toyId = [...roster.members.values()].find(({ role }) => role === ROLE_TOY)!.id;
    await speakToToy(mum, toyId, ANSWER);
    await exchange(mum, {});
    expect(uploaded.length).toBeGreaterThan(0);
    for (const { wraps } of uploaded.map(decodeUploaded))
      expect(wraps.map(({ deviceId }) => idText(deviceId))).toEqual([idText(bridge.member.id)]);
  });

  it('S2: adds a device to somebody’s list of devices: only that person, or the root, can', () => {
    const { family, mum, mumTablet, dad, grandma, bridge } = wholeFamily();
    const ghost = asMember({ ...testDevice('ghost', ROLE_ADULT).member, person: mum.member.person });
    const op = { op: 'add', members: [ghost] } as const;
    const ghostSigner = testDevice('ghost', ROLE_ADULT).signer;
    for (const signer of [ghostSigner, grandma.signer, bridge.signer, dad.signer])
      expect(() => signEntry(family.roster, [signer], op)).toThrow('roster-right');
    // Two of one person's devices are no second adult.
    const dads = asMember({ ...testDevice('ghost', ROLE_ADULT).member, person: dad.member.person });
    const forDad = { op: 'add', members: [dads] } as const;
    expect(() => signEntry(family.roster, [mum.signer, mumTablet.signer], forDad)).toThrow('roster-right');
    expect(signEntry(family.roster, [mum.signer], op).roster.members.has(idText(ghost.id))).toBe(true);
    expect(signEntry(family.roster, [family.root], op).roster.members.has(idText(ghost.id))).toBe(true);
  });

  it('S3: passes a key off as a device’s name when two people compare: an id is the hash of its keys', () => {
    const { family, mum } = wholeFamily();
    const ghost = testDevice('ghost', ROLE_RELATIVE).member;
    const names = [ghost.signKey.slice(0, 16), ghost.signKey.slice(16), mum.member.id, family.familyId];
    for (const id of names) {
      expect(() => decodeMember(memberFields({ ...ghost, id }))).toThrow('roster-member');
      expect(() =>
        decodeMember(memberFields({ ...mum.member, id: id === mum.member.id ? ghost.id : id })),
      ).toThrow('roster-member');
    }
    const answer = {
      headNumber: 3,
      head: new Uint8Array(32),
      nonce: new Uint8Array(16),
    };
    const words = (adult: Member, newcomer: Member) =>
      comparedWords(family.familyId, { ...answer, adult }, newcomer).join(' ');
    const fair = words(mum.member, ghost);
    expect(words(ghost, mum.member)).not.toBe(fair);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const other = asMember({ ...ghost, signKey: signKeys(seed).publicKey });
        expect(words(mum.member, other)).not.toBe(fair);
        expect(words(other, ghost)).not.toBe(fair);
      }),
      { numRuns: 100 },
    );
  });

  it('S7: puts its own key in the place of the one that everything is kept for: the family’s id is that key', () => {
    const { family, mum } = wholeFamily();
    const thiefSeed = draw(seeded('thief'), 32);
    const thief = rootSigner(thiefSeed);
    const genesis = signGenesis(thiefSeed, [mum.member]);
    expect(() => readChain(family.familyId, [genesis])).toThrow('roster-chain');
    expect(() => acceptChain({ ...pinOf(family.roster), number: 0 }, [genesis])).toThrow('roster-chain');
    const reset = draftEntry(family.roster, [family.familyId], { op: 'reset', members: [mum.member] });
    const forged = encodeEntry(reset.payload, [signPayload(reset.payload, thief)]);
    expect(() => extendChain(family.roster, forged)).toThrow('roster-signature');
    const asAdult = { op: 'reset', members: [mum.member] } as const;
    expect(() => signEntry(family.roster, [mum.signer], asAdult)).toThrow('roster-right');
    expect(() => signEntry(family.roster, [thief], asAdult)).toThrow('roster-right');
  });

  it('S12: gives a device other keys as its own: they are nobody’s in the chain', () => {
    const { family, mum, dad } = wholeFamily();
    const ghost = testDevice('ghost', ROLE_ADULT);
    // Each entry with mum's key exchanged for the server's, under her id and under its own.
    const swap = (entry: Uint8Array, from: Uint8Array, to: Uint8Array) => {
      const bytes = Buffer.from(entry);
      const at = bytes.indexOf(from);
      if (at >= 0) bytes.set(to, at);
      return new Uint8Array(bytes);
    };
    const served = family.entries.map((entry) => swap(entry, mum.member.signKey, ghost.member.signKey));
    expect(() => readChain(family.familyId, served)).toThrow('roster-member');
    const renamed = served.map((entry) => swap(entry, mum.member.id, ghost.member.id));
    expect(() => readChain(family.familyId, renamed)).toThrow('roster-signature');
    // An entry that brings a known key back under another person.
    const again = asMember({ ...mum.member, person: dad.member.person });
    expect(() => signEntry(family.roster, [family.root], { op: 'add', members: [again] })).toThrow(
      'roster-member',
    );
  });

  it('S13: gives a sender its own key as a recipient’s: that recipient is left out, and nothing is sealed for the key', async () => {
    const { family, bridge, dad, sealed, toMum, toDad } = await sample();
    const own = await receiver(testDevice('ghost', ROLE_ADULT), family.roster);
    const secret = own.device.signer.secret;
    const head = { headNumber: family.roster.number, head: family.roster.head };
    const prekeys = await Promise.all(
      (await own.prekeys.windows()).map(async (window) => ({
        window,
        key: sodium.crypto_kem_xwing_seed_keypair((await own.prekeys.get(window))!).publicKey,
      })),
    );
    const inDadsName = encodeBundle({ deviceId: dad.member.id, ...head, prekeys }, secret);
    const asOwn = encodeBundle({ deviceId: own.device.member.id, ...head, prekeys }, secret);
    for (const bundle of [inDadsName, asOwn, toMum.bundle]) {
      const recipients = [recipientOf(toMum), { ...recipientOf(toDad), bundle }];
      const { uploaded, skipped } = upload(sealed, senderOf(bridge, family.roster), recipients, NOON_S);
      expect(skipped).toEqual([{ deviceId: dad.member.id, code: 'prekeys-signature' }]);
      expect(decodeUploaded(uploaded).wraps.map(({ deviceId }) => deviceId)).toEqual([
        toMum.device.member.id,
      ]);
    }
  });

  it('S28: still hears a member who was put out: nothing of it is taken, however it is dated', async () => {
    const message = await sample();
    const { family, bridge, mum, uploaded, sealed, toMum } = message;
    const before = family.roster;
    const early = deliver(uploaded, mum.member.id);
    expect(await outcomeOf(early, toMum, family.roster)).toBe('opened 2000');
    family.change([mum.signer], { op: 'remove', ids: [bridge.member.id] });
    expect(await outcomeOf(early, toMum, family.roster)).toBe('envelope-sender');
    for (const roster of [before, family.roster]) {
      const late = upload(sealed, senderOf(bridge, roster), [recipientOf(toMum, 2)]).uploaded;
      expect(await outcomeOf(deliver(late, mum.member.id), toMum, family.roster)).toBe('envelope-sender');
    }
    // Nor does it come back under its old keys.
    const again = { op: 'add', members: [bridge.member] } as const;
    expect(() => signEntry(family.roster, [mum.signer], again)).toThrow('roster-member');
  });
});
