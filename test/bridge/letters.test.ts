// The history on a person's device, over a running relay: what everybody sees of a message as it goes its way.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markDelivered, nextDelivery } from '#bridge/deliveries.ts';
import type { Device } from '#bridge/device.ts';
import { policyOf } from '#bridge/grants.ts';
import { markHeardByToy } from '#bridge/heard.ts';
import {
  eraseLetter,
  forgetOldLetters,
  keepLetter,
  letterStream,
  listLetters,
  markHeard,
} from '#bridge/letters.ts';
import { postMessage, postNote } from '#bridge/outbox.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { listVoices } from '#bridge/voices.ts';
import { validateStream } from '#protocol/audio/stream.ts';
import {
  CODEC_OPUS,
  DELIVERED_TO_TOY,
  encodeReceipt,
  RECEIPT,
  VOICE_FROM_TOY,
} from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { ANSWER } from '#test/support/journey.ts';
import { beginLetters, type LetterFamily } from '#test/support/letter-family.ts';

const DAY_S = 86_400;

let family: LetterFamily;
beforeAll(async () => {
  family = await beginLetters();
});
afterAll(() => family.close());
beforeEach(() => family.allow([family.mum, family.dad, family.granny], []));

async function letterOf(device: Device, id: Uint8Array) {
  return (await listLetters(device)).find(({ messageId }) => idText(messageId) === idText(id));
}
const progressOf = async (device: Device, id: Uint8Array) => (await letterOf(device, id))?.progress;

/** The bridge brings the family something that the child said. */
async function childSays(id = sodium.randombytes_buf(16), from: Device = family.bridge): Promise<Uint8Array> {
  const { packets, durationMs } = validateStream(ANSWER);
  const { toyId } = family;
  const kind = VOICE_FROM_TOY;
  const to = recipientsFor(from.family.roster, {
    kind,
    toyId,
    senderId: from.member.id,
    deviceId: null,
    policy: await policyOf(from, toyId),
  });
  const extra = new Uint8Array(0);
  const head = { kind, toyId, sentAt: from.nowS(), durationMs, packets, codec: CODEC_OPUS, extra } as const;
  await postMessage(from, { id, head, packets: { sizeBytes: ANSWER.length, pieces: [ANSWER] } }, to);
  return id;
}

describe('what the family says', () => {
  it('is seen from the sender’s hand to the child’s ear, by whom it concerns', async () => {
    const { mum, dad, granny, bridge, toyId } = family;
    const id = await speakToToy(granny, toyId, ANSWER);
    expect(await progressOf(granny, id)).toBe('waiting');
    expect(await letterStream(granny, id)).toEqual(ANSWER);
    await exchange(granny, {});
    expect(await progressOf(granny, id)).toBe('sent');
    await family.settle();
    for (const device of [mum, dad]) {
      expect(await letterOf(device, id)).toMatchObject({
        direction: 'to-toy',
        senderId: granny.member.id,
        progress: 'sent',
        heardAt: null,
        isKept: false,
        awaitsApproval: false,
      });
      expect(await letterStream(device, id)).toEqual(ANSWER);
      // Their phones could bring it, too.
      expect((await nextDelivery(device, toyId))!.id).toEqual(id);
    }
    await markDelivered(bridge, id, false);
    await family.settle();
    for (const device of [mum, dad, granny]) expect(await progressOf(device, id)).toBe('toy');
    for (const device of [mum, dad, bridge]) expect(await nextDelivery(device, toyId)).toBeNull();

    family.pass(3600);
    await markHeardByToy(bridge, toyId, id, 60);
    await family.settle();
    for (const device of [mum, dad, granny]) {
      const letter = (await letterOf(device, id))!;
      expect(letter.progress).toBe('heard');
      expect(letter.progressAt).toBe(device.nowS() - 60);
      expect(await letterStream(device, id)).toEqual(ANSWER);
    }
  });

  it('waits on the speaker’s own phone as well, and on the others’', async () => {
    const { mum, dad, bridge, toyId } = family;
    const id = await speakToToy(mum, toyId, ANSWER);
    expect((await nextDelivery(mum, toyId))!.id).toEqual(id);
    await family.settle();
    await markDelivered(mum, id, false);
    await family.settle();
    expect(await progressOf(mum, id)).toBe('toy');
    expect(await progressOf(dad, id)).toBe('toy');
    expect(await nextDelivery(dad, toyId)).toBeNull();
    await markDelivered(bridge, id, false);
  });

  it('that the toy refused is told to sender and adults', async () => {
    const { mum, dad, granny, bridge, toyId } = family;
    const id = await speakToToy(granny, toyId, ANSWER);
    await family.settle();
    await markDelivered(bridge, id, true);
    await family.settle();
    for (const device of [mum, dad, granny]) expect(await progressOf(device, id)).toBe('refused');
    // A phone that still has it may yet bring it, as the toy may have heard of a newer policy by then.
    await markDelivered(dad, id, false);
    await family.settle();
    for (const device of [mum, dad, granny]) expect(await progressOf(device, id)).toBe('toy');
  });

  it('is not moved by a relative’s word on what became of it', async () => {
    const { mum, granny, toyId } = family;
    const id = await speakToToy(mum, toyId, ANSWER);
    await family.settle();
    await markDeliveredAs(granny, id);
    await family.settle();
    expect(await progressOf(mum, id)).toBe('sent');
    expect((await nextDelivery(mum, toyId))!.id).toEqual(id);
    await markDelivered(family.bridge, id, false);
    await family.settle();
  });

  it('that was taken back before it left never leaves', async () => {
    const { mum, bridge, toyId } = family;
    const id = await speakToToy(mum, toyId, ANSWER);
    await eraseLetter(mum, id);
    await family.settle();
    expect(await letterOf(mum, id)).toBeUndefined();
    expect(await nextDelivery(mum, toyId)).toBeNull();
    expect(await nextDelivery(bridge, toyId)).toBeNull();
  });
});

