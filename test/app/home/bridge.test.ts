// A family whose phone has no Bluetooth, as every iPhone's: the bridge at home pairs the toy and carries both voices.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pairing } from '#app/model.ts';
import { enTroubles } from '#app/words/en-troubles.ts';
import { troubleKind } from '#app/words/troubles.ts';
import { type Clock, wallClock } from '#bridge/clock.ts';
import { type Radio, RadioError } from '#bridge/radio.ts';
import { streamFromOgg } from '#protocol/audio/ogg.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import { beginFamily } from './family.ts';
import { type House, openHouse, recording, type TestPhone } from './house.ts';
import { addPi, type Pi } from './pi.ts';

/** How long a bridge has to say that it is at it, and how long the toy is looked for. */
const [ANSWER_MS, SEARCH_MS] = [30_000, 120_000];

/** What the phone waits for, until it is over. */
const waits = new Set<{ ms: number; end: AbortController }>();
const clock: Clock = {
  nowMs: wallClock.nowMs,
  async sleep(ms, signal) {
    const wait = { ms, end: new AbortController() };
    waits.add(wait);
    await wallClock.sleep(ms, AbortSignal.any([wait.end.signal, ...(signal ? [signal] : [])]));
    waits.delete(wait);
  },
};
const waiting = (ms: number) => [...waits].filter((wait) => wait.ms === ms);

const deafRadio: Radio = {
  scan: () => Promise.reject(new RadioError('no-adapter', 'There is none.')),
  connect: () => Promise.reject(new RadioError('no-adapter', 'There is none.')),
  close: async () => {},
};

let house: House;
let phone: TestPhone;
let pi: Pi;
beforeAll(async () => {
  house = await openHouse();
  phone = await house.addPhone({ hasRadio: false, clock });
  await beginFamily(phone, 'Ada');
});
afterAll(async () => {
  await pi?.close();
  await house.close();
});

/** From the tag to the search, which somebody may have to hold the paw for. */
async function search(): Promise<void> {
  const { actions, state } = phone.model;
  await actions.startPairing();
  expect(await actions.giveTag(encodeTag(house.toy.tag))).toBe(true);
  await actions.searchToy('bridge', { hasConsent: true });
  expect(state.pairing.value).toMatchObject({ way: 'bridge' });
}

const untilStep = (step: Pairing['step']) =>
  phone.until(step, () => {
    const now = phone.model.state.pairing.value;
    return now?.step === step ? now : null;
  });

/** What a person reads when the pairing has failed. */
async function sentence(): Promise<string> {
  const { code } = await untilStep('failed');
  await phone.model.actions.stopPairing();
  return enTroubles[troubleKind(code!)].what;
}

/** Four animals are on the screen, and the toy has sung the same. */
async function animals(): Promise<void> {
  const shown = (await untilStep('animals')).animals;
  expect(shown.length).toBe(4);
  const sung = () => house.toy.speaker.tones.map(({ sound }) => ANIMALS[sound]!).slice(-4);
  await expect.poll(sung, { timeout: 15_000 }).toEqual(shown);
}

const toyNow = () => phone.model.state.toys.value[0];

describe.sequential('a phone without Bluetooth', () => {
  it('says that its family has no bridge', async () => {
    expect(phone.model.state.abilities.bluetooth).toBe(false);
    await search();
    expect(await sentence()).toBe('Your family has no bridge yet.');
  });

  it('lets a bridge in', async () => {
    pi = await addPi(house, phone, 'The Pi');
    expect(phone.model.state.bridges.value).toMatchObject([{ kind: 'bridge', name: 'The Pi' }]);
    expect(phone.model.state.people.value.map(({ name }) => name)).toEqual(['Ada']);
  });

  it('says that the bridge is off, which lets the matter rest when it is on again', async () => {
    await search();
    await expect.poll(() => waiting(ANSWER_MS).length).toBe(1);
    for (const { end } of waiting(ANSWER_MS)) end.abort();
    expect(await sentence()).toBe('The bridge does not answer.');
    pi.start();
    await pi.happenings.until('end of the old errand', ({ event }) => event === 'unpaired');
    expect(phone.model.state.pairing.value).toBeNull();
    expect(phone.model.state.toys.value).toEqual([]);
  });

  it('says that the bridge has no radio', async () => {
    await pi.stop();
    pi.start(deafRadio);
    await search();
    expect(await sentence()).toBe('The bridge cannot use its Bluetooth.');
    await pi.stop();
    pi.start();
  });

  it('takes no for an answer: nothing is stored', async () => {
    await Promise.all([house.toy.holdToPair(), search()]);
    await animals();
    const from = pi.happenings.all.length;
    await phone.model.actions.confirmAnimals(false);
    expect(await sentence()).toBe('You said that the animals differ, so the pairing was stopped.');
    await pi.happenings.until('denial', (it) => it.event === 'unpaired' && it.code === 'denied', from);
    expect(phone.model.state.toys.value).toEqual([]);
  });

  it('brings the toy home, by the animals that it sings', async () => {
    const { actions, state } = phone.model;
    await search();
    expect(waiting(SEARCH_MS).length).toBe(1);
    await house.toy.holdToPair();
    await animals();
    // Whoever compares may take their time.
    expect(waiting(SEARCH_MS)).toEqual([]);
    await actions.confirmAnimals(true);
    const { toyId } = await untilStep('done');
    await actions.stopPairing();
    const me = state.people.value[0]!.id;
    expect(toyNow()).toMatchObject({ id: toyId, mayChange: true, isAsleepTooLong: false });
    expect(toyNow()!.consent).toMatchObject({ isGiven: true, personId: me });
    expect(toyNow()!.permissions).toMatchObject([{ personId: me, isAllowed: true }]);
    await pi.happenings.until('link', (it) => it.event === 'status' && it.toy === toyId);
  });

  it('hears what the child says', async () => {
    const { actions, state } = phone.model;
    await house.toy.say(700);
    const letter = await phone.until('letter', () =>
      state.letters.value.find(({ direction }) => direction === 'from-toy'),
    );
    expect(letter).toMatchObject({ toyId: toyNow()!.id, personId: null });
    expect(Buffer.from(await actions.ogg(letter.id)).toString('latin1', 0, 4)).toBe('OggS');
    expect(toyNow()!.link).toBe('bridge');
  });

  it('is heard by the child', async () => {
    const { actions, state } = phone.model;
    const said = recording();
    await actions.send([toyNow()!.id], said);
    const { id } = state.letters.value.find(({ direction }) => direction === 'to-toy')!;
    const reached = (progress: string) =>
      phone.until(progress, () => state.letters.value.find((it) => it.id === id && it.progress === progress));
    await reached('toy');
    const played = house.toy.speaker.played.length;
    await house.toy.tap();
    await reached('heard');
    expect(house.toy.speaker.played.length).toBe(played + 1);
    expect(streamFromOgg(await actions.ogg(id))).toEqual(said.stream);
  });

  it('changes the toy through the bridge', async () => {
    const from = pi.happenings.all.length;
    await phone.model.actions.setVolume(toyNow()!.id, 40);
    await pi.happenings.until('new policy', (it) => it.event === 'policy' && it.isObeyed, from);
    expect(house.toy.toy.errors).toEqual([]);
  });
});
