// What studies found of keys that live too long, or come from people (docs/threats.md has the list, by these numbers).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { VOICE_FROM_TOY } from '#protocol/envelope/content.ts';
import {
  BUNDLE_WINDOWS,
  expiredWindows,
  KEPT_AFTER_S,
  publishPrekeys,
  WINDOW_S,
  windowAt,
} from '#protocol/envelope/prekeys.ts';
import {
  doorSeed,
  encodeInvitation,
  encodeJoinAnswer,
  encodeJoinRequest,
  openFromInvitation,
  sealForInvitation,
} from '#protocol/family/invitation.ts';
import { ROLE_RELATIVE } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { TAG_SECRET_BYTES } from '#protocol/family/tag.ts';
import { recoveryWords, SEED_BYTES, seedOfWords } from '#protocol/family/words.ts';
import { answerDaily, callDaily, DAILY_REPLY_BYTES, finishDaily } from '#protocol/link/daily.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import { openLink, openRecord, sealRecord } from '#protocol/link/records.ts';
import { type RelayRequest, relayClient } from '#protocol/relay/client.ts';
import { doorKeyId, encodeKeyId } from '#protocol/relay/key-id.ts';
import { MESSAGE_TTL_S } from '#protocol/relay/limits.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import { counting } from '#test/contracts/bytes-hex.ts';
import { bridgeSide, helloOf, keyOf, MTU, TOY_KEY, toySide, WINDOW } from '#test/protocol/link/sides.ts';
import {
  deliver,
  memoryPrekeys,
  memoryReplays,
  NOON_S,
  type receiver,
  recipientOf,
  senderOf,
  upload,
} from '#test/support/envelope.ts';
import { testDevice } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { outcomeOf, sample } from './message.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A thief's copy of a device: all its prekeys, and no memory of what was taken. */
async function copyOf(to: Awaited<ReturnType<typeof receiver>>) {
  const prekeys = memoryPrekeys();
  for (const window of await to.prekeys.windows()) await prekeys.put(window, (await to.prekeys.get(window))!);
  return { ...to, prekeys, replays: memoryReplays() };
}

describe('keys that were stolen once', () => {
  it('S9: do not open for ever what is sealed later: after six weeks by themselves, at once when the device is put out', async () => {
    const { family, bridge, mum, toMum, toy, sealed } = await sample();
    const thief = await copyOf(toMum);
    const opened = async (afterS: number) => {
      const nowS = NOON_S + afterS;
      const signer = { deviceId: mum.member.id, secret: mum.signer.secret };
      const bundle = await publishPrekeys(toMum.prekeys, signer, family.roster, nowS, seeded(`${afterS}`));
      const recipients = [recipientOf({ ...toMum, bundle })];
      const { uploaded } = upload(sealed, senderOf(bridge, family.roster), recipients, nowS);
      return outcomeOf(deliver(uploaded, mum.member.id), thief, family.roster);
    };
    // What is not stopped: the weeks whose keys were made ahead.
    expect(await opened(0)).toBe('opened 2000');
    expect(await opened((BUNDLE_WINDOWS - 1) * WINDOW_S)).toBe('opened 2000');
    expect(await opened(BUNDLE_WINDOWS * WINDOW_S)).toBe('envelope-window');
    const addressing = {
      kind: VOICE_FROM_TOY,
      toyId: toy.id,
      senderId: bridge.member.id,
      deviceId: null,
    } as const;
    expect(recipientsFor(family.roster, addressing).map(({ id }) => id)).toContainEqual(mum.member.id);
    family.change([family.root], { op: 'remove', ids: [mum.member.id] });
    expect(recipientsFor(family.roster, addressing).map(({ id }) => id)).not.toContainEqual(mum.member.id);
  });

  it('S10: do not open what was sealed before: a week’s key is gone when nothing on its way can need it', async () => {
    const { family, mum, toMum, uploaded } = await sample();
    const recorded = deliver(uploaded, mum.member.id);
    expect(await outcomeOf(recorded, await copyOf(toMum), family.roster)).toBe('opened 2000');
    const end = (windowAt(NOON_S) + 1) * WINDOW_S + MESSAGE_TTL_S + KEPT_AFTER_S;
    for (const window of expiredWindows(await toMum.prekeys.windows(), end, true))
      await toMum.prekeys.remove(window);
    expect(await outcomeOf(recorded, await copyOf(toMum), family.roster)).toBe('envelope-window');
  });

  it('S27: do not open links that were recorded: each has keys of its own that nobody keeps', () => {
    const bridgeSecret = counting(0x41, 32);
    const hello = helloOf(1);
    const [bridge, toy] = [bridgeSide(bridgeSecret), toySide()];
    const call = new Uint8Array(CALL_BYTES);
    const reply = new Uint8Array(DAILY_REPLY_BYTES);
    const handshake = callDaily(bridge, hello, MTU, WINDOW, TOY_KEY, call);
    answerDaily(toy, hello, call, keyOf(bridgeSecret), 1, reply);
    finishDaily(handshake, reply);
    const record = new Uint8Array(64);
    record.set(counting(9, 20), 4);
    const total = sealRecord(openLink(bridge, true), record, 4, 20);
    const told = record.slice();
    expect(openRecord(openLink(toy, false), record, 0, total)).toBe(20);
    // The thief has every lasting secret of both sides, the air of that day, and plays either part again.
    const asToy = toySide();
    answerDaily(asToy, hello, call, keyOf(bridgeSecret), 1, new Uint8Array(DAILY_REPLY_BYTES));
    expect(openRecord(openLink(asToy, false), told.slice(), 0, total)).toBe(-1);
    const again = callDaily(
      bridgeSide(bridgeSecret),
      hello,
      MTU,
      WINDOW,
      TOY_KEY,
      new Uint8Array(CALL_BYTES),
    );
    expect(() => finishDaily(again, reply.slice())).toThrow('handshake-failed');
  });
});

