// Invitations' pigeonholes on a running relay: how a newcomer and an adult find each other there, and when it ends.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decodeJoinRequest,
  doorSeed,
  encodeJoinRequest,
  INVITATION_S,
  type Invitation,
  openFromInvitation,
  sealForInvitation,
} from '#protocol/family/invitation.ts';
import { ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { PIGEONHOLE_PART_MAX_BYTES, PIGEONHOLES_MAX } from '#protocol/relay/limits.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { GENEROUS_LIMITS, type RunningRelay, runningRelay } from './running.ts';

const mum = testDevice('invitations mum', ROLE_ADULT);
const dad = testDevice('invitations dad', ROLE_ADULT);
const gran = testDevice('invitations gran', ROLE_RELATIVE);
const aunt = testDevice('invitations aunt', ROLE_RELATIVE);
const random = seeded('invitations');

let running: RunningRelay;
let family: ReturnType<typeof testFamily>;
async function start(config: Parameters<typeof runningRelay>[0] = {}): Promise<void> {
  running = await runningRelay(config);
  family = testFamily('invitations', [mum.member, dad.member, gran.member]);
  await running.client(family, mum).createFamily(family.entries);
}
beforeEach(() => start());
afterEach(() => running.close());

const invite = (): Invitation => ({
  invitationId: draw(random, 16),
  secret: draw(random, 32),
  familyId: family.familyId,
  headNumber: family.roster.number,
  head: family.roster.head,
});
const doorKeyOf = (invitation: Invitation) => signKeys(doorSeed(invitation)).publicKey;
const some = (n: number, sizeBytes = 100) => new Uint8Array(sizeBytes).fill(n);

async function opened(): Promise<Invitation> {
  const invitation = invite();
  await running.client(family, mum).openInvitation(invitation.invitationId, doorKeyOf(invitation));
  return invitation;
}

describe('a pigeonhole', () => {
  it('carries a request in and an answer out, sealed, and the newcomer becomes a member', async () => {
    const invitation = await opened();
    const newcomer = running.doorClient(invitation);
    const request = encodeJoinRequest(invitation, aunt.member, 'Aunt Jo', aunt.signer.secret);
    const { invitationId } = invitation;
    const waiting = running.client(family, mum).readInvitationPart(invitationId, 'request', 25);
    const sealed = sealForInvitation(invitation, request, draw(random, 24));
    await newcomer.putInvitationPart(invitationId, 'request', sealed);
    const { member } = decodeJoinRequest(invitation, openFromInvitation(invitation, (await waiting)!));
    expect(member).toEqual(aunt.member);

    const answered = newcomer.readInvitationPart(invitationId, 'answer', 25);
    await running.client(family, mum).putInvitationPart(invitationId, 'answer', some(2));
    expect(await answered).toEqual(some(2));

    family.change([mum.signer], { op: 'add', members: [member] });
    await running.client(family, mum).appendChain(family.familyId, family.entries.slice(1));
    expect((await running.client(family, aunt).readChain(family.familyId, 0)).length).toBe(2);
    await running.client(family, mum).closeInvitation(invitationId);
    await expect(newcomer.readInvitationPart(invitationId, 'answer')).rejects.toThrow('relay-refused');
  });

  it('is empty until something is put in, and any adult’s device may take part', async () => {
    const { invitationId } = await opened();
    expect(await running.client(family, dad).readInvitationPart(invitationId, 'request')).toBeNull();
    await running.client(family, dad).putInvitationPart(invitationId, 'answer', some(1));
    await running.client(family, dad).closeInvitation(invitationId);
    await running.client(family, dad).closeInvitation(invitationId);
    expect(await running.client(family, mum).readInvitationPart(invitationId, 'request')).toBeNull();
    await expect(
      running.client(family, mum).putInvitationPart(invitationId, 'answer', some(1)),
    ).rejects.toThrow('relay-missing');
  });

  it('takes the same again, and nothing else in its place', async () => {
    const invitation = await opened();
    const { invitationId } = invitation;
    await running.client(family, dad).openInvitation(invitationId, doorKeyOf(invitation));
    await expect(running.client(family, mum).openInvitation(invitationId, some(1, 32))).rejects.toThrow(
      'relay-conflict',
    );
    const newcomer = running.doorClient(invitation);
    for (const [client, part] of [
      [newcomer, 'request'],
      [running.client(family, mum), 'answer'],
    ] as const) {
      await client.putInvitationPart(invitationId, part, some(1));
      await client.putInvitationPart(invitationId, part, some(1));
      await expect(client.putInvitationPart(invitationId, part, some(2))).rejects.toThrow('relay-conflict');
    }
  });

  it('takes parts of 4096 bytes and keys of 32, and no others', async () => {
    const invitation = await opened();
    const newcomer = running.doorClient(invitation);
    const { invitationId } = invitation;
    const put = (sizeBytes: number) =>
      newcomer.putInvitationPart(invitationId, 'request', some(1, sizeBytes));
    await expect(put(0)).rejects.toThrow('relay-answer');
    await expect(put(PIGEONHOLE_PART_MAX_BYTES + 1)).rejects.toThrow('relay-answer');
    await put(PIGEONHOLE_PART_MAX_BYTES);
    for (const sizeBytes of [0, 31, 33])
      await expect(
        running.client(family, mum).openInvitation(draw(random, 16), some(1, sizeBytes)),
      ).rejects.toThrow('relay-answer');
    await expect(newcomer.readInvitationPart(invitationId, 'answer', 26)).rejects.toThrow('relay-answer');
  });

  it('lasts 48 hours, also across a restart', async () => {
    const invitation = await opened();
    const { invitationId } = invitation;
    await running.doorClient(invitation).putInvitationPart(invitationId, 'request', some(1));
    await running.restart();
    running.clock.nowMs += (INVITATION_S - 1) * 1000;
    expect(await running.client(family, mum).readInvitationPart(invitationId, 'request')).toEqual(some(1));
    expect(await running.doorClient(invitation).readInvitationPart(invitationId, 'answer')).toBeNull();
    running.clock.nowMs += 1000;
    expect(await running.client(family, mum).readInvitationPart(invitationId, 'request')).toBeNull();
    await expect(running.doorClient(invitation).readInvitationPart(invitationId, 'answer')).rejects.toThrow(
      'relay-refused',
    );
  });

  it('goes with the device that opened it', async () => {
    const invitation = await opened();
    family.change([mum.signer, dad.signer], { op: 'remove', ids: [mum.member.id] });
    await running.client(family, dad).appendChain(family.familyId, family.entries.slice(1));
    await expect(
      running.doorClient(invitation).putInvitationPart(invitation.invitationId, 'request', some(1)),
    ).rejects.toThrow('relay-refused');
  });

  it('is one of 16 at most; closing one makes room', async () => {
    const first = await opened();
    for (let n = 1; n < PIGEONHOLES_MAX; n++) await opened();
    await expect(opened()).rejects.toThrow('relay-full');
    await running.client(family, dad).closeInvitation(first.invitationId);
    await opened();
  });
});

describe('waiting at a pigeonhole', () => {
  beforeEach(async () => {
    await running.close();
    await start({ limits: { ...GENEROUS_LIMITS, sleepersPerDevice: 1 } });
  });

  /** Two waits, of which the later has sent the other home: the one that is left is really waiting. */
  async function wait(read: () => Promise<Uint8Array | null>): Promise<{ result: Uint8Array | null }[]> {
    const ended: { result: Uint8Array | null }[] = [];
    const both = [0, 1].map(() => read().then((result) => ended.push({ result })));
    await Promise.race(both);
    expect(ended).toEqual([{ result: null }]);
    left = Promise.all(both);
    return ended;
  }
  let left: Promise<unknown>;

  it('ends when it is closed, for adults and newcomers, and those do not crowd each other out', async () => {
    const invitation = await opened();
    const { invitationId } = invitation;
    const adult = running.client(family, mum);
    const newcomer = running.doorClient(invitation);
    const atDoor = await wait(() => newcomer.readInvitationPart(invitationId, 'answer', 25));
    const newcomerLeft = left;
    const inside = await wait(() => adult.readInvitationPart(invitationId, 'request', 25));
    expect([atDoor.length, inside.length]).toEqual([1, 1]);
    await adult.closeInvitation(invitationId);
    await Promise.all([newcomerLeft, left]);
    expect([...atDoor, ...inside].map(({ result }) => result)).toEqual([null, null, null, null]);
  });

  it('ends when the relay closes', async () => {
    const { invitationId } = await opened();
    const inside = await wait(() =>
      running.client(family, mum).readInvitationPart(invitationId, 'request', 25),
    );
    await running.restart();
    await left;
    expect(inside[1]).toEqual({ result: null });
  });

  it('is over for an adult who is put out meanwhile', async () => {
    const { invitationId } = await opened();
    const dads = running.client(family, dad);
    await wait(() => dads.readInvitationPart(invitationId, 'request', 25));
    const refused = expect(left).rejects.toThrow('relay-refused');
    family.change([mum.signer, dad.signer], { op: 'remove', ids: [dad.member.id] });
    await running.client(family, mum).appendChain(family.familyId, family.entries.slice(1));
    await running.client(family, mum).closeInvitation(invitationId);
    await refused;
  });
});
