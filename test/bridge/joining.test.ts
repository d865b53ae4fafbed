// Joining through the relay's pigeonhole: both screens show the same words, and who is let in knows toys, names and people.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantOf, policyOf } from '#bridge/grants.ts';
import { changeWishes, wishesOf } from '#bridge/guardian.ts';
import {
  admitNewcomer,
  askToJoin,
  awaitAdmission,
  awaitNewcomer,
  closeInvitation,
  openInvitation,
} from '#bridge/joining.ts';
import { createKeys } from '#bridge/keys.ts';
import { listProfiles, setProfile } from '#bridge/profiles.ts';
import { INVITATION_S } from '#protocol/family/invitation.ts';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { bridgeCount, findAdult, findBridge, findSender } from '#protocol/policy/policy.ts';
import { type JoinedFamily, joinedFamily } from '#test/support/joined-family.ts';

const NEVER = new AbortController().signal;

let home: JoinedFamily;
beforeEach(async () => {
  home = await joinedFamily();
});
afterEach(() => home.close());

describe('a newcomer', () => {
  it('who is an adult gets the toys’ secrets, policies and all names, and may change settings', async () => {
    const { mum } = home;
    const toy = await home.pair('bear');
    await setProfile(mum, { kind: 'toy', id: toy.id, name: 'Brumm', picture: null });
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    await home.talk(mum, dad);
    const [his, hers] = [(await grantOf(dad, toy.id))!, (await grantOf(mum, toy.id))!];
    expect(his.toyRoot).toEqual(hers.toyRoot);
    expect(his.clipSecret).toEqual(hers.clipSecret);
    expect(his.deviceId).toEqual(dad.member.id);
    expect(his.linkPsk).not.toEqual(hers.linkPsk);
    const policy = (await policyOf(dad, toy.id))!;
    expect(policy).toEqual(await policyOf(mum, toy.id));
    expect(findAdult(policy, dad.member.signKey!)).toBeGreaterThanOrEqual(0);
    expect(findSender(policy, dad.member.signKey!)).toBeGreaterThanOrEqual(0);
    // Phones are bridges, too.
    expect(findBridge(policy, dad.member.linkKey!)).toBeGreaterThanOrEqual(0);
    expect(findBridge(policy, mum.member.linkKey!)).toBeGreaterThanOrEqual(0);
    expect((await listProfiles(dad)).map(({ name }) => name).sort()).toEqual(['Brumm', 'Dad']);
    await changeWishes(dad, toy.id, { volume: 20 });
    await home.talk(dad, mum);
    expect((await wishesOf(mum, toy.id))!.volume).toBe(20);
    expect(home.refused).toEqual([]);
  });

  it('who is a relative may speak, with approval if the adult wants it, and gets names but no secrets', async () => {
    const { mum } = home;
    const toy = await home.pair('bear');
    const gran = await home.letIn(ROLE_RELATIVE, 'Gran', { needsApproval: true });
    await home.talk(mum, gran);
    const wish = (await wishesOf(mum, toy.id))!.senders.find(
      ({ person }) => String(person) === String(gran.member.person),
    );
    expect(wish).toMatchObject({ isAllowed: true, needsApproval: true });
    expect(await grantOf(gran, toy.id)).toBeNull();
    expect(await policyOf(gran, toy.id)).toBeNull();
    expect((await listProfiles(gran)).map(({ name }) => name)).toEqual(['Gran']);
  });

  it('who is a bridge comes before the phones in a policy, and gets no root', async () => {
    const { mum } = home;
    const toy = await home.pair('bear');
    const pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
    await home.talk(mum, pi);
    const policy = (await policyOf(pi, toy.id))!;
    expect(bridgeCount(policy)).toBe(2);
    expect(findBridge(policy, pi.member.linkKey!)).toBe(0);
    expect((await grantOf(pi, toy.id))!.toyRoot).toBeNull();
    expect((await grantOf(pi, toy.id))!.linkPsk).not.toBeNull();
  });
});