describe('keys that people choose or pass on', () => {
  it('S11: no secret is made of a password: all are random, and too long to be guessed', () => {
    const files = ['protocol', 'bridge', 'app', 'relay', 'cli'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    );
    expect(files.length).toBeGreaterThan(100);
    for (const file of files)
      expect(readFileSync(join(ROOT, file), 'utf8'), file).not.toMatch(/pwhash|pbkdf2|argon2|\b[bs]crypt/i);
    expect([SEED_BYTES, TAG_SECRET_BYTES]).toEqual([32, 32]);
    const seed = sodium.randombytes_buf(SEED_BYTES);
    expect(seedOfWords(recoveryWords(seed).join(' '))).toEqual(seed);
    for (const chosen of [
      'correct horse battery staple',
      Array(24).fill('teddy').join(' '),
      Array(12).fill('zoo').join(' '),
    ])
      expect(() => seedOfWords(chosen)).toThrow('recovery-words');
  });

  it('S14: a link that lets somebody in does not tell the server how', async () => {
    const { family, mum } = await sample();
    const random = seeded('link');
    const head = { headNumber: family.roster.number, head: family.roster.head };
    const invitation = {
      invitationId: draw(random, 16),
      secret: draw(random, 32),
      familyId: family.familyId,
      ...head,
    };
    const aunt = testDevice('aunt', ROLE_RELATIVE);
    const asked: RelayRequest[] = [];
    const parts = new Map<string, Uint8Array>();
    const send = async (request: RelayRequest) => {
      asked.push(request);
      if (request.method === 'PUT') parts.set(request.url, request.body);
      return { status: 200, body: parts.get(request.url) ?? new Uint8Array(0) };
    };
    const clientOf = (keyId: string, secret: Uint8Array) =>
      relayClient({
        origin: 'https://relay.example',
        key: { keyId, sign: (bytes) => signDigest(bytes, secret) },
        send,
        nowS: () => NOON_S,
        nonce: () => draw(random, 16),
      });
    const door = signKeys(doorSeed(invitation));
    const adult = clientOf(
      encodeKeyId({ family: family.familyId, device: mum.member.id }),
      mum.signer.secret,
    );
    const newcomer = clientOf(doorKeyId(family.familyId, invitation.invitationId), door.secret);
    const answer = { adult: mum.member, ...head, nonce: draw(random, 16) };
    const request = encodeJoinRequest(invitation, aunt.member, 'Aunt Jo', aunt.signer.secret);
    await adult.openInvitation(invitation.invitationId, door.publicKey);
    await newcomer.putInvitationPart(
      invitation.invitationId,
      'request',
      sealForInvitation(invitation, request, draw(random, 24)),
    );
    const asAnswer = sealForInvitation(invitation, encodeJoinAnswer(answer), draw(random, 24));
    await adult.putInvitationPart(invitation.invitationId, 'answer', asAnswer);
    const all = Buffer.concat(
      asked.flatMap(({ url, headers, body }) => [Buffer.from(url + JSON.stringify(headers)), body]),
    );
    const secrets = {
      secret: invitation.secret,
      door: door.secret.subarray(0, 32),
      aunt: aunt.member.signKey,
      nonce: answer.nonce,
    };
    for (const [name, bytes] of Object.entries(secrets)) {
      const buffer = Buffer.from(bytes);
      for (const form of [
        buffer,
        buffer.toString('hex'),
        buffer.toString('base64url').slice(0, 20),
        buffer.toString('base64').slice(0, 20),
      ])
        expect(all.includes(form), name).toBe(false);
    }
    expect(all.includes(Buffer.from(invitation.invitationId).toString('base64url'))).toBe(true);
    // The server tries what it has: every 32 bytes that it was ever given.
    expect(encodeInvitation(invitation).length).toBeGreaterThan(100);
    for (let at = 0; at + 32 <= all.length; at++)
      expect(() =>
        openFromInvitation({ ...invitation, secret: all.subarray(at, at + 32) }, asAnswer),
      ).toThrow('invitation-form');
  });
});
