// Those who would like to come in by an invitation that is not theirs, or to spoil it: strangers, neighbours, relatives, late and second
// newcomers, and whoever copies the relay.
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
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { type RelayClient, type RelayRequest, relayClient } from '#protocol/relay/client.ts';
import { doorKeyId } from '#protocol/relay/key-id.ts';
import { PIGEONHOLES_MAX } from '#protocol/relay/limits.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import { type TestFamily, testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { GENEROUS_LIMITS, type RunningRelay, runningRelay } from '../relay/running.ts';

const mum = testDevice('pigeonhole mum', ROLE_ADULT);
const gran = testDevice('pigeonhole gran', ROLE_RELATIVE);
const bridge = testDevice('pigeonhole bridge', ROLE_BRIDGE);
const aunt = testDevice('pigeonhole aunt', ROLE_RELATIVE);
const thief = testDevice('pigeonhole thief', ROLE_ADULT);
const random = seeded('pigeonhole');
const some = (n: number, sizeBytes = 100) => new Uint8Array(sizeBytes).fill(n);

let running: RunningRelay;
let family: TestFamily;
let adult: RelayClient;
async function start(config: Parameters<typeof runningRelay>[0] = {}): Promise<void> {
  running = await runningRelay(config);
  family = testFamily('pigeonhole', [mum.member, gran.member, bridge.member]);
  adult = running.client(family, mum);
  await adult.createFamily(family.entries);
}
beforeEach(() => start());
afterEach(() => running.close());

async function opened(by = adult, of = family): Promise<Invitation> {
  const invitation = {
    invitationId: draw(random, 16),
    secret: draw(random, 32),
    familyId: of.familyId,
    headNumber: of.roster.number,
    head: of.roster.head,
  };
  await by.openInvitation(invitation.invitationId, signKeys(doorSeed(invitation)).publicKey);
  return invitation;
}
const sealed = (invitation: Invitation, of = aunt) =>
  sealForInvitation(
    invitation,
    encodeJoinRequest(invitation, of.member, 'Aunt Jo', of.signer.secret),
    draw(random, 24),
  );

/** All that can be done at a pigeonhole, by a client of anybody. */
const deeds = (client: RelayClient, id: Uint8Array) => ({
  open: () => client.openInvitation(id, some(1, 32)),
  close: () => client.closeInvitation(id),
  'put the request': () => client.putInvitationPart(id, 'request', some(6)),
  'read the request': () => client.readInvitationPart(id, 'request'),
  'put the answer': () => client.putInvitationPart(id, 'answer', some(6)),
  'read the answer': () => client.readInvitationPart(id, 'answer'),
});
type Deed = keyof ReturnType<typeof deeds>;

/** Every deed but the allowed ones is refused. */
async function expectRefused(client: RelayClient, id: Uint8Array, allowed: Deed[] = []): Promise<void> {
  for (const [name, deed] of Object.entries(deeds(client, id)))
    if (!allowed.includes(name as Deed)) await expect(deed(), name).rejects.toThrow('relay-refused');
}
/** What lies in a pigeonhole is still what was put there. */
async function expectUntouched(invitation: Invitation, request: Uint8Array): Promise<void> {
  expect(await adult.readInvitationPart(invitation.invitationId, 'request')).toEqual(request);
  expect(
    await running.doorClient(invitation).readInvitationPart(invitation.invitationId, 'answer'),
  ).toBeNull();
}

