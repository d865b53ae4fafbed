// What studies found where one protocol took another's bytes, or an older form of its own (docs/threats.md, by these numbers).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { decodeGrant, decodeHead, encodeGrant, encodeHead, GRANT } from '#protocol/envelope/content.ts';
import { decodeHeader, verifyEnvelope } from '#protocol/envelope/header.ts';
import {
  BUNDLE_WINDOWS,
  decodeBundle,
  encodeBundle,
  prekeyOf,
  windowAt,
} from '#protocol/envelope/prekeys.ts';
import { decodeBeacon, encodeBeacon } from '#protocol/family/beacon.ts';
import { extendChain } from '#protocol/family/chain.ts';
import { encodeEntry } from '#protocol/family/entry.ts';
import {
  decodeInvitation,
  decodeJoinAnswer,
  decodeJoinRequest,
  encodeInvitation,
  encodeJoinAnswer,
  encodeJoinRequest,
} from '#protocol/family/invitation.ts';
import { ROLE_RELATIVE } from '#protocol/family/member.ts';
import { draftEntry } from '#protocol/family/sign.ts';
import { answerDaily, callDaily, DAILY_REPLY_BYTES, finishDaily } from '#protocol/link/daily.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import { framedHash } from '#protocol/sodium/hash.ts';
import { signDigest } from '#protocol/sodium/sign.ts';
import { counting } from '#test/contracts/bytes-hex.ts';
import { bridgeSide, helloOf, keyOf, MTU, TOY_KEY, toySide, WINDOW } from '#test/protocol/link/sides.ts';
import {
  bodyOf,
  deliver,
  memoryReplays,
  NOON_S,
  recipientOf,
  senderOf,
  upload,
  voiceHead,
} from '#test/support/envelope.ts';
import { testDevice } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { outcomeOf, sample } from './message.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Payloads that mum signs, each with its context and the reader of it; all valid with her signature. */
async function signedThings() {
  const whole = await sample();
  const { family, mum, envelope } = whole;
  const { roster, familyId } = family;
  const [id, secret] = [mum.member.id, mum.signer.secret];
  const payloadOf = (bytes: Uint8Array) => (decodeCbor(bytes, 'envelope-form') as Uint8Array[])[0]!;
  const prekeys = Array.from({ length: BUNDLE_WINDOWS }, (_, i) => ({
    window: windowAt(NOON_S) + i,
    key: prekeyOf(draw(seeded(`prekey ${i}`), 32)),
  }));
  const head = { headNumber: roster.number, head: roster.head };
  const invitation = {
    invitationId: draw(seeded('invitation'), 16),
    secret: draw(seeded('secret'), 32),
    familyId,
    ...head,
  };
  const newcomer = testDevice('aunt', ROLE_RELATIVE).member;
  const op = { op: 'add', members: [newcomer] } as const;
  const pair = (payload: Uint8Array, signature: Uint8Array) => encodeCbor([payload, signature]);
  return {
    whole,
    secret,
    things: [
      {
        context: 'pawpost1/prekeys',
        payload: payloadOf(encodeBundle({ deviceId: id, ...head, prekeys }, secret)),
        read: (payload: Uint8Array, signature: Uint8Array) =>
          decodeBundle(pair(payload, signature), mum.member),
      },
      {
        context: 'pawpost1/beacon',
        payload: payloadOf(
          encodeBeacon({ familyId, deviceId: id, generation: 1, ...head, at: NOON_S }, secret),
        ),
        read: (payload: Uint8Array, signature: Uint8Array) => decodeBeacon(pair(payload, signature), roster),
      },
      {
        context: 'pawpost1/join',
        payload: payloadOf(encodeJoinRequest(invitation, mum.member, 'Mum', secret)),
        read: (payload: Uint8Array, signature: Uint8Array) =>
          decodeJoinRequest(invitation, pair(payload, signature)),
      },
      {
        context: 'pawpost1/roster',
        payload: draftEntry(roster, [id], op).payload,
        read: (payload: Uint8Array, signature: Uint8Array) =>
          extendChain(roster, encodeEntry(payload, [signature])),
      },
      {
        context: 'pawpost1/envelope',
        payload: envelope.headerBytes,
        read: (headerBytes: Uint8Array, signature: Uint8Array) =>
          verifyEnvelope(
            { header: decodeHeader(headerBytes), headerBytes, signature, wrapHashes: [] },
            mum.member.signKey,
          ),
      },
    ],
  };
}

/** What is signed of a payload under a context. */
function digestOf(context: string, payload: Uint8Array): Uint8Array {
  return context === 'pawpost1/envelope'
    ? framedHash(context, payload, encodeCbor([]))
    : framedHash(context, payload);
}

