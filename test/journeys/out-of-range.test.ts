// A toy that is carried away and comes back: nothing that was said meanwhile, on either side, is lost or heard twice.
import { describe, expect, it } from 'vitest';
import { idText } from '#protocol/family/member.ts';
import {
  ANSWER,
  beginJourney,
  isHeartBeating,
  isWholeSound,
  isWholeVoice,
  type Journey,
  tells,
} from '#test/support/journey.ts';

/** Everything is as it should be afterwards: each message once, and the toy healthy. */
async function expectCalm(journey: Journey, voices: number, messages: number): Promise<void> {
  expect(await isHeartBeating(journey)).toBe(false);
  expect(journey.heard.all.length).toBe(voices);
  expect(journey.speaker.played.length).toBe(messages);
  expect(journey.receipts.all.length).toBe(messages);
  expect(journey.household.toy.errors).toEqual([]);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent('a toy out of range', () => {
  it('goes on recording while it is carried away, and sends the rest when it is back', async () => {
    const journey = await beginJourney({ board: 'c3-plush' });
    const { household, bridge, heard } = journey;
    try {
      await journey.speak(1800, () => household.roomToy.setInRange(false));
      await bridge.until('end of the link', tells('unlinked'));
      expect(bridge.all.some(tells('recorded'))).toBe(false);
      household.roomToy.setInRange(true);
      const voice = await heard.until('voice at the parent', () => true);
      expect(isWholeVoice(voice, 1800)).toBe(true);
      await expectCalm(journey, 1, 0);
    } finally {
      await journey.close();
    }
  });

  it('keeps what was said far away, in its order', async () => {
    const journey = await beginJourney({ board: 'c3-plush' });
    const { household, bridge, heard } = journey;
    try {
      household.roomToy.setInRange(false);
      await journey.speak();
      await journey.speak(1700);
      await bridge.until('end of the link', tells('unlinked'));
      household.roomToy.setInRange(true);
      await heard.until('second voice', () => heard.all.length === 2);
      expect(heard.all.map((voice) => isWholeVoice(voice))).toEqual([true, true]);
      expect(heard.all[0]!.durationMs).toBeLessThan(heard.all[1]!.durationMs);
      expect(heard.all[0]!.sentAt).toBeLessThanOrEqual(heard.all[1]!.sentAt);
      await expectCalm(journey, 2, 0);
    } finally {
      await journey.close();
    }
  });

  it('says when it is back what was heard meanwhile, and when', async () => {
    const journey = await beginJourney({ board: 'c3-stock' });
    const { household, bridge, hearings } = journey;
    try {
      const ids = [await journey.answer(), await journey.answer()];
      await bridge.until('deliveries', () => bridge.all.filter(tells('delivered')).length === 2);
      household.roomToy.setInRange(false);
      await bridge.until('end of the link', tells('unlinked'));
      await journey.listen();
      // Until the toy has noticed the end, a touch would silence it.
      await pause(1000);
      await journey.listen();
      await pause(1000);
      const heardAtS = household.adult.nowS();
      await pause(4000);
      expect(hearings.all).toEqual([]);
      household.roomToy.setInRange(true);
      await hearings.until('both', () => hearings.all.length === 2);
      expect(hearings.all.map(({ messageId }) => idText(messageId)).sort()).toEqual(ids.sort());
      for (const { at } of hearings.all) expect(at).toBeLessThanOrEqual(heardAtS + 1);
      // The next link has nothing more to tell.
      const from = bridge.all.length;
      household.roomToy.setInRange(false);
      await bridge.until('end of the link', tells('unlinked'), from);
      household.roomToy.setInRange(true);
      await bridge.until('link', tells('status'), from);
      await journey.receipts.until('receipts', () => journey.receipts.all.length === 2);
      await expectCalm(journey, 0, 2);
      expect(hearings.all.length).toBe(2);
    } finally {
      await journey.close();
    }
  });

  it('gets what was sent to it meanwhile when it is back', async () => {
    const journey = await beginJourney({ board: 'c3-stock' });
    const { household, bridge } = journey;
    try {
      household.roomToy.setInRange(false);
      await bridge.until('end of the link', tells('unlinked'));
      await journey.answer();
      expect(await isHeartBeating(journey)).toBe(false);
      household.roomToy.setInRange(true);
      await bridge.until('delivery', tells('delivered'));
      expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
      await journey.receipts.until('receipt', () => true);
      await expectCalm(journey, 0, 1);
    } finally {
      await journey.close();
    }
  });
});
