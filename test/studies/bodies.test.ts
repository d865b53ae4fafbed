// What studies found that a server can do to stored ciphertexts (docs/threats.md has the list, by these numbers).
import { describe, expect, it } from 'vitest';
import { bodyInMemory, openBody, sealBody } from '#protocol/envelope/body.ts';
import { BODY_START_BYTES, CHUNK_BYTES, CHUNK_OVERHEAD_BYTES } from '#protocol/envelope/body-size.ts';
import { VOICE_TO_TOY } from '#protocol/envelope/content.ts';
import {
  compareIds,
  decodeDelivered,
  decodeUploaded,
  type EnvelopeHeader,
  encodeHeader,
  type UploadedEnvelope,
} from '#protocol/envelope/header.ts';
import { openEnvelope } from '#protocol/envelope/open.ts';
import { sealEnvelope } from '#protocol/envelope/seal.ts';
import { openFromInvitation, sealForInvitation } from '#protocol/family/invitation.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { STAMP_BYTES, STAMP_MESSAGE_ID_AT, STAMP_TOY_ID_AT } from '#protocol/policy/layout.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import {
  bodyOf,
  clipOf,
  deliver,
  joined,
  NOON_S,
  open,
  recipientOf,
  senderOf,
  upload,
  voiceHead,
} from '#test/support/envelope.ts';
import { testDevice } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { FAULT, outcome, outcomeOf, rebuilt, type Sample, sample } from './message.ts';

const SEALED_CHUNK = CHUNK_BYTES + CHUNK_OVERHEAD_BYTES;