describe('a message that is taken for another', () => {
  it('S4: keys that nobody asked for, from somebody who may not give them, are not believed', async () => {
    const { family, toy, toMum, toDad, grandma, bridge, sealed } = await sample();
    const grant = {
      deviceId: toMum.device.member.id,
      generation: 1,
      linkPsk: new Uint8Array(32),
      nearKey: new Uint8Array(32),
      clipSecret: new Uint8Array(32),
      toyRoot: null,
    };
    const head = {
      ...voiceHead(toy.id, 0),
      kind: GRANT,
      codec: 0,
      packets: 0,
      extra: encodeGrant(grant),
    } as const;
    const gift = await bodyOf(draw(seeded('gift'), 16), head);
    const stranger = testDevice('stranger', ROLE_RELATIVE);
    for (const giver of [grandma, bridge, stranger]) {
      const { uploaded } = upload(gift, senderOf(giver, family.roster), [recipientOf(toMum)]);
      const delivered = deliver(uploaded, toMum.device.member.id);
      expect(await outcomeOf(delivered, toMum, family.roster)).toBe('envelope-sender');
    }
    // The key of somebody else's message, passed on: the message is then from whoever passed it on, and a relative may not.
    const passedOn = upload(sealed, senderOf(grandma, family.roster), [recipientOf(toMum)]).uploaded;
    expect(await outcomeOf(deliver(passedOn, toMum.device.member.id), toMum, family.roster)).toBe(
      'envelope-sender',
    );
    const { uploaded } = upload(sealed, senderOf(bridge, family.roster), [
      recipientOf(toMum),
      recipientOf(toDad),
    ]);
    const fresh = { ...toMum, replays: memoryReplays() };
    expect(await outcomeOf(deliver(uploaded, toMum.device.member.id), fresh, family.roster)).toBe(
      'opened 2000',
    );
  });

  it('S5: nothing that a device signed for one purpose is taken for another', async () => {
    const { things, secret } = await signedThings();
    for (const { context, payload, read } of things) {
      read(payload, signDigest(digestOf(context, payload), secret));
      for (const other of things) {
        if (other.context === context) continue;
        // The signature of another protocol, of its own payload and even of this one.
        for (const signed of [other.payload, payload]) {
          const signature = signDigest(digestOf(other.context, signed), secret);
          expect(() => read(payload, signature), `${other.context} as ${context}`).toThrow(
            /-(signature|form)$/,
          );
        }
        const own = signDigest(digestOf(other.context, other.payload), secret);
        expect(() => read(other.payload, own), `${other.context} as ${context}`).toThrow(
          /^(prekeys|beacon|invitation|roster|envelope)-[a-z]+$/,
        );
      }
    }
  });

  it('S6: every use of a key has a domain of its own, and no two lists of parts hash alike', () => {
    const files = ['protocol', 'bridge', 'app', 'relay'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    );
    const uses = new Map<string, Set<string>>();
    for (const file of files) {
      for (const [, context] of readFileSync(join(ROOT, file), 'utf8').matchAll(/'(pawpost1\/[a-z-]+)'/g))
        uses.set(context!, (uses.get(context!) ?? new Set()).add(file));
    }
    expect(uses.size).toBeGreaterThan(25);
    for (const [context, where] of uses) expect([...where], context).toHaveLength(1);
    // Where a context is followed by its fields without lengths, none may be the beginning of another.
    const unframed = [
      ...readFileSync(join(ROOT, 'protocol/README.md'), 'utf8')
        .split('\n## 2.')[0]!
        .matchAll(/`(pawpost1\/[a-z-]+)`/g),
    ].map(([, context]) => context!);
    expect(unframed.length).toBeGreaterThan(8);
    for (const context of unframed)
      for (const other of uses.keys())
        expect(other !== context && other.startsWith(context), `${context}, ${other}`).toBe(false);
    const parts = fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(framedHash('test/a', ...a)).not.toEqual(framedHash('test/a', ...b));
        expect(framedHash('test/a', ...a)).not.toEqual(framedHash('test/', ...a));
      }),
    );
  });

  it('S15: no older or newer form is taken, not even from somebody whose signature is good', async () => {
    const { things, secret, whole } = await signedThings();
    const versioned = (payload: Uint8Array, version: number) => {
      const fields = decodeCbor(payload, 'envelope-form') as unknown[];
      expect(fields[0]).toBe(1);
      return encodeCbor([version, ...fields.slice(1)] as never);
    };
    const grant = {
      deviceId: whole.mum.member.id,
      generation: 1,
      linkPsk: null,
      nearKey: new Uint8Array(32),
      clipSecret: new Uint8Array(32),
      toyRoot: null,
    };
    const invitation = {
      invitationId: new Uint8Array(16),
      secret: new Uint8Array(32),
      familyId: whole.family.familyId,
      headNumber: 0,
      head: new Uint8Array(32),
    };
    const answer = {
      adult: whole.mum.member,
      headNumber: 0,
      head: new Uint8Array(32),
      nonce: new Uint8Array(16),
    };
    const sealed: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
      [encodeHead(voiceHead(whole.toy.id, 60)), decodeHead],
      [encodeGrant(grant), decodeGrant],
      [encodeInvitation(invitation), decodeInvitation],
      [encodeJoinAnswer(answer), decodeJoinAnswer],
    ];
    for (const version of [0, 2, 255]) {
      for (const { context, payload, read } of things) {
        const other = versioned(payload, version);
        expect(() => read(other, signDigest(digestOf(context, other), secret)), context).toThrow(
          /-(form|version)$/,
        );
      }
      for (const [bytes, read] of sealed) {
        read(bytes);
        expect(() => read(versioned(bytes, version))).toThrow(/-form$/);
      }
    }
    // On the radio: whoever talks the toy's hello down, or up, leaves the two without a link.
    const bridgeSecret = counting(0x41, 32);
    for (let at = 0; at < 5; at++) {
      const told = helloOf(1);
      told[at]! ^= 1;
      const call = new Uint8Array(CALL_BYTES);
      const handshake = callDaily(bridgeSide(bridgeSecret), told, MTU, WINDOW, TOY_KEY, call);
      const reply = new Uint8Array(DAILY_REPLY_BYTES);
      expect(() => {
        answerDaily(toySide(), helloOf(1), call, keyOf(bridgeSecret), 1, reply);
        finishDaily(handshake, reply);
      }, `byte ${at}`).toThrow('handshake-failed');
    }
  });
});
