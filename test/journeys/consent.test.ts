// A parent takes the consent back: from the moment at which the toy has heard it the paw opens no microphone, until consent is given again.
import { expect, it } from 'vitest';
import { consentsOf, giveConsent } from '#bridge/consents.ts';
import { createRoom } from '#cli/room.ts';
import { ANSWER, beginJourney, isOpen, isWholeSound, isWholeVoice, SAID_MS } from '#test/support/journey.ts';

const SONGS_MS = 3_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('the microphone stays shut without consent, the heart and the ear do not', async () => {
  const journey = await beginJourney({ board: 'c3-plush', room: createRoom('memory') });
  const { household, bridge, toy, toyId, heard } = journey;
  const { adult, person } = household;
  const words = new Uint8Array(32).fill(7);

  /** What the parent says of consent is what the toy obeys. */
  async function consent(isGiven: boolean): Promise<void> {
    const from = bridge.all.length;
    await giveConsent(adult, toyId, isGiven, words);
    person.wake();
    await bridge.until('policy', (event) => event.event === 'policy' && event.isObeyed, from);
  }
  async function holdPaw(): Promise<void> {
    household.toy.press();
    await pause(SAID_MS);
    household.toy.release();
  }

  await pause(SONGS_MS);
  await journey.speak();
  expect(isWholeVoice(await heard.until('first voice', () => true))).toBe(true);

  await consent(false);
  const [shut, voices, brought] = [toy.all.length, heard.all.length, bridge.all.length];
  for (let i = 0; i < 2; i++) await holdPaw();
  // A message to the child still comes, and is heard: the toy is well and linked.
  await journey.answer();
  await bridge.until('delivery', (event) => event.event === 'delivered', brought);
  expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
  await holdPaw();
  expect(toy.all.slice(shut).filter(isOpen('microphone', true))).toEqual([]);
  expect(bridge.all.slice(brought).filter(({ event }) => event === 'recording')).toEqual([]);
  expect(heard.all.length).toBe(voices);

  await consent(true);
  await journey.speak();
  expect(isWholeVoice(await heard.until('second voice', () => true, voices))).toBe(true);
  expect((await consentsOf(adult, toyId)).map(({ isGiven }) => isGiven)).toEqual([false, true]);
  expect(household.toy.errors).toEqual([]);
  await journey.close();
});
