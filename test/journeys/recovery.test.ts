// The only phone of a family is lost. With the kit a new one takes its place, and child and family go on through the bridge at home.
import { expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import { PutOut } from '#bridge/device.ts';
import { createKeys } from '#bridge/keys.ts';
import { exchange, runPerson, speakToToy } from '#bridge/person.ts';
import { recoverFamily } from '#bridge/recovery.ts';
import { keepSafe } from '#bridge/safe.ts';
import type { Voice } from '#bridge/voices.ts';
import { createRoom } from '#cli/room.ts';
import { idText, ROLE_ADULT } from '#protocol/family/member.ts';
import { createHappenings } from '#test/support/happenings.ts';
import { ANSWER, beginJourney, isWholeSound, isWholeVoice } from '#test/support/journey.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

const SONGS_MS = 3_000;

it('both ways of voice work again, and the lost phone hears nothing and says nothing', async () => {
  const journey = await beginJourney({ board: 'c3-plush', room: createRoom('memory') });
  const { household, bridge, toyId } = journey;
  const { adult: lost, relay, rootSeed } = household;
  await exchange(lost, {});
  await keepSafe(lost);
  const phone = await recoverFamily({
    keys: createKeys(ROLE_ADULT),
    relay: relay.url,
    store: createMemoryStore().open(),
    clock: wallClock,
    seed: rootSeed.slice(),
    lost: null,
  });
  const heard = createHappenings<Voice>();
  const stop = new AbortController();
  const from = bridge.all.length;
  const person = runPerson(phone, { heard: heard.note }, Math.random, stop.signal);
  await bridge.until('new policy', (event) => event.event === 'policy' && event.isObeyed, from);
  await new Promise((resolve) => setTimeout(resolve, SONGS_MS));

  const before = journey.heard.all.length;
  await journey.speak();
  const voice = await heard.until('voice', () => true);
  expect(isWholeVoice(voice)).toBe(true);

  const delivering = bridge.all.length;
  const id = idText(await speakToToy(phone, toyId, ANSWER));
  person.wake();
  await bridge.until('delivery', (event) => event.event === 'delivered' && event.message === id, delivering);
  expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);

  expect(journey.heard.all).toHaveLength(before);
  await expect(exchange(lost, {})).rejects.toThrow(PutOut);
  stop.abort();
  await person.ended;
  await journey.close();
});
