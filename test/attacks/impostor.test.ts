// Somebody with an invitation, even the one that was meant for them, who says that they are a person of the family.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '#bridge/device.ts';
import { mailboxFor } from '#bridge/device.ts';
import {
  admitNewcomer,
  awaitNewcomer,
  closeInvitation,
  keysByInvitation,
  type OpenInvitation,
  openInvitation,
} from '#bridge/joining.ts';
import { createKeys, type DeviceKeys, memberOfKeys } from '#bridge/keys.ts';
import { removeMembers } from '#bridge/removal.ts';
import {
  doorSeed,
  encodeJoinRequest,
  type Invitation,
  sealForInvitation,
} from '#protocol/family/invitation.ts';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { doorKeyId } from '#protocol/relay/key-id.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { type JoinedFamily, joinedFamily } from '#test/support/joined-family.ts';

const NEVER = new AbortController().signal;

let home: JoinedFamily;
let mum: Device;
beforeEach(async () => {
  home = await joinedFamily();
  ({ mum } = home);
});
afterEach(() => home.close());

/** Asks by a program of its own, with whatever keys. */
async function ask(invitation: Invitation, keys: DeviceKeys): Promise<void> {
  const parts = home.parts(keys);
  const door = mailboxFor(
    parts,
    doorKeyId(invitation.familyId, invitation.invitationId),
    doorSeed(invitation),
  );
  const { secret } = signKeys(keys.signSeed);
  const request = encodeJoinRequest(invitation, memberOfKeys(keys), 'Mum', secret);
  const sealed = sealForInvitation(invitation, request, sodium.randombytes_buf(24));
  await door.putInvitationPart(invitation.invitationId, 'request', sealed);
}

/** Nobody is shown any words, and nobody is let in. */
async function expectRefused(adult: Device, open: OpenInvitation, keys: DeviceKeys): Promise<void> {
  const size = adult.family.roster.members.size;
  await ask(open.invitation, keys);
  await expect(awaitNewcomer(adult, open, NEVER)).rejects.toThrow(/^invitation-person$/);
  const forged = { member: memberOfKeys(keys), name: 'Mum', words: [] };
  await expect(admitNewcomer(adult, open, forged)).rejects.toThrow(/^invitation-person$/);
  await closeInvitation(adult, open);
  await adult.family.refresh();
  expect(adult.family.roster.members.size).toBe(size);
}

describe('a newcomer who claims to be mum', () => {
  it('is refused by an invitation for somebody new, in any role', async () => {
    const { person } = mum.member;
    for (const role of [ROLE_ADULT, ROLE_RELATIVE] as const) {
      const open = await openInvitation(mum);
      await expectRefused(mum, open, { ...createKeys(role), person });
    }
  });

  it('is refused by an invitation for dad’s other phone, as is everybody but dad', async () => {
    const dad = await home.letIn(ROLE_ADULT, 'Dad');
    const impostors = [
      { ...createKeys(ROLE_ADULT), person: mum.member.person },
      { ...createKeys(ROLE_RELATIVE), person: dad.member.person },
      createKeys(ROLE_ADULT),
      createKeys(ROLE_BRIDGE),
    ];
    for (const keys of impostors) {
      const open = await openInvitation(dad, { person: dad.member.person! });
      await expectRefused(dad, open, keys);
    }
    const open = await openInvitation(dad, { person: dad.member.person! });
    await ask(open.invitation, keysByInvitation(createKeys(ROLE_ADULT), open.invitation));
    expect((await awaitNewcomer(dad, open, NEVER)).member.person).toEqual(dad.member.person);
  });

  it('is refused as somebody who has left, whose name the family still knows', async () => {
    const gran = await home.letIn(ROLE_RELATIVE, 'Gran');
    await removeMembers(mum, [gran.member.id]);
    const open = await openInvitation(mum);
    await expectRefused(mum, open, { ...createKeys(ROLE_RELATIVE), person: gran.member.person });
  });

  it('makes no invitation of its own: a changed one opens no door', async () => {
    const { invitation } = await openInvitation(mum);
    // The person is not for the relay, nor for the words: it is the adult who remembers whom it invited.
    const changed = { ...invitation, person: mum.member.person! };
    await ask(changed, keysByInvitation(createKeys(ROLE_ADULT), changed));
    await expect(awaitNewcomer(mum, { invitation, expiresAt: mum.nowS() + 60 }, NEVER)).rejects.toThrow(
      /^invitation-person$/,
    );
  });
});
