// A bridge's store from before the boxes had their names: what waited in it still comes to the toy.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markDelivered, moveOldWaiting, nextDelivery } from '#bridge/deliveries.ts';
import type { Device } from '#bridge/device.ts';
import { listLetters } from '#bridge/letters.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { isDone } from '#bridge/reception.ts';
import { forgetVoice, keepVoice, listVoices } from '#bridge/voices.ts';
import { ANSWER } from '#test/support/journey.ts';
import { beginLetters, type LetterFamily } from '#test/support/letter-family.ts';

let family: LetterFamily;
beforeAll(async () => {
  family = await beginLetters();
});
afterAll(() => family.close());

const waits = (device: Device) => listVoices(device.store, device.keys, 'waiting');

it('moves what waits for toys out of the box that is a person’s today', async () => {
  const { mum, bridge, toyId } = family;
  const id = await speakToToy(mum, toyId, ANSWER);
  await family.settle();
  const [voice] = await waits(bridge);
  const letters = await bridge.store.list('letters', '');
  await bridge.store.write([
    forgetVoice('waiting', voice!),
    keepVoice(bridge.keys, 'inbox', voice!),
    ...letters.map(({ key }) => ({ collection: 'letters', key, value: null }) as const),
  ]);
  expect(await nextDelivery(bridge, toyId)).toBeNull();

  await moveOldWaiting(bridge);
  expect((await nextDelivery(bridge, toyId))!.id).toEqual(id);
  expect(await isDone(bridge, id)).toBe(false);
  expect(await bridge.store.list('inbox', '')).toEqual([]);
  await markDelivered(bridge, id, false);
  await exchange(bridge, {});
  expect((await bridge.mailbox.listMailbox(0, 100)).items).toEqual([]);
  await exchange(mum, {});
  expect((await listLetters(mum))[0]).toMatchObject({ messageId: id, progress: 'toy' });
});

it('leaves what the child said where it is', async () => {
  const { mum, toyId } = family;
  const senderId = family.bridge.member.id;
  const stamp = new Uint8Array(0);
  const voice = {
    messageId: new Uint8Array(16).fill(7),
    toyId,
    senderId,
    sentAt: 1,
    durationMs: 60,
    packets: 1,
    stamp,
    stream: ANSWER,
  };
  await mum.store.write([keepVoice(mum.keys, 'inbox', voice)]);
  await moveOldWaiting(mum);
  expect(await listVoices(mum.store, mum.keys, 'inbox')).toEqual([voice]);
  expect(await waits(mum)).toEqual([]);
});
