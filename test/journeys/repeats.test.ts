// The same clip comes by two ways, or again and again: it is heard once.
import { describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import type { Mailbox } from '#bridge/mailbox.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { exchange } from '#bridge/person.ts';
import { addDevice } from '#cli/household.ts';
import { createRoom } from '#cli/room.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { createHappenings } from '#test/support/happenings.ts';
import {
  ANSWER,
  beginJourney,
  isHeartBeating,
  isWholeSound,
  isWholeVoice,
  type JourneyOptions,
  tells,
} from '#test/support/journey.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

/** A family with a second bridge, which is not running yet, and a second parent, whose device asks by hand. */
async function beginWithMore(told: NonNullable<JourneyOptions['told']> = () => {}) {
  const more: Device[] = [];
  const journey = await beginJourney({
    board: 'c3-plush',
    room: createRoom('memory'),
    told,
    async beforePairing({ adult, relay }) {
      for (const role of [ROLE_BRIDGE, ROLE_ADULT] as const) {
        const store = createMemoryStore().open();
        more.push(await addDevice(adult, role, relay.url, store, wallClock));
      }
    },
  });
  const [bridge, parent] = more as [Device, Device];
  const second = createHappenings<BridgeEvent>();
  let stop = async () => {};
  return {
    journey,
    second,
    parent: { ...parent, mailbox: forgetful(parent.mailbox) },
    startSecond() {
      const ending = new AbortController();
      const radio = journey.household.room.addRadio();
      const device = { ...bridge, mailbox: forgetful(bridge.mailbox) };
      const parts = { device, radio, random: Math.random, tell: second.note };
      const ended = runBridge(parts, ending.signal);
      stop = async () => {
        ending.abort();
        await ended;
        await radio.close();
      };
    },
    async close() {
      await stop();
      await journey.close();
    },
  };
}

/** A relay that forgets what was acknowledged, and serves it again with each list, as if it were new. */
function forgetful(mailbox: Mailbox): Mailbox {
  const kept = new Map<string, Uint8Array>();
  const served = new Map<number, string>();
  let cursors = 0;
  return {
    ...mailbox,
    async listMailbox(after, limit) {
      if (after > 0) return { items: [], more: false };
      const { items } = await mailbox.listMailbox(0, limit);
      for (const { cursor, message } of items) {
        kept.set(idText(message) + cursor, await mailbox.readMessage(cursor));
        await mailbox.acknowledge([cursor]);
      }
      const again = [...kept].map(([name, bytes]) => {
        served.set(++cursors, name);
        const message = Uint8Array.from(Buffer.from(name.slice(0, 32), 'hex'));
        return { cursor: cursors, message, sizeBytes: bytes.length };
      });
      return { items: again, more: false };
    },
    readMessage: async (cursor) => kept.get(served.get(cursor)!)!,
    acknowledge: async () => {},
  };
}

describe.concurrent('what comes twice', () => {
  it('a message that two bridges bring, one of them from a forgetful relay, is heard once', async () => {
    const { journey, second, startSecond, close } = await beginWithMore();
    const { household, bridge, speaker, receipts, toy } = journey;
    try {
      const id = await journey.answer();
      await bridge.until('delivery', tells('delivered'));
      await household.stopBridge();
      startSecond();
      await second.until(
        'delivery by the second',
        (told) => told.event === 'delivered' && told.message === id,
      );
      expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
      expect(await isHeartBeating(journey)).toBe(false);
      // A tap now plays nothing, and the next message is another one.
      const from = toy.all.length;
      const next = await journey.answer();
      await second.until('next delivery', (told) => told.event === 'delivered' && told.message === next);
      await toy.until('light in the heart', (event) => event.kind === 'heart' && event.isLit, from);
      expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
      expect(await isHeartBeating(journey)).toBe(false);
      expect(speaker.played.length).toBe(2);
      await receipts.until('receipt for the next', (receipt) => receipt === next);
      expect(second.all.filter(tells('delivered')).length).toBe(2);
      expect(household.toy.errors).toEqual([]);
    } finally {
      await close();
    }
  });

  it('a recording that two bridges took, as the first one’s answer was lost, is heard once', async () => {
    let isLost = false;
    const { journey, second, parent, startSecond, close } = await beginWithMore((told, { roomToy }) => {
      if (told.event !== 'recorded' || isLost) return;
      isLost = true;
      roomToy.setInRange(false);
    });
    const { household, bridge, heard } = journey;
    try {
      await journey.speak();
      await bridge.until('recording at the relay', tells('sent'));
      await household.stopBridge();
      startSecond();
      household.roomToy.setInRange(true);
      await second.until('recording at the relay', tells('sent'));
      const [first] = bridge.all.filter(tells('recorded'));
      expect(second.all.filter(tells('recorded'))).toEqual([first]);
      await journey.speak(1500);
      await heard.until('second voice', () => heard.all.length === 2);
      expect(heard.all.map((voice) => isWholeVoice(voice))).toEqual([true, true]);
      expect(new Set(heard.all.map(({ messageId }) => idText(messageId))).size).toBe(2);

      // The other parent's relay serves everything again and again.
      const taken: string[] = [];
      for (let i = 0; i < 3; i++) {
        await exchange(parent, { heard: ({ messageId }) => void taken.push(idText(messageId)) });
      }
      expect(taken).toEqual(heard.all.map(({ messageId }) => idText(messageId)));
      expect(await isHeartBeating(journey)).toBe(false);
      expect(heard.all.length).toBe(2);
      expect(household.toy.errors).toEqual([]);
    } finally {
      await close();
    }
  });
});