describe('a person’s other phone', () => {
  it('comes as the same person, an adult, with one adult’s word, and may what the first may', async () => {
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    const toy = await home.pair('bear');
    await home.talk(home.mum, dad);
    const { person } = dad.member;
    // Dad's own: nobody else is asked. The newcomer's program thought of a relative.
    const phone = await home.letIn(ROLE_RELATIVE, 'Tablet', { adult: dad, person: person! });
    expect(phone.member).toMatchObject({ role: ROLE_ADULT, person });
    expect(phone.keys).toMatchObject({ role: ROLE_ADULT, person });
    await home.talk(dad, phone, home.mum);
    expect((await listProfiles(phone)).map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'device Tablet',
      'person Dad',
    ]);
    const policy = (await policyOf(phone, toy.id))!;
    for (const { member } of [dad, phone]) {
      expect(findAdult(policy, member.signKey!)).toBeGreaterThanOrEqual(0);
      expect(findSender(policy, member.signKey!)).toBeGreaterThanOrEqual(0);
    }
    await changeWishes(phone, toy.id, { volume: 11 });
    await home.talk(phone, home.mum);
    expect((await wishesOf(home.mum, toy.id))!.volume).toBe(11);
    expect(home.refused).toEqual([]);
  });

  it('is nobody else’s to invite', async () => {
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    await expect(openInvitation(dad, { person: home.mum.member.person! })).rejects.toThrow(/^roster-right$/);
  });
});

describe('an invitation', () => {
  it('lets one newcomer ask, again and again, and no other', async () => {
    const open = await openInvitation(home.mum);
    const first = home.parts(createKeys(ROLE_RELATIVE));
    const stop = new AbortController();
    const asking = askToJoin(first, open.invitation, 'Gran', stop.signal);
    const { name, words } = await awaitNewcomer(home.mum, open, NEVER);
    expect(name).toBe('Gran');
    expect((await asking).words).toEqual(words);
    // As after a restart.
    expect((await askToJoin(first, open.invitation, 'Gran', NEVER)).words).toEqual(words);
    const second = home.parts(createKeys(ROLE_RELATIVE));
    await expect(askToJoin(second, open.invitation, 'Eve', NEVER)).rejects.toThrow(/^invitation-used$/);
  });

  it('is worth nothing when it was taken back, or is too old', async () => {
    const open = await openInvitation(home.mum);
    const fresh = home.parts(createKeys(ROLE_RELATIVE));
    const asked = Promise.all([
      awaitNewcomer(home.mum, open, NEVER),
      askToJoin(fresh, open.invitation, 'Gran', NEVER),
    ]);
    await asked;
    await closeInvitation(home.mum, open);
    await expect(awaitAdmission(fresh, open.invitation, NEVER)).rejects.toThrow(/^invitation-expired$/);
    const late = await openInvitation(home.mum);
    home.running.clock.nowMs += INVITATION_S * 1000;
    await expect(awaitNewcomer(home.mum, late, NEVER)).rejects.toThrow(/^invitation-expired$/);
    const other = home.parts(createKeys(ROLE_RELATIVE));
    await expect(askToJoin(other, late.invitation, 'Gran', NEVER)).rejects.toThrow(/^invitation-expired$/);
  });

  it('is waited for until somebody stops it', async () => {
    const open = await openInvitation(home.mum);
    const stop = new AbortController();
    const waiting = awaitNewcomer(home.mum, open, stop.signal);
    const fresh = home.parts(createKeys(ROLE_ADULT));
    const asking = askToJoin(fresh, open.invitation, 'Dad', NEVER);
    const newcomer = await waiting;
    await asking;
    const admission = awaitAdmission(fresh, open.invitation, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(admission).rejects.toThrow('stopped');
    // Let in meanwhile: found when it looks again.
    await admitNewcomer(home.mum, open, newcomer);
    const device = await awaitAdmission(fresh, open.invitation, NEVER);
    expect(device.family.roster.members.size).toBe(2);
  });
});
