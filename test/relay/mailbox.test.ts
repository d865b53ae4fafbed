// Messages through a running relay, as devices see it: in once, out to each, acknowledged one by one.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MESSAGE_TTL_S, OFFERED_GRACE_S } from '#protocol/relay/limits.ts';
import { messagePath } from '#protocol/relay/paths.ts';
import {
  bodyOf,
  clipOf,
  open,
  receiver,
  recipientOf,
  senderOf,
  upload,
  voiceHead,
} from '#test/support/envelope.ts';
import { wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { type RunningRelay, runningRelay } from './running.ts';

const home = wholeFamily('mailbox');
const { family, bridge, mum, dad, grandma } = home;
const receivers = {
  mum: await receiver(mum, family.roster),
  dad: await receiver(dad, family.roster),
  grandma: await receiver(grandma, family.roster),
};

/** An envelope of the bridge for those. */
async function envelope(
  seed: string,
  to = [receivers.mum, receivers.dad],
  from = bridge,
  sizeBytes = 20_000,
) {
  const message = draw(seeded(`message ${seed}`), 16);
  const clip = clipOf(seed, sizeBytes);
  const sealed = await bodyOf(message, voiceHead(home.toy.id, 10_000), clip.packets);
  const sender = senderOf(from, family.roster);
  const { uploaded } = upload(
    sealed,
    sender,
    to.map((receiving) => recipientOf(receiving)),
  );
  return { message, uploaded, clip: clip.bytes };
}

describe('messages', () => {
  let running: RunningRelay;
  beforeEach(async () => {
    running = await runningRelay();
    await running.client(family, mum).createFamily(family.entries);
  });
  afterEach(() => running.close());

  it('go once in and out to each recipient, who opens them', async () => {
    const { message, uploaded, clip } = await envelope('one');
    expect(await running.client(family, bridge).putMessage(message, uploaded)).toEqual({ full: [] });
    for (const receiving of [receivers.mum, receivers.dad]) {
      const client = running.client(family, receiving.device);
      const page = await client.listMailbox(0, 10);
      expect(page).toMatchObject({ more: false, items: [{ cursor: 1, message }] });
      const delivered = await client.readMessage(1);
      expect(delivered.length).toBe(page.items[0]!.sizeBytes);
      expect(delivered.length).toBeLessThan(uploaded.length);
      const { packets } = await open(delivered, receiving, family.roster);
      expect(packets).toEqual(clip);
      await client.acknowledge([1]);
      expect((await client.listMailbox(0, 10)).items).toEqual([]);
      await expect(client.readMessage(1)).rejects.toThrow('relay-missing');
    }
    expect((await running.client(family, grandma).listMailbox(0, 10)).items).toEqual([]);
  });

  it('are the same message when they come again, even after everybody has acknowledged', async () => {
    const { message, uploaded } = await envelope('again', [receivers.mum]);
    const sender = running.client(family, bridge);
    const reader = running.client(family, mum);
    await sender.putMessage(message, uploaded);
    await sender.putMessage(message, uploaded);
    expect((await reader.listMailbox(0, 10)).items.length).toBe(1);
    await reader.acknowledge([1]);
    await sender.putMessage(message, uploaded);
    expect((await reader.listMailbox(0, 10)).items).toEqual([]);
  });

  it('with the id of another are a conflict', async () => {
    const first = await envelope('id');
    const second = await envelope('id', [receivers.dad], bridge, 30_000);
    expect(second.message).toEqual(first.message);
    await running.client(family, bridge).putMessage(first.message, first.uploaded);
    const again = running.client(family, bridge).putMessage(second.message, second.uploaded);
    await expect(again).rejects.toThrow('relay-conflict');
    // Another sender's messages have ids of their own: two bridges may both hold one clip of the toy.
    const mums = await envelope('id', [receivers.dad], mum);
    await running.client(family, mum).putMessage(mums.message, mums.uploaded);
    expect((await running.client(family, dad).listMailbox(0, 10)).items.length).toBe(2);
  });

  it('are refused in another one’s name, under another id, for strangers, malformed or too large', async () => {
    const { message, uploaded } = await envelope('refused');
    await expect(running.client(family, dad).putMessage(message, uploaded)).rejects.toThrow('relay-refused');
    const other = draw(seeded('other id'), 16);
    await expect(running.client(family, bridge).putMessage(other, uploaded)).rejects.toThrow('relay-answer');
    const cut = uploaded.subarray(0, uploaded.length - 1);
    await expect(running.client(family, bridge).putMessage(message, cut)).rejects.toThrow('relay-answer');
    const large = new Uint8Array(262_145);
    await expect(running.client(family, bridge).putMessage(message, large)).rejects.toThrow('relay-answer');

    const stranger = wholeFamily('mailbox stranger');
    const foreign = await receiver(stranger.dad, family.roster);
    const astray = await envelope('astray', [receivers.mum, foreign]);
    const sent = running.client(family, bridge).putMessage(astray.message, astray.uploaded);
    await expect(sent).rejects.toThrow('relay-recipient');
    expect((await running.client(family, mum).listMailbox(0, 10)).items).toEqual([]);
  });

  it('come in pages, in order, after a cursor', async () => {
    const sender = running.client(family, bridge);
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const { message, uploaded } = await envelope(seed, [receivers.mum], bridge, 2000);
      await sender.putMessage(message, uploaded);
    }
    const reader = running.client(family, mum);
    const first = await reader.listMailbox(0, 2);
    expect([first.more, ...first.items.map((item) => item.cursor)]).toEqual([true, 1, 2]);
    await reader.acknowledge([2, 4, 99]);
    const rest = await reader.listMailbox(1, 10);
    expect([rest.more, ...rest.items.map((item) => item.cursor)]).toEqual([false, 3, 5]);
  });

  it('to a full mailbox do not block the others, and come in when there is room', async () => {
    await running.close();
    running = await runningRelay({ quota: { messages: 1, sizeBytes: 1_000_000 } });
    await running.client(family, mum).createFamily(family.entries);
    const sender = running.client(family, bridge);
    const first = await envelope('first', [receivers.dad]);
    await sender.putMessage(first.message, first.uploaded);

    const second = await envelope('second');
    expect(await sender.putMessage(second.message, second.uploaded)).toEqual({ full: [dad.member.id] });
    const third = await envelope('third', [receivers.dad]);
    await expect(sender.putMessage(third.message, third.uploaded)).rejects.toThrow('relay-full');

    await running.client(family, mum).acknowledge([1]);
    await running.client(family, dad).acknowledge([1]);
    expect(await sender.putMessage(second.message, second.uploaded)).toEqual({ full: [] });
    const { items } = await running.client(family, dad).listMailbox(0, 10);
    expect(items.map((item) => item.message)).toEqual([second.message]);
    const delivered = await running.client(family, dad).readMessage(items[0]!.cursor);
    expect((await open(delivered, receivers.dad, family.roster)).packets).toEqual(second.clip);
    expect((await running.client(family, mum).listMailbox(0, 10)).items).toEqual([]);
  });

  it('to a relay without room are refused and not kept; reading and acknowledging make room again', async () => {
    await running.close();
    running = await runningRelay({ storeMaxBytes: 2 * 1024 * 1024, storeReserveBytes: 512 * 1024 });
    await running.client(family, mum).createFamily(family.entries);
    const sender = running.client(family, bridge);
    const reader = running.client(family, mum);
    let stored = 0;
    for (let isFull = false; !isFull; ) {
      const { message, uploaded } = await envelope(`room ${stored}`, [receivers.mum], bridge, 100_000);
      isFull = await sender.putMessage(message, uploaded).then(
        () => false,
        (error: Error) => error.message === 'relay-full',
      );
      if (!isFull) stored++;
    }
    expect(stored).toBeGreaterThan(5);
    expect((await reader.listMailbox(0, 100)).items.length).toBe(stored);
    await reader.acknowledge([1, 2]);
    const { message, uploaded } = await envelope('room again', [receivers.mum], bridge, 100_000);
    expect(await sender.putMessage(message, uploaded)).toEqual({ full: [] });
    await running.restart();
    expect((await running.client(family, mum).listMailbox(0, 100)).items.length).toBe(stored - 1);
  });

  it('wait for a long poll, which a message ends', async () => {
    const { message, uploaded } = await envelope('poll');
    const waiting = running.client(family, dad).listMailbox(0, 10, 25);
    const looked = running.client(family, mum).listMailbox(0, 10, 25);
    await running.client(family, bridge).putMessage(message, uploaded);
    expect((await waiting).items.map((item) => item.message)).toEqual([message]);
    expect((await looked).items.length).toBe(1);
  });

  it('have paths that name nothing but a random id', () => {
    expect(messagePath(new Uint8Array(16))).toBe('/v1/messages/AAAAAAAAAAAAAAAAAAAAAA');
  });

  it('are kept for 30 days, and longer until a week after they were first offered', () => {
    expect([MESSAGE_TTL_S, OFFERED_GRACE_S]).toEqual([30 * 86_400, 7 * 86_400]);
  });
});
