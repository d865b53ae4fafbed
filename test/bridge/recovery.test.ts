// All phones lost, the kit in hand: the family goes on with a new phone, and the old ones are worth nothing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, PutOut } from '#bridge/device.ts';
import { grantOf, linkedToys, nearKey, policyForToy, policyOf } from '#bridge/grants.ts';
import { changeWishes, wishesOf } from '#bridge/guardian.ts';
import { createKeys } from '#bridge/keys.ts';
import { exchange } from '#bridge/person.ts';
import { listProfiles, setProfile } from '#bridge/profiles.ts';
import { lookUpFamily, missingToys, recoverFamily, removeWithKit, successorOf } from '#bridge/recovery.ts';
import { needKit, removeMembers } from '#bridge/removal.ts';
import { keepSafe } from '#bridge/safe.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { checkPolicy, policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { type JoinedFamily, joinedFamily } from '#test/support/joined-family.ts';

let home: JoinedFamily;
let pi: Device;
beforeEach(async () => {
  home = await joinedFamily();
  pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
});
afterEach(() => home.close());

async function recover(lost: Uint8Array[] | null): Promise<Device> {
  return recoverFamily({ ...home.parts(createKeys(ROLE_ADULT)), seed: home.rootSeed.slice(), lost });
}

describe('recovery', () => {
  it('shows the family that the kit is of, before anything is changed', async () => {
    const kit = { seed: home.rootSeed, relay: home.running.relay.url, clock: home.clock };
    const { roster } = await lookUpFamily(kit);
    expect([...roster.members.keys()].sort()).toEqual([...home.mum.family.roster.members.keys()].sort());
    const stranger = { ...kit, seed: new Uint8Array(32).fill(1) };
    await expect(lookUpFamily(stranger)).rejects.toThrow(/^relay-missing$/);
  });

  it('gives the new phone what the lost one had, and the toys a policy that they obey', async () => {
    const { mum } = home;
    const toy = await home.pair('bear');
    await setProfile(mum, { kind: 'toy', id: toy.id, name: 'Brumm', picture: null });
    await changeWishes(mum, toy.id, { volume: 33, quiet: { from: 1200, to: 360 } });
    await home.talk(mum, pi);
    const before = (await policyOf(mum, toy.id))!;
    const hers = (await grantOf(mum, toy.id))!;
    const seed = home.rootSeed.slice();
    const phone = await recoverFamily({ ...home.parts(createKeys(ROLE_ADULT)), seed, lost: null });
    expect(seed).toEqual(new Uint8Array(32));
    expect(memberOf(phone.family.roster, mum.member.id)).toBeUndefined();
    expect(memberOf(phone.family.roster, pi.member.id)).toBeDefined();
    const grant = (await grantOf(phone, toy.id))!;
    expect([grant.toyRoot, grant.clipSecret]).toEqual([hers.toyRoot, hers.clipSecret]);
    const policy = (await policyOf(phone, toy.id))!;
    expect([policyGeneration(policy), policyCounter(policy)]).toEqual([2, 1]);
    // As the toy, which has the old one, judges it.
    checkPolicy(createPrimitives(), policy, before, toy.id, phone.family.roster.rootKey, null);
    expect(await wishesOf(phone, toy.id)).toMatchObject({
      volume: 33,
      quiet: { from: 1200, to: 360 },
      senders: [{ person: phone.member.person, isAllowed: true }],
    });
    expect((await listProfiles(phone)).map(({ name }) => name).sort()).toEqual(['Brumm', 'Kitchen']);
    await home.talk(phone, pi);
    expect(await policyForToy(pi, toy.id)).toEqual(policy);
    const [linked] = await linkedToys(pi);
    expect(linked!.nearKey).toEqual(nearKey(hers.toyRoot!, 2));
    expect(linked!.formerNearKey).toEqual(nearKey(hers.toyRoot!, 1));
    // From now on by its own signature.
    await changeWishes(phone, toy.id, { volume: 50 });
    const next = (await policyOf(phone, toy.id))!;
    checkPolicy(createPrimitives(), next, policy, toy.id, phone.family.roster.rootKey, null);
    await home.talk(phone, pi);
    expect(await policyForToy(pi, toy.id)).toEqual(next);
    expect(home.refused).toEqual([]);
    await expect(exchange(mum, {})).rejects.toThrow(PutOut);
    await expect(mum.mailbox.listMailbox(0, 1)).rejects.toThrow('relay-refused');
  });

  it('keeps the adults who have lost nothing, and they go on', async () => {
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    const toy = await home.pair('bear');
    await home.talk(home.mum, dad, pi);
    const phone = await recover([home.mum.member.id]);
    await home.talk(phone, dad, pi);
    expect(dad.family.roster.generation).toBe(2);
    expect(await policyOf(dad, toy.id)).toEqual(await policyOf(phone, toy.id));
    await changeWishes(dad, toy.id, { volume: 12 });
    await home.talk(dad, phone);
    expect((await wishesOf(phone, toy.id))!.volume).toBe(12);
    expect(home.refused).toEqual([]);
  });

  it('works without a safe: the toys must be paired anew', async () => {
    const toy = await home.pair('bear');
    const phone = await recover(null);
    expect(await grantOf(phone, toy.id)).toBeNull();
    await expect(changeWishes(phone, toy.id, { volume: 3 })).rejects.toThrow('roster-right');
    await removeMembers(phone, [toy.id]);
    const again = await home.pair('lion', phone);
    await keepSafe(phone);
    expect(policyGeneration((await policyOf(phone, again.id))!)).toBe(2);
    const second = await recover(null);
    expect((await grantOf(second, again.id))!.toyRoot).not.toBeNull();
  });
});

