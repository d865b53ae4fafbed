// Joining a family through a pigeonhole at the relay: an adult's device opens it, the newcomer asks there, and both screens show the same six
// words before the adult lets it in.
import { same } from '#protocol/bytes.ts';
import { memberOf } from '#protocol/family/chain.ts';
import {
  comparedWords,
  decodeJoinAnswer,
  decodeJoinRequest,
  doorSeed,
  encodeJoinAnswer,
  encodeJoinRequest,
  INVITATION_S,
  type Invitation,
  type JoinAnswer,
  openFromInvitation,
  pinOfInvitation,
  requireInvitedPerson,
  sealForInvitation,
} from '#protocol/family/invitation.ts';
import { idText, type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { doorKeyId } from '#protocol/relay/key-id.ts';
import { WAIT_MAX_S } from '#protocol/relay/limits.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { backoffMs } from './clock.ts';
import { payDebts } from './debts.ts';
import { type Device, mailboxFor } from './device.ts';
import { admit, invite, join, type NewDevice } from './founding.ts';
import { tellToys } from './guardian.ts';
import { type DeviceKeys, memberOfKeys } from './keys.ts';
import { type Mailbox, RelayUnreachable } from './mailbox.ts';
import { listProfiles, setProfile } from './profiles.ts';

/** `asked/<invitation>`: the request as it was sealed, so that asking again is asking the same. */
const ASKED = 'asked/';
/** How often a newcomer looks whether it was let in. */
const LOOK_MS = 1_500;
/** How long an adult's device waits for the first prekeys of somebody whom it has just let in. */
const PREKEYS_TRIES = 12;
const PREKEYS_MS = 1_000;

export interface OpenInvitation {
  invitation: Invitation;
  /** Unix seconds. */
  expiresAt: number;
}

/** Somebody who has asked. */
export interface Newcomer {
  member: Member;
  /** What it calls itself. */
  name: string;
  /** Six, to be compared with those on its screen. */
  words: string[];
}

/** What an adult decides about a newcomer beyond letting it in. */
export interface Admission {
  /** An adult must say yes to each of a relative's messages. False if left out. */
  needsApproval?: boolean;
  /** The recovery kit's seed, for another adult where one adult alone may not let it in; it is overwritten. */
  seed?: Uint8Array;
}

/**
 * Invites somebody, who has 48 h to ask. `person`: it is for this adult's own other phone, and for nothing else. Faults of the relay; `relay-full`
 * while too many invitations are open; `roster-right` for the person of somebody else.
 */
export async function openInvitation(
  adult: Device,
  { person }: { person?: Uint8Array } = {},
): Promise<OpenInvitation> {
  const own = adult.member.person;
  if (person !== undefined && (own === null || !same(person, own))) throw fault('roster-right');
  await adult.family.refresh();
  const invitation = invite(adult, person);
  await adult.mailbox.openInvitation(invitation.invitationId, signKeys(doorSeed(invitation)).publicKey);
  return { invitation, expiresAt: adult.nowS() + INVITATION_S };
}

/** Takes an invitation back; who has asked by it is told that it is gone. */
export async function closeInvitation(adult: Device, open: OpenInvitation): Promise<void> {
  await adult.mailbox.closeInvitation(open.invitation.invitationId);
}

/**
 * Resolves when a newcomer has asked, and has been answered; its words can be compared then. To be called once for an invitation. Rejects
 * with the signal's reason; faults: `invitation-expired`; `invitation-form` for what is no request; `invitation-person` for who claims to be
 * somebody else than was invited.
 */
export async function awaitNewcomer(
  adult: Device,
  open: OpenInvitation,
  signal: AbortSignal,
): Promise<Newcomer> {
  const { invitation, expiresAt } = open;
  const { invitationId, familyId } = invitation;
  const bytes = await untilThere(adult, signal, () => {
    if (adult.nowS() >= expiresAt) throw fault('invitation-expired');
    return adult.mailbox.readInvitationPart(invitationId, 'request', WAIT_MAX_S);
  });
  const { member, name } = decodeJoinRequest(invitation, openFromInvitation(invitation, bytes));
  await adult.family.refresh();
  await requireInvited(adult, invitation, member);
  const { number: headNumber, head } = adult.family.roster;
  const answer: JoinAnswer = { adult: adult.member, headNumber, head, nonce: sodium.randombytes_buf(16) };
  const sealed = sealForInvitation(invitation, encodeJoinAnswer(answer), sodium.randombytes_buf(24));
  await untilThere(adult, signal, async () => {
    await adult.mailbox.putInvitationPart(invitationId, 'answer', sealed);
    return sealed;
  });
  return { member, name, words: comparedWords(familyId, answer, member) };
}

/**
 * The people have compared the words: lets exactly these keys in, gives them name, toys and what else the family knows, and closes the
 * invitation. Faults as `Family.append`; `invitation-person`.
 */
export async function admitNewcomer(
  adult: Device,
  open: OpenInvitation,
  { member, name }: Newcomer,
  { needsApproval = false, seed }: Admission = {},
): Promise<void> {
  await adult.family.refresh();
  await requireInvited(adult, open.invitation, member);
  const { person } = member;
  const isNewPerson = person !== null && open.invitation.person === undefined;
  await admit(adult, [member], seed);
  const named = isNewPerson
    ? { kind: 'person' as const, id: person }
    : { kind: 'device' as const, id: member.id };
  await setProfile(adult, { ...named, name, picture: null });
  await tellToys(adult, isNewPerson ? { person, isAllowed: true, needsApproval } : undefined);
  await closeInvitation(adult, open);
  // It publishes its prekeys as soon as it sees that it is in: what it is owed need not wait for the next round.
  for (let i = 0; i < PREKEYS_TRIES; i++) {
    const [bundle] = await adult.mailbox.readPrekeys([member.id]);
    if (bundle !== undefined) return payDebts(adult);
    await adult.clock.sleep(PREKEYS_MS);
  }
}

/**
 * The keys by which a newcomer asks: those that it has made, or, where the invitation is for a person's other phone, these as that person's. What is
 * kept of a newcomer must be this.
 */
export function keysByInvitation(keys: DeviceKeys, { person }: Invitation): DeviceKeys {
  return person === undefined ? keys : { ...keys, role: ROLE_ADULT, person };
}

/** Somebody asks to be whom the invitation is for. Who is in already may be let in again. Fault `invitation-person`. */
async function requireInvited(adult: Device, invitation: Invitation, member: Member): Promise<void> {
  const { roster } = adult.family;
  if (memberOf(roster, member.id) !== undefined) return;
  const persons = [...roster.members.values()].flatMap(({ person }) => person ?? []);
  const named = (await listProfiles(adult)).filter(({ kind }) => kind === 'person').map(({ id }) => id);
  requireInvitedPerson(invitation, member, [...persons, ...named]);
}

/**
 * The newcomer asks and waits for the answer; then its screen can show the six words. Asking again, after a restart too, asks the same. Rejects
 * with the signal's reason; faults: `invitation-used` (somebody else has asked by it), `invitation-expired` (it is gone),
 * `invitation-form`.
 */
export async function askToJoin(
  newDevice: NewDevice,
  invitation: Invitation,
  name: string,
  signal: AbortSignal,
): Promise<{ words: string[] }> {
  const { invitationId, familyId } = invitation;
  const parts = { ...newDevice, keys: keysByInvitation(newDevice.keys, invitation) };
  const door = doorOf(parts, invitation);
  const request = await requestOf(parts, invitation, name);
  const sealed = await atDoor(
    untilThere(parts, signal, async () => {
      await door.putInvitationPart(invitationId, 'request', request);
      return door.readInvitationPart(invitationId, 'answer', WAIT_MAX_S);
    }),
  );
  const answer = decodeJoinAnswer(openFromInvitation(invitation, sealed));
  return { words: comparedWords(familyId, answer, memberOfKeys(parts.keys)) };
}

/**
 * Waits until an adult has let this device in, and joins. Rejects with the signal's reason; faults: `invitation-expired` when the adult has
 * closed the invitation without; those of `acceptChain`.
 */
export async function awaitAdmission(
  newDevice: NewDevice,
  invitation: Invitation,
  signal: AbortSignal,
): Promise<Device> {
  const parts = { ...newDevice, keys: keysByInvitation(newDevice.keys, invitation) };
  const door = doorOf(parts, invitation);
  return untilThere(parts, signal, async () => {
    // Asked first: who is let in between the two is found in the family.
    const isOpen = await door.readInvitationPart(invitation.invitationId, 'answer').then(
      () => true,
      (error: Error) => (error.message === 'relay-refused' ? false : Promise.reject(error)),
    );
    try {
      const device = await join(parts, pinOfInvitation(invitation));
      if (memberOf(device.family.roster, device.member.id) === undefined) throw fault('roster-member');
      await parts.store.write([{ collection: 'marks', key: keyOf(invitation), value: null }]);
      return device;
    } catch (error) {
      // The relay knows no device that is not in the chain.
      if ((error as Error).message !== 'relay-refused') throw error;
      if (!isOpen) throw fault('invitation-expired');
      await parts.clock.sleep(LOOK_MS, signal);
      return null;
    }
  });
}

/** The pigeonhole as the newcomer reaches it, who is no member yet. */
function doorOf(parts: NewDevice, invitation: Invitation): Mailbox {
  const keyId = doorKeyId(invitation.familyId, invitation.invitationId);
  return mailboxFor(parts, keyId, doorSeed(invitation));
}

async function requestOf(parts: NewDevice, invitation: Invitation, name: string): Promise<Uint8Array> {
  const key = keyOf(invitation);
  const known = await parts.store.get('marks', key);
  if (known !== undefined) return known;
  const { id: _, ...candidate } = memberOfKeys(parts.keys);
  const bytes = encodeJoinRequest(invitation, candidate, name, signKeys(parts.keys.signSeed).secret);
  const value = sealForInvitation(invitation, bytes, sodium.randombytes_buf(24));
  await parts.store.write([{ collection: 'marks', key, value }]);
  return value;
}

function keyOf({ invitationId }: Invitation): string {
  return ASKED + idText(invitationId);
}

async function atDoor<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as Error).message;
    if (code === 'relay-conflict') throw fault('invitation-used');
    throw code === 'relay-refused' ? fault('invitation-expired') : error;
  }
}

/** Asks until there is something. Waits longer and longer while no relay answers, or it has too much to do. */
async function untilThere<T>(
  { clock }: Pick<NewDevice, 'clock'>,
  signal: AbortSignal,
  ask: () => Promise<T | null>,
): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (let failures = 0; ; ) {
      try {
        const found = await Promise.race([ask(), aborted]);
        failures = 0;
        if (found !== null) return found;
      } catch (error) {
        const mayPass = error instanceof RelayUnreachable || (error as Error).message === 'relay-busy';
        if (signal.aborted || !mayPass) throw error;
        await Promise.race([clock.sleep(backoffMs(++failures, Math.random), signal), aborted]);
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
