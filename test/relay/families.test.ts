// Families on a running relay: made by their root, extended by whom the chain allows, seen by members only.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { signEntry, signGenesis } from '#protocol/family/sign.ts';
import { testDevice, testFamily, wholeFamily } from '#test/support/family.ts';
import { type RunningRelay, runningRelay } from './running.ts';

let running: RunningRelay;
beforeEach(async () => {
  running = await runningRelay();
});
afterEach(() => running.close());

const mum = testDevice('mum', ROLE_ADULT);
const dad = testDevice('dad', ROLE_ADULT);
const aunt = testDevice('aunt', ROLE_RELATIVE);
const gran = testDevice('gran', ROLE_RELATIVE);
const stranger = testDevice('stranger', ROLE_ADULT);
/** Entries as they come back: plain arrays. */
const plain = (entries: Uint8Array[]) => entries.map((entry) => new Uint8Array(entry));

describe('a family', () => {
  it('is made by its genesis, asked for by a member of it', async () => {
    const family = testFamily('made', [mum.member]);
    const created = await running.client(family, mum).createFamily(family.entries);
    expect(created).toEqual({ length: 1, head: family.roster.head });
    expect(await running.client(family, mum).createFamily(family.entries)).toEqual(created);
    expect(await running.client(family, mum).readChain(family.familyId, 0)).toEqual({
      ...created,
      entries: plain(family.entries),
    });
    expect((await running.client(family, mum).readChain(family.familyId, 1)).entries).toEqual([]);
  });

  it('is not made for a device that is not in it, nor with a signature that does not hold', async () => {
    const family = testFamily('not made', [mum.member]);
    await expect(running.client(family, stranger).createFamily(family.entries)).rejects.toThrow(
      'relay-refused',
    );
    await expect(running.rootClient(family).createFamily(family.entries)).rejects.toThrow('relay-refused');
    const forged = { member: mum.member, signer: { ...mum.signer, secret: stranger.signer.secret } };
    await expect(running.client(family, forged).createFamily(family.entries)).rejects.toThrow(
      'relay-refused',
    );
    const bad = new Uint8Array(family.entries[0]!);
    bad[bad.length - 1]! ^= 1;
    await expect(running.client(family, mum).createFamily([bad])).rejects.toThrow('relay-answer');
    // Another family's chain under this family's name.
    const other = testFamily('other', [mum.member]);
    await expect(running.client(family, mum).createFamily(other.entries)).rejects.toThrow('relay-refused');
    await expect(running.client(family, mum).readChain(family.familyId, 0)).rejects.toThrow('relay-refused');
  });

  it('that exists is not replaced by another genesis of the same root', async () => {
    const family = testFamily('twice', [mum.member]);
    await running.client(family, mum).createFamily(family.entries);
    const second = signGenesis(family.rootSeed, [dad.member]);
    await expect(running.client(family, dad).createFamily([second])).rejects.toThrow('relay-conflict');
    await expect(running.client(family, dad).readChain(family.familyId, 0)).rejects.toThrow('relay-refused');
  });

  it('lets a new member in at once, and a removed one out', async () => {
    const family = testFamily('in and out', [mum.member]);
    await running.client(family, mum).createFamily(family.entries);
    await expect(running.client(family, gran).listMailbox(0, 1)).rejects.toThrow('relay-refused');
    family.change([mum.signer], { op: 'add', members: [gran.member] });
    const appended = await running.client(family, mum).appendChain(family.familyId, family.entries.slice(1));
    expect(appended).toEqual({ appended: true, length: 2, head: family.roster.head });
    expect((await running.client(family, gran).listMailbox(0, 1)).items).toEqual([]);
    await running.restart();
    expect((await running.client(family, gran).readChain(family.familyId, 0)).entries).toEqual(
      plain(family.entries),
    );
    family.change([mum.signer], { op: 'remove', ids: [gran.member.id] });
    await running.client(family, mum).appendChain(family.familyId, family.entries.slice(2));
    for (const ask of [
      () => running.client(family, gran).listMailbox(0, 1),
      () => running.client(family, gran).readChain(family.familyId, 0),
      () => running.client(family, gran).putPrekeys(new Uint8Array(9)),
    ]) {
      await expect(ask()).rejects.toThrow('relay-refused');
    }
  });

  it('tells whoever was put out the signed entry that did it, and nothing that came after', async () => {
    const family = testFamily('farewell', [mum.member]);
    await running.client(family, mum).createFamily(family.entries);
    family.change([mum.signer], { op: 'add', members: [gran.member] });
    const known = [...family.entries];
    family.change([mum.signer], { op: 'add', members: [dad.member] });
    family.change([mum.signer], { op: 'remove', ids: [gran.member.id] });
    const { head } = family.roster;
    family.change([mum.signer, dad.signer], { op: 'remove', ids: [dad.member.id] });
    await running.client(family, mum).appendChain(family.familyId, family.entries.slice(1));

    const farewell = await running.client(family, gran).createFamily(known);
    expect(farewell).toEqual({ length: 4, head, entries: plain(family.entries.slice(2, 4)) });
    // Who is in is told nothing more, who never was nothing at all.
    expect((await running.client(family, mum).createFamily(known)).entries).toBeUndefined();
    await expect(running.client(family, stranger).createFamily(known)).rejects.toThrow('relay-refused');
    await expect(running.client(family, gran).createFamily(family.entries.slice(0, 4))).rejects.toThrow(
      'relay-refused',
    );
  });

  it('takes one of two changes on the same head; the other is told the new one', async () => {
    const family = testFamily('race', [mum.member, dad.member]);
    await running.client(family, mum).createFamily(family.entries);
    const add = (device: typeof gran) => ({ op: 'add' as const, members: [device.member] });
    const first = signEntry(family.roster, [mum.signer], add(gran));
    const second = signEntry(family.roster, [dad.signer], add(aunt));
    const outcomes = await Promise.all([
      running.client(family, mum).appendChain(family.familyId, [first.entry]),
      running.client(family, dad).appendChain(family.familyId, [second.entry]),
    ]);
    const winner = outcomes[0]!.appended ? first : second;
    expect(outcomes.filter((outcome) => outcome.appended).length).toBe(1);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ length: 2, head: winner.roster.head });
    const again = signEntry(winner.roster, [dad.signer], add(winner === first ? aunt : gran));
    expect((await running.client(family, dad).appendChain(family.familyId, [again.entry])).appended).toBe(
      true,
    );
  });

  it('is not changed by whom its rules forbid it, nor by another family', async () => {
    const family = testFamily('rules', [mum.member, gran.member]);
    await running.client(family, mum).createFamily(family.entries);
    const allowed = signEntry(family.roster, [mum.signer], { op: 'add', members: [stranger.member] });
    const forged = new Uint8Array(allowed.entry);
    forged[forged.length - 1]! ^= 1;
    await expect(running.client(family, mum).appendChain(family.familyId, [forged])).rejects.toThrow(
      'relay-refused',
    );
    const other = testFamily('rules of others', [dad.member]);
    await running.client(other, dad).createFamily(other.entries);
    const theirs = () => running.client(other, dad).appendChain(family.familyId, [allowed.entry]);
    await expect(theirs()).rejects.toThrow('relay-refused');
    await expect(running.client(other, dad).readChain(family.familyId, 0)).rejects.toThrow('relay-refused');
    // Whoever brings it: it is the entry's signature that counts.
    expect((await running.client(family, gran).appendChain(family.familyId, [allowed.entry])).appended).toBe(
      true,
    );
  });

  it('whose devices are all lost is read and reset with the root key, which has no mailbox', async () => {
    const { family } = wholeFamily('lost');
    const lost = wholeFamily('lost').mum;
    await running.client(family, lost).createFamily(family.entries);
    const root = running.rootClient(family);
    expect((await root.readChain(family.familyId, 0)).entries).toEqual(plain(family.entries));
    await expect(root.listMailbox(0, 1)).rejects.toThrow('relay-refused');
    await expect(root.putPrekeys(new Uint8Array(1))).rejects.toThrow('relay-refused');
    const fresh = testDevice('fresh', ROLE_ADULT);
    family.change([family.root], { op: 'reset', members: [fresh.member] });
    expect((await root.appendChain(family.familyId, family.entries.slice(-1))).appended).toBe(true);
    expect((await running.client(family, fresh).listMailbox(0, 1)).items).toEqual([]);
    await expect(running.client(family, lost).listMailbox(0, 1)).rejects.toThrow('relay-refused');
  });

  it('shares its prekeys among its members', async () => {
    const family = testFamily('prekeys', [mum.member, dad.member]);
    await running.client(family, mum).createFamily(family.entries);
    await running.client(family, dad).putPrekeys(new Uint8Array(7000).fill(7));
    const bundles = await running.client(family, mum).readPrekeys([dad.member.id, mum.member.id]);
    expect(bundles).toEqual([{ device: dad.member.id, bundle: new Uint8Array(7000).fill(7) }]);
    await expect(running.client(family, dad).putPrekeys(new Uint8Array(16_385))).rejects.toThrow(
      'relay-answer',
    );
    const other = testFamily('prekeys of others', [stranger.member]);
    await running.client(other, stranger).createFamily(other.entries);
    expect(await running.client(other, stranger).readPrekeys([dad.member.id])).toEqual([]);
  });
});