describe('a relay with an old safe', () => {
  it('hides no toy: what is not in it is named, by its id', async () => {
    const first = await home.pair('bear');
    await keepSafe(home.mum);
    const old = (await home.mum.mailbox.readSafe())!;
    const second = await home.pair('lion');
    await keepSafe(home.mum);
    await home.mum.mailbox.putSafe(old);
    const phone = await recover(null);
    expect((await grantOf(phone, first.id))!.toyRoot).not.toBeNull();
    expect(await missingToys(phone)).toEqual([second.id]);
    expect(await missingToys(home.mum)).toEqual([]);
    // Nothing is put over what others may still know, until the toy is out.
    await keepSafe(phone);
    expect(await phone.mailbox.readSafe()).toEqual(old);
    await removeMembers(phone, [second.id]);
    expect(await missingToys(phone)).toEqual([]);
    await keepSafe(phone);
    expect(await phone.mailbox.readSafe()).not.toEqual(old);
  });

  it('that has none names them all', async () => {
    const toy = await home.pair('bear');
    const phone = await recover(null);
    expect(await missingToys(phone)).toEqual([toy.id]);
  });
});

describe('the person of a recovered phone', () => {
  it('is whoever lost all phones, and nobody where that cannot be told', async () => {
    const { mum } = home;
    const tablet = { ...mum.member, id: new Uint8Array(16) };
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    expect(successorOf([mum.member, tablet])).toEqual(mum.member.person);
    expect(successorOf([mum.member, dad.member])).toBeNull();
    expect(successorOf([])).toBeNull();
  });
});

describe('the kit', () => {
  it('puts an adult out where one adult alone may not', async () => {
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    await home.pair('bear');
    await home.talk(home.mum, dad, pi);
    await expect(removeMembers(home.mum, [dad.member.id])).rejects.toThrow('roster-right');
    expect(needKit(home.mum, [dad.member.id, pi.member.id])).toEqual([dad.member.id]);
    await expect(removeWithKit(home.mum, [dad.member.id], new Uint8Array(32))).rejects.toThrow(
      'recovery-words',
    );
    const seed = home.rootSeed.slice();
    await removeWithKit(home.mum, [dad.member.id], seed);
    expect(seed).toEqual(new Uint8Array(32));
    expect(home.mum.family.roster.members.has(idText(dad.member.id))).toBe(false);
    await expect(exchange(dad, {})).rejects.toThrow(PutOut);
  });
});
