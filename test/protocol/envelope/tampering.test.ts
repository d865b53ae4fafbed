// Everything that someone who carries envelopes can do to them, and what must come of it: a fault, never a voice.
import { describe, expect, it } from 'vitest';
import { encodeCbor } from '#protocol/cbor.ts';
import { type BodyDraft, bodyInMemory } from '#protocol/envelope/body.ts';
import { CHUNK_BYTES, CHUNK_OVERHEAD_BYTES } from '#protocol/envelope/body-size.ts';
import {
  compareIds,
  decodeDelivered,
  decodeUploaded,
  encodeHeader,
  encodeUploaded,
  envelopeDigest,
  hashWrap,
  type UploadedEnvelope,
  type Wrap,
} from '#protocol/envelope/header.ts';
import { openEnvelope } from '#protocol/envelope/open.ts';
import { decodeBundle, prekeyAt } from '#protocol/envelope/prekeys.ts';
import { sealWrap } from '#protocol/envelope/wrap.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { signDigest } from '#protocol/sodium/sign.ts';
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
import { testDevice, wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const MESSAGE_ID = draw(seeded('message'), 16);
const FAULT = /^(envelope|content)-[a-z]+$/;

/** A clip of one second from the bridge to mum and dad (or only to mum). */
async function sample(options: { bytes?: number; isForOne?: boolean } = {}) {
  const whole = wholeFamily();
  const { family, mum, dad, bridge, toy } = whole;
  const clip = clipOf('clip', options.bytes ?? 2000);
  const sealed = await bodyOf(MESSAGE_ID, voiceHead(toy.id, 1000), clip.packets);
  const [toMum, toDad] = [await receiver(mum, family.roster), await receiver(dad, family.roster)];
  const recipients = options.isForOne ? [recipientOf(toMum)] : [recipientOf(toMum), recipientOf(toDad)];
  const { uploaded } = upload(sealed, senderOf(bridge, family.roster), recipients);
  return { ...whole, clip, sealed, toMum, toDad, uploaded, envelope: decodeUploaded(uploaded) };
}

/** An envelope of the same parts with some exchanged, encoded without any check. */
function rebuilt(envelope: UploadedEnvelope, change: Partial<UploadedEnvelope>): Uint8Array {
  const { headerBytes, signature, wraps, body } = { ...envelope, ...change };
  return joined([encodeUploaded(headerBytes, signature, wraps), body]);
}

describe('a delivered envelope', () => {
  it('is refused whichever one of its bits is turned', { timeout: 240_000 }, async () => {
    const { family, mum, toMum, uploaded, clip } = await sample({ isForOne: true });
    const delivered = deliver(uploaded, mum.member.id);
    expect((await open(delivered, toMum, family.roster)).packets).toEqual(clip.bytes);
    const opener = {
      deviceId: mum.member.id,
      roster: family.roster,
      prekeys: toMum.prekeys,
      replays: toMum.replays,
    };
    let pieces = 0;
    let refused = 0;
    const odd: string[] = [];
    for (let bit = 0; bit < delivered.length * 8; bit++) {
      delivered[bit >> 3]! ^= 1 << (bit & 7);
      try {
        const envelope = decodeDelivered(delivered);
        await openEnvelope(envelope, bodyInMemory(envelope.body), opener, () => void pieces++);
        odd.push(`bit ${bit} opened`);
      } catch (error) {
        const { message } = error as Error;
        if (FAULT.test(message)) refused++;
        else odd.push(`bit ${bit}: ${message}`);
      }
      delivered[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(odd).toEqual([]);
    expect(refused).toBe(delivered.length * 8);
    // Not one byte of voice came out on the way.
    expect(pieces).toBe(0);
  });

  it('is refused when it is cut anywhere or has a byte too many', async () => {
    const { family, mum, toMum, uploaded } = await sample();
    const delivered = deliver(uploaded, mum.member.id);
    for (let length = 0; length < delivered.length; length += 7) {
      await expect(open(delivered.subarray(0, length), toMum, family.roster)).rejects.toThrow(FAULT);
    }
    await expect(open(joined([delivered, new Uint8Array(1)]), toMum, family.roster)).rejects.toThrow(
      'envelope-form',
    );
  });

  it('is refused when its body ends at a chunk', async () => {
    const { family, mum, toMum, uploaded } = await sample({ bytes: 40000 });
    const delivered = deliver(uploaded, mum.member.id);
    const cut = delivered.length - (delivered.length % (CHUNK_BYTES + CHUNK_OVERHEAD_BYTES));
    await expect(open(delivered.subarray(0, cut), toMum, family.roster)).rejects.toThrow('envelope-form');
    const front = decodeDelivered(delivered);
    const opener = {
      deviceId: mum.member.id,
      roster: family.roster,
      prekeys: toMum.prekeys,
      replays: toMum.replays,
    };
    const short = bodyInMemory(front.body.subarray(0, 24 + CHUNK_BYTES + CHUNK_OVERHEAD_BYTES));
    await expect(openEnvelope(front, short, opener, () => {})).rejects.toThrow('envelope-body');
  });
});

describe('what the relay could do with wraps', () => {
  it('cannot drop one', async () => {
    const { family, toMum, envelope, mum } = await sample();
    const left = rebuilt(envelope, {
      wraps: envelope.wraps.filter((wrap) => compareIds(wrap.deviceId, mum.member.id) === 0),
    });
    await expect(open(deliver(left, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-signature',
    );
    expect(() => deliver(left, draw(seeded('else'), 16))).toThrow('envelope-recipient');
  });

  it('cannot swap two, or put one in the other’s place', async () => {
    const { family, toMum, envelope, mum } = await sample();
    const [first, second] = envelope.wraps as [Wrap, Wrap];
    expect(() => decodeUploaded(rebuilt(envelope, { wraps: [second, first] }))).toThrow('envelope-form');
    expect(() => decodeUploaded(rebuilt(envelope, { wraps: [first, first] }))).toThrow('envelope-form');
    const renamed = [
      { ...second, deviceId: first.deviceId },
      { ...first, deviceId: second.deviceId },
    ];
    const swapped = rebuilt(envelope, { wraps: renamed });
    await expect(open(deliver(swapped, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-signature',
    );
  });

  it('cannot add a device of its own', async () => {
    const { family, toMum, envelope, mum, sealed } = await sample();
    const ghost = testDevice('ghost', ROLE_ADULT);
    const bundle = decodeBundle((await receiver(ghost, family.roster)).bundle, ghost.member);
    const wrap = sealWrap(
      { key: sealed.draft.key, sequence: 1 },
      prekeyAt(bundle, NOON_S),
      ghost.member.id,
      envelope,
      seeded('ghost wrap'),
    );
    const wraps = [...envelope.wraps, wrap].sort((a, b) => compareIds(a.deviceId, b.deviceId));
    const added = rebuilt(envelope, { wraps });
    await expect(open(deliver(added, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-signature',
    );
  });

  it('cannot hand mum what is dad’s', async () => {
    const { family, toMum, uploaded, dad } = await sample();
    await expect(open(deliver(uploaded, dad.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-recipient',
    );
  });

  it('cannot exchange the body for another message’s', async () => {
    const { family, toMum, envelope, mum, toy } = await sample();
    const other = await bodyOf(
      MESSAGE_ID,
      voiceHead(toy.id, 1000),
      clipOf('other', 2000).packets,
      seeded('other'),
    );
    const exchanged = rebuilt(envelope, { body: other.body });
    await expect(open(deliver(exchanged, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-body',
    );
  });
});

describe('a sender who lies', () => {
  /** Signs whatever wraps and header it likes, as a member with a real key may. */
  function signed(
    signer: { secret: Uint8Array },
    headerBytes: Uint8Array,
    wraps: Wrap[],
    body: Uint8Array,
  ): Uint8Array {
    wraps.sort((a, b) => compareIds(a.deviceId, b.deviceId));
    const signature = signDigest(envelopeDigest(headerBytes, wraps.map(hashWrap)), signer.secret);
    return joined([encodeUploaded(headerBytes, signature, wraps), body]);
  }

  it('cannot give two recipients two keys', async () => {
    const { family, bridge, toMum, toDad, envelope, sealed, mum, dad } = await sample();
    const otherKey = draw(seeded('other key'), 32);
    const wraps = [toMum, toDad].map((to, i) => {
      const prekey = prekeyAt(decodeBundle(to.bundle, to.device.member), NOON_S);
      const key = i === 0 ? sealed.draft.key : otherKey;
      return sealWrap({ key, sequence: 1 }, prekey, to.device.member.id, envelope, seeded(`wrap ${i}`));
    });
    const uploaded = signed(bridge.signer, envelope.headerBytes, wraps, envelope.body);
    await open(deliver(uploaded, mum.member.id), toMum, family.roster);
    await expect(open(deliver(uploaded, dad.member.id), toDad, family.roster)).rejects.toThrow(
      'envelope-commitment',
    );
  });

  it('cannot say in the header that it is somebody else', async () => {
    const { family, bridge, envelope, toMum, mum, dad } = await sample();
    const headerBytes = encodeHeader({ ...envelope.header, senderId: dad.member.id });
    const uploaded = signed(bridge.signer, headerBytes, [...envelope.wraps], envelope.body);
    await expect(open(deliver(uploaded, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-signature',
    );
  });

  it('cannot take a header over to another message', async () => {
    const { family, bridge, envelope, toMum, mum, sealed, toy } = await sample();
    const other = await bodyOf(draw(seeded('second'), 16), voiceHead(toy.id, 60), clipOf('x', 9).packets);
    const draft: BodyDraft = { ...other.draft, messageId: MESSAGE_ID, key: sealed.draft.key };
    const { uploaded } = upload({ draft, body: other.body }, senderOf(bridge, family.roster), [
      recipientOf(toMum),
    ]);
    // Signed, whole, committed: but the body was sealed under another message's id.
    await expect(open(deliver(uploaded, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-body',
    );
    expect(envelope.header.messageId).toEqual(MESSAGE_ID);
  });

  it('cannot send what its role may not', async () => {
    const { family, grandma, toMum, sealed, mum } = await sample();
    const { uploaded } = upload(sealed, senderOf(grandma, family.roster), [recipientOf(toMum)]);
    await expect(open(deliver(uploaded, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-sender',
    );
  });
});

describe('who may speak', () => {
  it('is not a device that no adult has signed in', async () => {
    const { family, toMum, sealed, mum } = await sample();
    const ghost = testDevice('ghost', ROLE_ADULT);
    const { uploaded } = upload(sealed, senderOf(ghost, family.roster), [recipientOf(toMum)]);
    await expect(open(deliver(uploaded, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-sender',
    );
  });

  it('is not a removed device, however far back it dates its message', async () => {
    const { family, bridge, toMum, sealed, mum } = await sample();
    const before = family.roster;
    family.change([mum.signer], { op: 'remove', ids: [bridge.member.id] });
    const backDated = upload(sealed, senderOf(bridge, before), [recipientOf(toMum)]).uploaded;
    await expect(open(deliver(backDated, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-sender',
    );
    const today = upload(sealed, senderOf(bridge, family.roster), [recipientOf(toMum)]).uploaded;
    await expect(open(deliver(today, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-sender',
    );
  });

  it('is a member with an older head of this chain', async () => {
    const { family, bridge, toMum, sealed, mum, grandma } = await sample();
    const before = family.roster;
    family.change([mum.signer], { op: 'remove', ids: [grandma.member.id] });
    const { uploaded } = upload(sealed, senderOf(bridge, before), [recipientOf(toMum)]);
    await open(deliver(uploaded, mum.member.id), toMum, family.roster);
  });

  it('is for later, when the head is not known yet', async () => {
    const { family, bridge, toMum, sealed, mum, grandma } = await sample();
    const mine = family.roster;
    family.change([mum.signer], { op: 'remove', ids: [grandma.member.id] });
    const { uploaded } = upload(sealed, senderOf(bridge, family.roster), [recipientOf(toMum)]);
    const delivered = deliver(uploaded, mum.member.id);
    await expect(open(delivered, toMum, mine)).rejects.toThrow('envelope-head');
    await open(delivered, toMum, family.roster);
  });

  it('is not somebody of another family', async () => {
    const { toMum, uploaded, mum } = await sample();
    const other = wholeFamily('other');
    const delivered = deliver(uploaded, mum.member.id);
    await expect(open(delivered, toMum, other.family.roster)).rejects.toThrow('envelope-sender');
  });
});

describe('a message that comes again', () => {
  it('is dropped by its sequence', async () => {
    const { family, toMum, uploaded, mum } = await sample();
    const delivered = deliver(uploaded, mum.member.id);
    toMum.replays.keep((await open(delivered, toMum, family.roster)).opened);
    await expect(open(delivered, toMum, family.roster)).rejects.toThrow('envelope-replay');
  });

  it('is dropped by its id when it was sealed again', async () => {
    const { family, toMum, uploaded, mum, bridge, sealed } = await sample();
    toMum.replays.keep((await open(deliver(uploaded, mum.member.id), toMum, family.roster)).opened);
    const again = upload(sealed, senderOf(bridge, family.roster), [recipientOf(toMum, 2)]).uploaded;
    await expect(open(deliver(again, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-replay',
    );
  });

  it('is not lost when the first try was not kept', async () => {
    const { family, toMum, uploaded, mum } = await sample();
    const delivered = deliver(uploaded, mum.member.id);
    await open(delivered, toMum, family.roster);
    await open(delivered, toMum, family.roster);
  });

  it('cannot be opened when its window’s key has been destroyed', async () => {
    const { family, toMum, uploaded, mum } = await sample();
    for (const window of await toMum.prekeys.windows()) await toMum.prekeys.remove(window);
    await expect(open(deliver(uploaded, mum.member.id), toMum, family.roster)).rejects.toThrow(
      'envelope-window',
    );
  });
});

describe('the form', () => {
  it('has one version', async () => {
    const { envelope } = await sample();
    const front = encodeCbor([2, 1, envelope.headerBytes, envelope.signature, []]);
    const bytes = joined([
      new Uint8Array([front.length & 255, front.length >> 8, 0, 0]),
      front,
      envelope.body,
    ]);
    expect(() => decodeUploaded(bytes)).toThrow('envelope-version');
  });
});