describe('an invitation', () => {
  let invitation: Invitation;
  let request: Uint8Array;
  beforeEach(async () => {
    invitation = await opened();
    request = sealed(invitation);
    await running.doorClient(invitation).putInvitationPart(invitation.invitationId, 'request', request);
  });

  it('is nothing to a stranger, even one who knows all its ids and not its secret', async () => {
    const guess = { ...invitation, secret: draw(random, 32) };
    await expectRefused(running.doorClient(guess), invitation.invitationId);
    await expectRefused(running.client(family, thief), invitation.invitationId);
    await expectRefused(running.client(family, aunt), invitation.invitationId);
    await expectUntouched(invitation, request);
  });

  it('is nothing to another family’s adult, who opens one under the same id', async () => {
    const theirs = testFamily('pigeonhole theirs', [thief.member]);
    const neighbour = running.client(theirs, thief);
    await neighbour.createFamily(theirs.entries);
    const twin = { ...invitation, familyId: theirs.familyId, secret: draw(random, 32) };
    await neighbour.openInvitation(twin.invitationId, signKeys(doorSeed(twin)).publicKey);
    expect(await neighbour.readInvitationPart(twin.invitationId, 'request')).toBeNull();
    await neighbour.putInvitationPart(twin.invitationId, 'answer', some(6));
    await running.doorClient(twin).putInvitationPart(twin.invitationId, 'request', some(7));
    await neighbour.closeInvitation(twin.invitationId);
    await expectUntouched(invitation, request);
  });

  it('is nothing to a relative, a bridge and the root key', async () => {
    await expectRefused(running.client(family, gran), invitation.invitationId);
    await expectRefused(running.client(family, bridge), invitation.invitationId);
    await expectRefused(running.rootClient(family), invitation.invitationId);
    await expectUntouched(invitation, request);
  });

  it('bears no other right: its door opens nothing else, in the family or at another’s pigeonhole', async () => {
    const newcomer = running.doorClient(invitation);
    await expectRefused(newcomer, invitation.invitationId, ['put the request', 'read the answer']);
    await expectRefused(newcomer, (await opened()).invitationId);
    await expectRefused(newcomer, draw(random, 16));
    for (const deed of [
      () => newcomer.readChain(family.familyId, 0),
      () => newcomer.appendChain(family.familyId, family.entries),
      () => newcomer.createFamily(family.entries),
      () => newcomer.listMailbox(0, 1),
      () => newcomer.readMessage(1),
      () => newcomer.acknowledge([1]),
      () => newcomer.putMessage(draw(random, 16), some(1)),
      () => newcomer.putPrekeys(some(1)),
      () => newcomer.readPrekeys([mum.member.id]),
      () => newcomer.readSafe(),
      () => newcomer.putSafe(some(1)),
      () => newcomer.pushKey(),
      () => newcomer.putPush('https://fcm.googleapis.com/1'),
    ])
      await expect(deed()).rejects.toThrow(/^relay-(refused|answer)$/);
    await expectUntouched(invitation, request);
  });

  it('takes no second newcomer in the first one’s place, who holds the same link', async () => {
    const second = running.doorClient(invitation);
    const other = sealed(invitation, thief);
    await expect(second.putInvitationPart(invitation.invitationId, 'request', other)).rejects.toThrow(
      'relay-conflict',
    );
    const got = await adult.readInvitationPart(invitation.invitationId, 'request');
    expect(decodeJoinRequest(invitation, openFromInvitation(invitation, got!)).member).toEqual(aunt.member);
  });

  it('is worth nothing after its time, nor after it was closed', async () => {
    const closed = await opened();
    await adult.closeInvitation(closed.invitationId);
    await expectRefused(running.doorClient(closed), closed.invitationId);
    running.clock.nowMs += INVITATION_S * 1000;
    await expectRefused(running.doorClient(invitation), invitation.invitationId);
    expect(await adult.readInvitationPart(invitation.invitationId, 'request')).toBeNull();
  });

  it('is not answered twice, nor by a recorded request', async () => {
    const recorded: RelayRequest[] = [];
    const recording = relayClient({
      origin: running.relay.url,
      key: {
        keyId: doorKeyId(family.familyId, invitation.invitationId),
        sign: (message) => signDigest(message, signKeys(doorSeed(invitation)).secret),
      },
      send: async (asked) => {
        recorded.push(asked);
        const { method, url, headers, body } = asked;
        const answer = await fetch(url, { method, headers, body: body as Uint8Array<ArrayBuffer> });
        return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
      },
      nowS: () => Math.floor(running.clock.nowMs / 1000),
      nonce: () => draw(random, 16),
    });
    await recording.putInvitationPart(invitation.invitationId, 'request', request);
    const { method, url, headers, body } = recorded[0]!;
    const again = await fetch(url, { method, headers, body: body as Uint8Array<ArrayBuffer> });
    expect(again.status).toBe(401);
    await adult.putInvitationPart(invitation.invitationId, 'answer', some(1));
    await expect(adult.putInvitationPart(invitation.invitationId, 'answer', some(2))).rejects.toThrow(
      'relay-conflict',
    );
  });

  it('says nothing to whoever copies the relay: neither its secret nor the newcomer is in the copy', async () => {
    const copy = Buffer.concat((await running.relay.dump()).map(({ bytes }) => bytes));
    const holds = (bytes: Uint8Array) => copy.includes(Buffer.from(bytes));
    expect(holds(request)).toBe(true);
    expect(holds(signKeys(doorSeed(invitation)).publicKey)).toBe(true);
    for (const secret of [invitation.secret, doorSeed(invitation), aunt.member.id, aunt.member.signKey])
      expect(holds(secret)).toBe(false);
    // With the door's public key in hand a copy is still closed.
    const guess = { ...invitation, secret: signKeys(doorSeed(invitation)).publicKey };
    expect(() => openFromInvitation(guess, request)).toThrow('invitation-form');
  });
});

describe('flooding', () => {
  it('by an adult’s stolen phone ends at 16 open ones, which another adult closes', async () => {
    const all = [];
    for (let n = 0; n < PIGEONHOLES_MAX; n++) all.push(await opened());
    await expect(opened()).rejects.toThrow('relay-full');
    const theirs = testFamily('pigeonhole others', [thief.member]);
    const neighbour = running.client(theirs, thief);
    await neighbour.createFamily(theirs.entries);
    await opened(neighbour, theirs);
    await adult.closeInvitation(all[0]!.invitationId);
    await opened();
  });

  it('at a door makes only that door wait, and leaves nothing more in it than one request', async () => {
    await running.close();
    await start({ limits: { ...GENEROUS_LIMITS, device: { burst: 10, perSecond: 0.001 } } });
    const invitation = await opened();
    const { invitationId } = invitation;
    const newcomer = running.doorClient(invitation);
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n++)
      outcomes.push(
        await newcomer.putInvitationPart(invitationId, 'request', some(n, 4096)).then(
          () => 'stored',
          (error) => error.message,
        ),
      );
    expect(outcomes).toEqual(['stored', ...Array(9).fill('relay-conflict'), ...Array(2).fill('relay-busy')]);
    expect(await adult.readInvitationPart(invitationId, 'request')).toEqual(some(0, 4096));
    await adult.closeInvitation(invitationId);
  });
});