/** Opens a body with its true key and no other check: what the cipher itself lets through. */
async function bare({ messageId, sealed }: Sample, body: Uint8Array): Promise<string> {
  try {
    await openBody(
      messageId,
      sealed.draft.key,
      bodyInMemory(body),
      () => {},
      () => {},
    );
    return 'opened';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Delivers with another body; says what came of it and how many bytes of voice came out. */
async function withBody(message: Sample, body: Uint8Array): Promise<{ code: string; bytes: number }> {
  const { family, toMum, uploaded } = message;
  const front = decodeDelivered(deliver(uploaded, toMum.device.member.id));
  let bytes = 0;
  const opener = { ...toMum, deviceId: toMum.device.member.id, roster: family.roster };
  const sink = (piece: Uint8Array) => {
    bytes += piece.length;
  };
  return openEnvelope(front, bodyInMemory(body), opener, sink).then(
    () => ({ code: 'opened', bytes }),
    (error: Error) => ({ code: error.message, bytes }),
  );
}

function turned(bytes: Uint8Array, at: number): Uint8Array {
  const other = bytes.slice();
  other[at]! ^= 1 << (at & 7);
  return other;
}

/** The start and the sealed chunks of a body. */
function chunksOf(body: Uint8Array): { start: Uint8Array; chunks: Uint8Array[] } {
  const chunks: Uint8Array[] = [];
  for (let at = BODY_START_BYTES; at < body.length; at += SEALED_CHUNK)
    chunks.push(body.subarray(at, at + SEALED_CHUNK));
  return { start: body.subarray(0, BODY_START_BYTES), chunks };
}

describe('a server that keeps ciphertexts', () => {
  it('S8: turns bits of what starts the cipher: they are part of what is authenticated', async () => {
    const message = await sample();
    expect(await bare(message, message.sealed.body)).toBe('opened');
    for (let at = 0; at < BODY_START_BYTES; at++) {
      const body = turned(message.sealed.body, at);
      expect(await bare(message, body)).toBe('envelope-body');
      expect(await withBody(message, body)).toEqual({ code: 'envelope-body', bytes: 0 });
    }
    // The other ciphertext that a server keeps.
    const invitation = {
      invitationId: new Uint8Array(16),
      secret: draw(seeded('secret'), 32),
      familyId: message.family.familyId,
      headNumber: 0,
      head: new Uint8Array(32),
    };
    const sealed = sealForInvitation(invitation, new Uint8Array(40), draw(seeded('nonce'), 24));
    expect(openFromInvitation(invitation, sealed)).toEqual(new Uint8Array(40));
    for (let at = 0; at < 24; at++)
      expect(() => openFromInvitation(invitation, turned(sealed, at))).toThrow('invitation-form');
  });

  it('S16: turns bits of the text: not one byte of any voice comes out', async () => {
    const message = await sample('long', 40_000);
    for (let at = BODY_START_BYTES; at < message.sealed.body.length; at += 613) {
      const body = turned(message.sealed.body, at);
      expect(await bare(message, body)).toBe('envelope-body');
      expect(await withBody(message, body)).toEqual({ code: 'envelope-body', bytes: 0 });
    }
  });

  it('S17: drops, repeats, turns round or exchanges chunks, or ends after one', async () => {
    const message = await sample('long', 40_000);
    const other = await sample('other', 40_000);
    const { start, chunks } = chunksOf(message.sealed.body);
    const strange = chunksOf(other.sealed.body).chunks;
    expect(chunks.length).toBe(3);
    const [a, b, c] = chunks as [Uint8Array, Uint8Array, Uint8Array];
    const orders = [
      [a],
      [a, b],
      [a, c],
      [b, c],
      [b, a, c],
      [a, b, b],
      [a, b, b, c],
      [a, c, b],
      [c],
      [a, strange[1]!, c],
    ];
    for (const order of orders) {
      const body = joined([start, ...order]);
      expect(await bare(message, body)).toMatch(FAULT);
      expect(await withBody(message, body)).toEqual({ code: 'envelope-body', bytes: 0 });
    }
    for (const body of [joined([chunksOf(other.sealed.body).start, a, b, c]), joined([start, ...strange])])
      expect(await bare(message, body)).toBe('envelope-body');
    expect(await bare(message, joined([start, a, b, c]))).toBe('opened');
  });

  it('S18: gives a message another name or puts it into another place', async () => {
    const message = await sample();
    const { envelope, family, toMum, toDad, toy, uploaded, messageId } = message;
    const renamed = encodeHeader({ ...envelope.header, messageId: draw(seeded('name'), 16) });
    expect(await outcome(rebuilt(envelope, { headerBytes: renamed }), message)).toBe('envelope-signature');
    const dads = deliver(uploaded, toDad.device.member.id);
    expect(await outcomeOf(dads, toMum, family.roster)).toBe('envelope-recipient');
    // Which toy it belongs to, and what it is, no server sees at all.
    expect(Buffer.from(uploaded).includes(Buffer.from(toy.id))).toBe(false);
    // And a stamp for another toy or another message is refused even from the sender.
    for (const [toyId, id] of [
      [draw(seeded('toy 2'), 16), messageId],
      [toy.id, draw(seeded('name'), 16)],
    ]) {
      const extra = new Uint8Array(STAMP_BYTES);
      extra.set(toyId!, STAMP_TOY_ID_AT);
      extra.set(id!, STAMP_MESSAGE_ID_AT);
      const head = { ...voiceHead(toy.id, 60), kind: VOICE_TO_TOY, extra } as const;
      await expect(bodyOf(messageId, head, clipOf('x', 10).packets)).rejects.toThrow('content-form');
    }
  });

  it('S19: changes what is written about a message', async () => {
    const message = await sample();
    const { envelope, uploaded } = message;
    const { header } = envelope;
    const random = seeded('other');
    const changes: Partial<EnvelopeHeader>[] = [
      { messageId: draw(random, 16) },
      { familyId: draw(random, 16) },
      { senderId: message.dad.member.id },
      { headNumber: 0, head: message.family.roster.heads[0]! },
      { headNumber: header.headNumber + 1 },
      { head: draw(random, 32) },
      { bodyHash: draw(random, 32) },
      { commitment: draw(random, 32) },
    ];
    for (const change of changes) {
      const headerBytes = encodeHeader({ ...header, ...change });
      expect(await outcome(rebuilt(envelope, { headerBytes }), message)).toMatch(
        /^envelope-(signature|sender|head)$/,
      );
    }
    for (const window of [0, envelope.wraps[0]!.window + 1]) {
      const wraps = envelope.wraps.map((wrap) => ({ ...wrap, window }));
      expect(await outcome(rebuilt(envelope, { wraps }), message)).toBe('envelope-signature');
    }
    // Size and recipients too: the same front, one byte longer or with one name less.
    expect(() => decodeUploaded(joined([uploaded, new Uint8Array(1)]))).toThrow('envelope-form');
    const fewer = envelope.wraps.filter(({ deviceId }) => compareIds(deviceId, message.mum.member.id) === 0);
    expect(await outcome(rebuilt(envelope, { wraps: fewer }), message)).toBe('envelope-signature');
  });

  it('S20: puts messages of its own into a mailbox', async () => {
    const message = await sample();
    const { family, toMum, bridge, mum, toy, uploaded } = message;
    const ghost = testDevice('ghost', ROLE_ADULT);
    const made = await bodyOf(
      draw(seeded('made'), 16),
      voiceHead(toy.id, 1_000),
      clipOf('made', 500).packets,
    );
    const inTheNameOf = (id: Uint8Array) =>
      upload(made, { ...senderOf(ghost, family.roster), deviceId: id }, [recipientOf(toMum)]).uploaded;
    expect(await outcome(inTheNameOf(ghost.member.id), message)).toBe('envelope-sender');
    for (const id of [bridge.member.id, mum.member.id])
      expect(await outcome(inTheNameOf(id), message)).toBe('envelope-signature');
    // Nor one that was there before.
    const { opened } = await open(deliver(uploaded, mum.member.id), toMum, family.roster);
    toMum.replays.keep(opened);
    expect(await outcome(uploaded, message)).toBe('envelope-replay');
  });

  it('S23: makes a message of pieces of true ones', async () => {
    const [first, second] = [await sample('first'), await sample('second')];
    const parts = ['headerBytes', 'signature', 'wraps', 'body'] as const;
    const seen: string[] = [];
    for (let mix = 0; mix < 16; mix++) {
      const change: Partial<Record<keyof UploadedEnvelope, unknown>> = {};
      for (const [i, part] of parts.entries())
        change[part] = ((mix >> i) & 1 ? second : first).envelope[part];
      seen.push(await outcome(rebuilt(first.envelope, change as Partial<UploadedEnvelope>), first));
    }
    expect(seen[0]).toBe('opened 2000');
    expect(seen[15]).toBe('opened 2000');
    for (const code of seen.slice(1, 15)) expect(code).toMatch(FAULT);
  });

  it('S25: seals something with a key of its own choice to a recipient’s public key', async () => {
    const message = await sample();
    const { family, bridge, toMum, envelope, toy, messageId } = message;
    const chosen = await bodyOf(messageId, voiceHead(toy.id, 1_000), clipOf('chosen', 2_000).packets);
    const thief = testDevice('thief', ROLE_ADULT);
    const sender = { ...senderOf(thief, family.roster), deviceId: bridge.member.id };
    const forged = decodeUploaded(upload(chosen, sender, [recipientOf(toMum)]).uploaded);
    for (const signature of [forged.signature, envelope.signature, new Uint8Array(64)])
      expect(await outcome(rebuilt(forged, { signature }), message)).toBe('envelope-signature');
    // Its key over the true message, and its body under the true key.
    expect(await outcome(rebuilt(envelope, { wraps: forged.wraps }), message)).toBe('envelope-signature');
    expect(await outcome(rebuilt(envelope, { body: forged.body }), message)).toBe('envelope-body');
  });

  it('S26: finds no two texts under one key and nonce, not even of the same words', async () => {
    const { family, bridge, toMum, toy, clip } = await sample();
    const random = (out: Uint8Array) => out.set(sodium.randombytes_buf(out.length));
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
    const [keys, starts, encapsulations, blocks] = [1, 2, 3, 4].map(() => new Set<string>());
    const rounds = 40;
    let count = 0;
    for (let i = 0; i < rounds; i++) {
      const pieces: Uint8Array[] = [];
      const sink = (piece: Uint8Array) => void pieces.push(piece);
      // The same id, the same clip, the same recipient, as when a message is sealed again.
      const head = voiceHead(toy.id, 1_000);
      const draft = await sealBody(new Uint8Array(16).fill(7), head, clip.packets, sink, random);
      const recipients = [recipientOf(toMum, i + 1)];
      const { front } = sealEnvelope(draft, senderOf(bridge, family.roster), recipients, NOON_S, random);
      const body = joined(pieces);
      // The key of a wrap comes from its encapsulation; its nonce is always zero.
      encapsulations!.add(text(decodeUploaded(joined([front, body])).wraps[0]!.ciphertext));
      keys!.add(text(draft.key));
      starts!.add(text(body.subarray(0, BODY_START_BYTES)));
      for (let at = BODY_START_BYTES; at + 16 <= body.length; at += 16, count++)
        blocks!.add(text(body.subarray(at, at + 16)));
    }
    expect([keys!.size, starts!.size, encapsulations!.size]).toEqual([rounds, rounds, rounds]);
    expect(blocks!.size).toBe(count);
  });
});