/** A relative’s device says that the toy has a message, which an honest one never does. */
async function markDeliveredAs(device: Device, messageId: Uint8Array): Promise<void> {
  const { toyId } = family;
  const to = recipientsFor(device.family.roster, {
    kind: RECEIPT,
    toyId,
    senderId: device.member.id,
    deviceId: null,
  });
  const extra = encodeReceipt({ messageId, state: DELIVERED_TO_TOY, at: device.nowS() });
  await postNote(device, { kind: RECEIPT, toyId, extra }, to, []);
  await exchange(device, {});
}

describe('what the child says', () => {
  it('is heard by the adults, and by a relative only while it may speak to the toy', async () => {
    const { mum, dad, granny } = family;
    const both = await childSays();
    await family.settle();
    for (const device of [mum, dad, granny]) expect(await letterStream(device, both)).toEqual(ANSWER);
    await family.allow([mum, dad], []);
    const adults = await childSays();
    await family.settle();
    for (const device of [mum, dad]) expect(await letterStream(device, adults)).toEqual(ANSWER);
    expect(await letterOf(granny, adults)).toBeUndefined();
  });

  it('is kept, heard, and erased, once, though two bridges bring it', async () => {
    const { mum, dad } = family;
    const id = await childSays();
    await family.settle();
    await markHeard(mum, id);
    const letter = (await letterOf(mum, id))!;
    expect(letter).toMatchObject({ direction: 'from-toy', heardAt: expect.any(Number), progress: 'sent' });
    expect((await letterOf(dad, id))!.heardAt).toBeNull();
    family.pass(100);
    await markHeard(mum, id);
    expect((await letterOf(mum, id))!.heardAt).toBe(letter.heardAt);

    await eraseLetter(mum, id);
    await childSays(id, dad);
    await family.settle();
    expect(await letterOf(mum, id)).toBeUndefined();
    expect(await letterStream(mum, id)).toBeNull();
    expect(
      (await listVoices(mum.store, mum.keys, 'inbox')).some(
        ({ messageId }) => idText(messageId) === idText(id),
      ),
    ).toBe(false);
  });

  it('is forgotten after 90 days, unless it is kept', async () => {
    const { mum } = family;
    const [old, kept] = [await childSays(), await childSays()];
    await family.settle();
    await keepLetter(mum, kept, true);
    family.pass(89 * DAY_S);
    await forgetOldLetters(mum);
    expect(await letterOf(mum, old)).toBeDefined();
    family.pass(2 * DAY_S);
    await forgetOldLetters(mum);
    expect(await letterOf(mum, old)).toBeUndefined();
    expect(await letterStream(mum, old)).toBeNull();
    expect((await letterOf(mum, kept))!.isKept).toBe(true);
    await keepLetter(mum, kept, false);
    family.pass(2 * DAY_S);
    await forgetOldLetters(mum);
    expect(await listLetters(mum)).toEqual([]);
    expect(await mum.store.list('letters', '')).toEqual([]);
    expect(await mum.store.list('inbox', '')).toEqual([]);
  });
});

describe('the history', () => {
  it('comes newest first', async () => {
    const { dad } = family;
    const times = (await listLetters(dad)).map(({ sentAt }) => sentAt);
    expect(times.length).toBeGreaterThan(4);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
});
