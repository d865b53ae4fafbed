// A child's voice to a parent, and the answer back, over the real BLE stacks on the virtual air, on both boards.
import { describe, expect, it } from 'vitest';
import { idText } from '#protocol/family/member.ts';
import {
  ANSWER,
  beginJourney,
  isHeartBeating,
  isWholeSound,
  isWholeVoice,
  tells,
} from '#test/support/journey.ts';

describe.concurrent('a voice goes both ways', () => {
  for (const board of ['c3-plush', 'c3-stock']) {
    it(`with a toy on ${board}`, async () => {
      const journey = await beginJourney({ board });
      const { household, bridge, heard, receipts, hearings, toy, speaker } = journey;
      try {
        await journey.speak();
        const voice = await heard.until('voice at the parent', () => true);
        expect(isWholeVoice(voice)).toBe(true);
        expect(voice.toyId).toEqual(journey.toyId);

        const from = toy.all.length;
        const id = await journey.answer();
        await bridge.until('delivery', tells('delivered'));
        await toy.until('light in the heart', (event) => event.kind === 'heart' && event.isLit, from);
        expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
        expect(await receipts.until('receipt', () => true)).toBe(id);

        const told = await hearings.until('word that the child has heard it', () => true);
        expect(idText(told.messageId)).toBe(id);
        expect(Math.abs(told.at - household.adult.nowS())).toBeLessThan(10);

        expect(await isHeartBeating(journey)).toBe(false);
        expect(speaker.played.length).toBe(1);
        expect(heard.all.length).toBe(1);
        expect(hearings.all.length).toBe(1);
        expect(household.toy.errors).toEqual([]);
        expect(bridge.all.filter(tells('trouble'))).toEqual([]);
      } finally {
        await journey.close();
      }
    });
  }
});
