// A family that was shown two pasts stops, on disk too, and goes on by the kit: with a new phone, or with the very one that was stopped.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendBeacon } from '#bridge/beacons.ts';
import { type Device, mailboxOf, openDevice } from '#bridge/device.ts';
import { grantOf, policyForToy, policyOf } from '#bridge/grants.ts';
import { changeWishes, wishesOf } from '#bridge/guardian.ts';
import { createKeys } from '#bridge/keys.ts';
import { exchange } from '#bridge/person.ts';
import { listProfiles, setProfile } from '#bridge/profiles.ts';
import { missingToys, recoverFamily } from '#bridge/recovery.ts';
import { type Member, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import { runningRelay } from '#test/relay/running.ts';
import { type JoinedFamily, joinedFamily } from '#test/support/joined-family.ts';

let home: JoinedFamily;
let [mum, dad, pi] = [] as unknown as [Device, Device, Device];
let toy: Member;
beforeEach(async () => {
  home = await joinedFamily();
  ({ mum } = home);
  dad = await home.letIn(ROLE_ADULT, 'Dad');
  pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
  toy = await home.pair('bear');
  await home.talk(mum, dad, pi);
});
afterEach(() => home.close());

/** A beacon of mum's names an entry that dad has never been served at that number, as after a relay had shown them two chains. */
async function fork(): Promise<void> {
  const heads = [...mum.family.roster.heads];
  heads[heads.length - 1] = new Uint8Array(32).fill(9);
  const roster = { ...mum.family.roster, head: heads.at(-1)!, heads };
  await sendBeacon({ ...mum, family: { ...mum.family, roster } });
  await exchange(mum, {});
  await exchange(dad, {});
}

/** The same device after its program was started again. */
function startedAgain(device: Device): Promise<Device> {
  const { keys, store, clock, family } = device;
  const familyId = family.roster.familyId;
  return openDevice({ keys, store, clock, familyId, relay: home.running.relay.url });
}

function recoverItself(device: Device, lost: Uint8Array[] | null = []): Promise<Device> {
  const { keys, store, clock } = device;
  const relay = home.running.relay.url;
  return recoverFamily({ keys, store, clock, relay, seed: home.rootSeed.slice(), lost });
}

describe('a fork', () => {
  it('is a hard stop that outlives the program', async () => {
    await fork();
    const again = await startedAgain(dad);
    for (const device of [dad, again]) {
      expect(device.family.isForked).toBe(true);
      await expect(exchange(device, {})).rejects.toThrow(/^roster-fork$/);
      await expect(changeWishes(device, toy.id, { volume: 1 })).rejects.toThrow(/^roster-fork$/);
    }
  });

  it('ends for the device that it stopped when that uses the kit, and the others go on with it', async () => {
    await setProfile(dad, { kind: 'toy', id: toy.id, name: 'Brumm', picture: null });
    await changeWishes(dad, toy.id, { volume: 44 });
    await home.talk(dad, mum, pi);
    await fork();
    await exchange(mum, {});
    const phone = await recoverItself(await startedAgain(dad));
    expect(phone.member.id).toEqual(dad.member.id);
    expect(phone.family.isForked).toBe(false);
    expect((await startedAgain(phone)).family.isForked).toBe(false);
    const { roster } = phone.family;
    expect([...roster.members.keys()].sort()).toEqual([...mum.family.roster.members.keys()].sort());
    expect(roster.generation).toBe(2);
    // Nothing was in the safe but what mum had put there; what dad knew stands.
    expect(await missingToys(phone)).toEqual([]);
    const policy = (await policyOf(phone, toy.id))!;
    expect([policyGeneration(policy), policyCounter(policy)]).toEqual([2, 1]);
    expect((await wishesOf(phone, toy.id))!.volume).toBe(44);
    expect((await listProfiles(phone)).map(({ name }) => name)).toContain('Brumm');
    await home.talk(phone, mum, pi);
    for (const device of [mum, pi]) {
      expect(device.family.roster.head).toEqual(roster.head);
      expect(await policyForToy(device, toy.id)).toEqual(policy);
      expect((await grantOf(device, toy.id))!.generation).toBe(2);
    }
    await changeWishes(mum, toy.id, { volume: 12 });
    await home.talk(mum, phone, pi);
    expect((await wishesOf(phone, toy.id))!.volume).toBe(12);
    expect(home.refused).toEqual([]);
  });

  it('ends for all when another phone uses it, without anybody leaving', async () => {
    await fork();
    await expect(exchange(dad, {})).rejects.toThrow(/^roster-fork$/);
    const phone = await recoverFamily({
      ...home.parts(createKeys(ROLE_ADULT)),
      seed: home.rootSeed.slice(),
      lost: [],
    });
    expect(phone.family.roster.members.size).toBe(5);
    await home.talk(phone, mum, dad, pi);
    for (const device of [mum, dad, pi]) expect(device.family.isForked).toBe(false);
    await changeWishes(dad, toy.id, { volume: 13 });
    await home.talk(dad, phone, mum);
    for (const device of [phone, mum]) expect((await wishesOf(device, toy.id))!.volume).toBe(13);
  });

  it('is overruled by a generation above the one that was seen, whatever the relay shows the root', async () => {
    const first = (await mum.store.list('family', '')).map(({ value }) => value);
    const ahead = await recoverItself(dad);
    expect(ahead.family.roster.generation).toBe(2);
    // A relay that has never heard of the second generation, and would end in a second one again.
    const behind = await runningRelay();
    try {
      const { keys, store, clock } = ahead;
      const { familyId } = ahead.family.roster;
      const relay = behind.relay.url;
      await mailboxOf({ keys: mum.keys, relay, familyId, clock }).createFamily(first);
      const seed = home.rootSeed.slice();
      const again = await recoverFamily({ keys, store, clock, relay, seed, lost: [] });
      expect(again.family.roster.generation).toBe(3);
      expect(again.family.roster.number).toBe(first.length);
      expect((await policyOf(again, toy.id))!.length).toBe(1800);
      expect(await again.family.refresh()).toBe(false);
      const kept = await store.list('family', '');
      expect(kept.length).toBe(first.length + 1);
    } finally {
      await behind.close();
    }
  });
});

describe('a device that was put out', () => {
  it('does not come back by the kit with its old keys', async () => {
    const phone = await recoverItself(mum, [dad.member.id]);
    await expect(recoverItself(dad)).rejects.toThrow(/^roster-member$/);
    await phone.family.refresh();
    expect(phone.family.roster.members.size).toBe(3);
    await home.talk(phone, pi);
  });
});
