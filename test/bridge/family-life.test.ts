// What a family says to itself beside voices: settings, names, consents, beacons, and who may say them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestBeaconAt, sendBeacon } from '#bridge/beacons.ts';
import { consentsOf, giveConsent } from '#bridge/consents.ts';
import { type Device, PutOut } from '#bridge/device.ts';
import { policyOf, standsOver } from '#bridge/grants.ts';
import { changeWishes, enrolToy, keepPoliciesFresh, wishesOf } from '#bridge/guardian.ts';
import { exchange } from '#bridge/person.ts';
import { listProfiles, setProfile } from '#bridge/profiles.ts';
import { leaveFamily, removeMembers, removeToy } from '#bridge/removal.ts';
import { tell } from '#bridge/telling.ts';
import { NO_TOY, PROFILE } from '#protocol/envelope/content.ts';
import { idText, type Member, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { encodeProfile } from '#protocol/family/profile.ts';
import { findAdult, findBridge, findSender, hasConsent, policyCounter } from '#protocol/policy/policy.ts';
import { testToy } from '#test/support/family.ts';
import { type JoinedFamily, joinedFamily } from '#test/support/joined-family.ts';

let home: JoinedFamily;
let mum: Device;
let dad: Device;
let gran: Device;
let toy: Member;
beforeEach(async () => {
  home = await joinedFamily();
  ({ mum } = home);
  dad = await home.letIn(ROLE_ADULT, 'Dad');
  gran = await home.letIn(ROLE_RELATIVE, 'Gran');
  toy = await home.pair('bear');
  await home.talk(mum, dad, gran);
});
afterEach(() => home.close());

describe('settings', () => {
  it('are changed by person, one at a time, by any adult', async () => {
    const person = gran.member.person!;
    const wish = { person, isAllowed: true, needsApproval: true, rhythm: 3 };
    await changeWishes(dad, toy.id, { senders: [wish], quiet: { from: 1, to: 2 } });
    await home.talk(dad, mum);
    const seen = (await wishesOf(mum, toy.id))!;
    expect(seen.quiet).toEqual({ from: 1, to: 2 });
    expect(seen.senders.find((one) => idText(one.person) === idText(person))).toEqual(wish);
    await changeWishes(mum, toy.id, { senders: [{ ...wish, isAllowed: false }] });
    expect(findSender((await policyOf(mum, toy.id))!, gran.member.signKey!)).toBe(-1);
    expect(findSender((await policyOf(mum, toy.id))!, dad.member.signKey!)).toBeGreaterThanOrEqual(0);
    await expect(changeWishes(gran, toy.id, { volume: 100 })).rejects.toThrow('roster-right');
  });

  it('that two adults change at once end the same everywhere, and are said again', async () => {
    await Promise.all([changeWishes(mum, toy.id, { volume: 10 }), changeWishes(dad, toy.id, { volume: 90 })]);
    const [hers, his] = [(await policyOf(mum, toy.id))!, (await policyOf(dad, toy.id))!];
    expect(policyCounter(hers)).toBe(policyCounter(his));
    const winner = standsOver(hers, his) ? hers : his;
    expect(standsOver(hers, his)).not.toBe(standsOver(his, hers));
    await home.talk(mum, dad);
    await home.talk(mum, dad);
    const last = (await policyOf(mum, toy.id))!;
    expect(await policyOf(dad, toy.id)).toEqual(last);
    expect(policyCounter(last)).toBe(policyCounter(winner) + 1);
    expect((await wishesOf(mum, toy.id))!.volume).toBe(winner === hers ? 10 : 90);
    await keepPoliciesFresh(mum);
    expect(await policyOf(mum, toy.id)).toEqual(last);
  });

  it('that two adults change at once are lost of neither, whoever comes first', async () => {
    const person = gran.member.person!;
    const wish = { person, isAllowed: true, needsApproval: true, rhythm: 5 };
    const pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
    await home.talk(mum, dad, pi);
    for (const [first, second] of [
      [mum, dad],
      [dad, mum],
    ] as const) {
      const volume = first === mum ? 21 : 22;
      const from = first === mum ? 60 : 120;
      await changeWishes(first, toy.id, { volume, senders: [{ ...wish, rhythm: volume % 8 }] });
      home.running.clock.nowMs += 2000;
      await changeWishes(second, toy.id, { quiet: { from, to: 300 } });
      // The second goes on before either has heard of the other.
      await changeWishes(second, toy.id, { hasConsent: first !== mum });
      await home.talk(first, second, first);
      await home.talk(pi);
      const wishes = (await wishesOf(mum, toy.id))!;
      expect(wishes).toMatchObject({ volume, quiet: { from, to: 300 }, hasConsent: first !== mum });
      expect(wishes.senders.find((one) => idText(one.person) === idText(person))).toEqual({
        ...wish,
        rhythm: volume % 8,
      });
      const last = (await policyOf(mum, toy.id))!;
      for (const device of [dad, pi]) expect(await policyOf(device, toy.id)).toEqual(last);
      // And there it ends.
      await home.talk(mum, dad);
      expect(await policyOf(mum, toy.id)).toEqual(last);
    }
    expect(home.refused).toEqual([]);
  });

  it('are said again by the one whose word stands where the other is away', async () => {
    await changeWishes(mum, toy.id, { volume: 10 });
    home.running.clock.nowMs += 2000;
    await changeWishes(dad, toy.id, { volume: 90 });
    await exchange(mum, {});
    await home.talk(dad);
    const tied = policyCounter((await policyOf(dad, toy.id))!);
    await home.talk(dad);
    expect(policyCounter((await policyOf(dad, toy.id))!)).toBe(tied);
    home.running.clock.nowMs += 600_000;
    await home.talk(dad);
    expect(policyCounter((await policyOf(dad, toy.id))!)).toBe(tied + 1);
    await home.talk(mum, dad);
    expect(await policyOf(mum, toy.id)).toEqual(await policyOf(dad, toy.id));
    expect((await wishesOf(mum, toy.id))!.volume).toBe(90);
  });
});

describe('names', () => {
  it('reach everybody, the newest stands, and a relative names nobody else', async () => {
    await setProfile(mum, { kind: 'toy', id: toy.id, name: 'Brumm', picture: null });
    await setProfile(gran, { kind: 'person', id: gran.member.person!, name: 'Granny', picture: null });
    await home.talk(mum, gran, dad);
    for (const device of [mum, dad, gran]) {
      const names = (await listProfiles(device)).map(({ name }) => name);
      expect(names).toContain('Brumm');
      expect(names).toContain('Granny');
      expect(names).not.toContain('Gran');
    }
    const theft = { kind: 'person', id: mum.member.person!, name: 'Nobody', picture: null } as const;
    await expect(setProfile(gran, theft)).rejects.toThrow('roster-right');
    // Her own program does not ask.
    await tell(gran, { kind: PROFILE, toyId: NO_TOY, extra: encodeProfile({ ...theft, at: 4_000_000_000 }) });
    await home.talk(gran, mum, dad);
    expect(home.refused.map((line) => line.split(' ')[1])).toEqual(['roster-right', 'roster-right']);
    expect((await listProfiles(mum)).map(({ name }) => name)).not.toContain('Nobody');
    // Sealed where they are kept, and at the relay.
    for (const { value } of await mum.store.list('profiles', ''))
      expect(Buffer.from(value).includes('Brumm')).toBe(false);
  });
});

describe('consent', () => {
  it('is kept by all adults with its date, and is what the toy obeys', async () => {
    const words = new Uint8Array(32).fill(6);
    await giveConsent(dad, toy.id, false, words);
    await home.talk(dad, mum);
    home.running.clock.nowMs += 60_000;
    await giveConsent(mum, toy.id, true, words);
    await home.talk(mum, dad);
    for (const device of [mum, dad]) {
      const given = await consentsOf(device, toy.id);
      expect(given.map(({ isGiven }) => isGiven)).toEqual([false, true]);
      expect(given[0]!.person).toEqual(dad.member.person);
      expect(hasConsent((await policyOf(device, toy.id))!)).toBe(true);
    }
    await expect(giveConsent(gran, toy.id, true, words)).rejects.toThrow('roster-right');
    // A third adult takes two, or the kit; what was said before is told.
    const aunt = await home.letIn(ROLE_ADULT, 'Aunt', { adult: dad, seed: home.rootSeed.slice() });
    await home.talk(dad, aunt);
    expect(await consentsOf(aunt, toy.id)).toEqual(await consentsOf(dad, toy.id));
  });
});

describe('a beacon', () => {
  it('says to all which head an adult sees, once a day', async () => {
    const at = mum.nowS();
    expect(await newestBeaconAt(gran)).toBe(at);
    home.running.clock.nowMs += 3 * 86_400_000;
    await home.talk(mum, dad, gran);
    expect(await newestBeaconAt(gran)).toBe(at + 3 * 86_400);
    expect(await newestBeaconAt(mum)).toBe(at + 3 * 86_400);
  });

  it('that names another head is a fork: the device stops and stays so', async () => {
    const heads = [...mum.family.roster.heads];
    heads[heads.length - 1] = new Uint8Array(32).fill(9);
    const roster = { ...mum.family.roster, head: heads.at(-1)!, heads };
    await sendBeacon({ ...mum, family: { ...mum.family, roster } });
    await exchange(mum, {});
    await expect(exchange(dad, {})).resolves.toBeUndefined();
    expect(dad.family.isForked).toBe(true);
    await expect(exchange(dad, {})).rejects.toThrow('roster-fork');
    await expect(setProfile(dad, { kind: 'toy', id: toy.id, name: 'X', picture: null })).rejects.toThrow(
      'roster-fork',
    );
  });
});

describe('the chain', () => {
  it('is the same on a device that asks for it while it writes to it', async () => {
    const toys = ['lion', 'rabbit', 'duck'].map((seed) => testToy(seed).linkKey!);
    const asked = toys.flatMap((key) => [enrolToy(mum, key), mum.family.refresh(), mum.family.refresh()]);
    await Promise.all(asked);
    await mum.family.refresh();
    await dad.family.refresh();
    expect(mum.family.roster.head).toEqual(dad.family.roster.head);
    expect(await mum.store.list('family', '')).toEqual(await dad.store.list('family', ''));
    expect(mum.family.roster.members.size).toBe(7);
  });
});

describe('going', () => {
  it('leaves nothing to the removed phone, and no place in any policy', async () => {
    const pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
    await home.talk(mum, pi);
    await removeMembers(mum, [gran.member.id, pi.member.id]);
    const policy = (await policyOf(mum, toy.id))!;
    expect(findSender(policy, gran.member.signKey!)).toBe(-1);
    expect(findBridge(policy, pi.member.linkKey!)).toBe(-1);
    await home.talk(mum);
    await expect(exchange(gran, {})).rejects.toThrow(PutOut);
    expect(await leaveFamily(dad)).toBe('left');
    expect(await leaveFamily(mum)).toBe('last');
    // The next round finds it.
    await home.talk(mum);
    expect(findAdult((await policyOf(mum, toy.id))!, dad.member.signKey!)).toBe(-1);
    await removeToy(mum, toy.id);
    expect(await policyOf(mum, toy.id)).toBeNull();
    expect(mum.family.roster.members.has(idText(toy.id))).toBe(false);
  });

  it('is for everybody to do, and the toy forgets who has gone', async () => {
    const pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
    await home.talk(mum, dad, pi);
    expect(findSender((await policyOf(mum, toy.id))!, gran.member.signKey!)).toBeGreaterThanOrEqual(0);
    expect(await leaveFamily(gran)).toBe('left');
    expect(await leaveFamily(gran)).toBe('left');
    expect(await leaveFamily(pi)).toBe('left');
    await expect(exchange(pi, {})).rejects.toThrow(PutOut);
    await home.talk(mum, dad);
    for (const device of [mum, dad]) {
      const policy = (await policyOf(device, toy.id))!;
      expect(findSender(policy, gran.member.signKey!)).toBe(-1);
      expect(findBridge(policy, pi.member.linkKey!)).toBe(-1);
      expect(device.family.roster.members.size).toBe(3);
    }
  });

  it('is not for a relative to decide of others', async () => {
    await expect(removeMembers(gran, [mum.member.id])).rejects.toThrow('roster-right');
  });
});
