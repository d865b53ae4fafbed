import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BodySource,
  bodyInMemory,
  hashBody,
  openBody,
  type Packets,
  sealBody,
} from '#protocol/envelope/body.ts';
import { CHUNK_BYTES, CHUNK_OVERHEAD_BYTES } from '#protocol/envelope/body-size.ts';
import { decodeDelivered, decodeUploaded } from '#protocol/envelope/header.ts';
import { openEnvelope } from '#protocol/envelope/open.ts';
import {
  bodyOf,
  clipOf,
  deliver,
  joined,
  NOON_S,
  open,
  receiver,
  recipientOf,
  senderOf,
  upload,
  voiceHead,
} from '#test/support/envelope.ts';
import { wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const MESSAGE_ID = draw(seeded('message'), 16);

describe('an envelope', () => {
  it('opens for each recipient and says who sent it', async () => {
    const { family, mum, dad, grandma, bridge, toy } = wholeFamily();
    const clip = clipOf('clip', 2000);
    const sealed = await bodyOf(MESSAGE_ID, voiceHead(toy.id, 1000), clip.packets);
    const receivers = [];
    for (const device of [mum, dad, grandma]) receivers.push(await receiver(device, family.roster));
    const recipients = receivers.map((to, i) => recipientOf(to, i + 5));
    const { uploaded, skipped } = upload(sealed, senderOf(bridge, family.roster), recipients);
    expect(skipped).toEqual([]);
    for (const [i, to] of receivers.entries()) {
      const { opened, packets } = await open(deliver(uploaded, to.device.member.id), to, family.roster);
      expect(packets).toEqual(clip.bytes);
      expect(opened.sender.id).toEqual(bridge.member.id);
      expect(opened.sequence).toBe(i + 5);
      expect(opened.content).toEqual(voiceHead(toy.id, 1000));
    }
  });

  it('gives the clip of any length back, whole', async () => {
    const toyId = draw(seeded('toy'), 16);
    const size = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 123008 }));
    await fc.assert(
      fc.asyncProperty(size, fc.integer({ min: 1, max: 40000 }), async (length, pieceBytes) => {
        const clip = draw(seeded(`clip ${length}`), length);
        const pieces = [];
        for (let offset = 0; offset < length; offset += pieceBytes)
          pieces.push(clip.subarray(offset, offset + pieceBytes));
        const head = voiceHead(toyId, 60000);
        const { draft, body } = await bodyOf(MESSAGE_ID, head, { sizeBytes: length, pieces });
        expect(body.length).toBe(draft.bodyBytes);
        expect(await hashBody(bodyInMemory(body))).toEqual(draft.bodyHash);
        const pieced: Uint8Array[] = [];
        const got = await openBody(
          MESSAGE_ID,
          draft.key,
          bodyInMemory(body),
          (piece) => void pieced.push(piece),
          () => {},
        );
        expect(got).toEqual(head);
        expect(Buffer.compare(joined(pieced), clip)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('goes on for the others when a recipient has no fresh prekey, and says so', async () => {
    const { family, mum, dad, grandma, bridge, toy } = wholeFamily();
    const sealed = await bodyOf(MESSAGE_ID, voiceHead(toy.id, 1000), clipOf('clip', 100).packets);
    const [awake, asleep] = [
      await receiver(mum, family.roster),
      await receiver(dad, family.roster, NOON_S - 50 * 86400),
    ];
    const silent = { ...recipientOf(await receiver(grandma, family.roster)), bundle: null };
    const recipients = [recipientOf(awake), recipientOf(asleep), silent];
    const { uploaded, skipped } = upload(sealed, senderOf(bridge, family.roster), recipients);
    expect(skipped).toHaveLength(2);
    expect(skipped.every((one) => one.code === 'prekeys-expired')).toBe(true);
    expect(decodeUploaded(uploaded).wraps.map((wrap) => wrap.deviceId)).toEqual([mum.member.id]);
    await open(deliver(uploaded, mum.member.id), awake, family.roster);
    expect(() => upload(sealed, senderOf(bridge, family.roster), [silent])).toThrow('prekeys-expired');
  });

  it('says again what it said when its sources say the same', async () => {
    const { family, mum, bridge, toy } = wholeFamily();
    const to = await receiver(mum, family.roster);
    const make = async () => {
      const sealed = await bodyOf(MESSAGE_ID, voiceHead(toy.id, 1000), clipOf('clip', 5000).packets);
      return upload(sealed, senderOf(bridge, family.roster), [recipientOf(to)]).uploaded;
    };
    expect(await make()).toEqual(await make());
  });

  it('refuses packets of another size than told', async () => {
    const { toy } = wholeFamily();
    for (const sizeBytes of [99, 101]) {
      const packets = { sizeBytes, pieces: [new Uint8Array(100)] };
      await expect(bodyOf(MESSAGE_ID, voiceHead(toy.id, 60), packets)).rejects.toThrow('content-form');
    }
  });
});

describe('a clip of 60 s', () => {
  const LENGTH = 122_000;

  it('is sealed holding one chunk', async () => {
    let given = 0;
    let spooled = 0;
    let most = 0;
    async function* pieces() {
      for (; given < LENGTH; ) {
        const piece = new Uint8Array(Math.min(1000, LENGTH - given));
        given += piece.length;
        yield piece;
      }
    }
    const packets: Packets = { sizeBytes: LENGTH, pieces: pieces() };
    const head = voiceHead(draw(seeded('toy'), 16), 60000);
    await sealBody(
      MESSAGE_ID,
      head,
      packets,
      (piece) => {
        expect(piece.length).toBeLessThanOrEqual(CHUNK_BYTES + CHUNK_OVERHEAD_BYTES);
        spooled += piece.length;
        most = Math.max(most, given - spooled);
      },
      seeded('body'),
    );
    expect(given).toBe(LENGTH);
    // What was taken in and not yet given out: never a second chunk.
    expect(most).toBeLessThan(2 * CHUNK_BYTES);
  });

  it('is opened holding one chunk, from a spool that is read piece by piece', async () => {
    const { family, mum, bridge, toy } = wholeFamily();
    const to = await receiver(mum, family.roster);
    const clip = clipOf('clip', LENGTH);
    const sealed = await bodyOf(MESSAGE_ID, voiceHead(toy.id, 60000), clip.packets);
    const { uploaded } = upload(sealed, senderOf(bridge, family.roster), [recipientOf(to)]);
    const front = decodeDelivered(deliver(uploaded, mum.member.id));
    const lengths: number[] = [];
    let opened = 0;
    const spool: BodySource = {
      sizeBytes: sealed.body.length,
      async read(offset, length) {
        // The first pass is the hash's: nothing comes out before it has ended.
        if (lengths.reduce((sum, one) => sum + one, 0) < sealed.body.length) expect(opened).toBe(0);
        lengths.push(length);
        return sealed.body.slice(offset, offset + length);
      },
    };
    const opener = {
      deviceId: mum.member.id,
      roster: family.roster,
      prekeys: to.prekeys,
      replays: to.replays,
    };
    await openEnvelope(front, spool, opener, (piece) => {
      expect(piece.length).toBeLessThanOrEqual(CHUNK_BYTES);
      opened += piece.length;
    });
    expect(opened).toBe(LENGTH);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(CHUNK_BYTES + CHUNK_OVERHEAD_BYTES);
    expect(lengths.reduce((sum, one) => sum + one, 0)).toBe(2 * sealed.body.length);
  });

  it('costs at most 5 percent and Padmé for one recipient', async () => {
    const { family, mum, bridge, toy } = wholeFamily();
    const to = await receiver(mum, family.roster);
    const sealed = await bodyOf(MESSAGE_ID, voiceHead(toy.id, 60000), clipOf('clip', LENGTH).packets);
    const { uploaded } = upload(sealed, senderOf(bridge, family.roster), [recipientOf(to)]);
    expect(uploaded.length / LENGTH).toBeLessThan(1.05);
  });
});
