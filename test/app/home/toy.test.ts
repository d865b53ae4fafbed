// A toy of the family, from its tag to a voice in each direction, all by the model and the phone's radio.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Toy } from '#app/model.ts';
import { streamFromOgg } from '#protocol/audio/ogg.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { beginFamily, pairToy } from './family.ts';
import { type House, openHouse, recording, type TestPhone } from './house.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

let house: House;
let phone: TestPhone;
let toy: Toy;
beforeAll(async () => {
  house = await openHouse();
  phone = await house.addPhone({ minutesAhead: 120 });
  await beginFamily(phone, 'Ada');
});
afterAll(() => house.close());

const toyNow = () => phone.model.state.toys.value[0];

describe.sequential('a toy', () => {
  it('is not paired by a tag with a slip in it', async () => {
    const { actions, state } = phone.model;
    await actions.startPairing();
    expect(await actions.giveTag('paw')).toBe(false);
    expect(state.pairing.value).toMatchObject({ step: 'tag', code: 'tag-form' });
    const text = encodeTag(house.toy.tag);
    const slip = text.slice(0, -2) + (text.at(-2) === '0' ? '1' : '0') + text.at(-1);
    expect(await actions.giveTag(slip)).toBe(false);
    expect(state.pairing.value).toMatchObject({ step: 'tag', code: 'tag-checksum' });
    await actions.stopPairing();
    expect(state.pairing.value).toBeNull();
  });

  it('is paired, and links with the phone', async () => {
    toy = await pairToy(house, phone);
    expect(toy).toMatchObject({ volume: 70, quiet: null, mayChange: true });
    expect(toy.consent).toMatchObject({ isGiven: true, personId: phone.model.state.people.value[0]!.id });
    await phone.until('link', () => toyNow()?.link === 'here');
    await phone.until('newest policy', () => toyNow()?.hasNewestPolicy);
    expect(toyNow()!.lastSeenAt).toBeGreaterThan(0);
    expect(toyNow()!.firmware).toBe(version);
  });

  it('has a name and a picture', async () => {
    const { actions } = phone.model;
    await actions.rename({ kind: 'toy', id: toy.id }, 'Bruno ');
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
    await actions.setPicture({ kind: 'toy', id: toy.id }, new Blob([png]));
    expect(toyNow()).toMatchObject({ name: 'Bruno', picture: 'data:image/png;base64,iVBORw0KGgoA' });
    await actions.setPicture({ kind: 'toy', id: toy.id }, null);
    expect(toyNow()).toMatchObject({ name: 'Bruno', picture: null });
    await expect(actions.rename({ kind: 'toy', id: toy.id }, '')).rejects.toThrow(/^name-form$/);
  });

  it('obeys what a parent chooses, in the parent’s own hours', async () => {
    const { actions, state } = phone.model;
    const [me] = state.people.value;
    await actions.setVolume(toy.id, 40);
    await actions.setQuiet(toy.id, { from: 20 * 60, to: 60 });
    await actions.setPermissions(toy.id, [
      { personId: me!.id, isAllowed: true, needsApproval: false, rhythm: 3 },
    ]);
    expect(toyNow()).toMatchObject({ volume: 40, quiet: { from: 20 * 60, to: 60 } });
    expect(toyNow()!.permissions).toEqual([
      { personId: me!.id, isAllowed: true, needsApproval: false, rhythm: 3 },
    ]);
    await phone.until('newest policy', () => toyNow()?.hasNewestPolicy);
    await actions.setQuiet(toy.id, null);
    expect(toyNow()!.quiet).toBeNull();
  });

  it('brings what the child says', async () => {
    const { actions, state } = phone.model;
    await house.toy.say(700);
    const letter = await phone.until('letter', () =>
      state.letters.value.find(({ direction }) => direction === 'from-toy'),
    );
    expect(letter).toMatchObject({ toyId: toy.id, personId: null, isHeard: false, isMine: false });
    const ogg = await actions.ogg(letter.id);
    expect(Buffer.from(ogg).toString('latin1', 0, 4)).toBe('OggS');
    await actions.markHeard(letter.id);
    await actions.keep(letter.id, true);
    expect(state.letters.value.find(({ id }) => id === letter.id)).toMatchObject({
      isHeard: true,
      isKept: true,
    });
  });

  it('plays what a parent says', async () => {
    const { actions, state } = phone.model;
    const said = recording();
    const played = house.toy.speaker.played.length;
    await actions.send([toy.id], said);
    const letter = state.letters.value.find(({ direction }) => direction === 'to-toy')!;
    expect(letter).toMatchObject({ isMine: true });
    await phone.until('delivery', () =>
      state.letters.value.find(({ id, progress }) => id === letter.id && progress === 'toy'),
    );
    expect(streamFromOgg(await actions.ogg(letter.id))).toEqual(said.stream);
    await house.toy.tap();
    await phone.until('word that it was heard', () =>
      state.letters.value.find(({ id, progress }) => id === letter.id && progress === 'heard'),
    );
    expect(house.toy.speaker.played.length).toBe(played + 1);
    await actions.erase(letter.id);
    expect(state.letters.value.some(({ id }) => id === letter.id)).toBe(false);
  });

  it('gives others nothing of a voice, as the page of what they see counts', () => {
    const { relay, radio, pieces } = phone.model.state.seen.value;
    expect(pieces.sought).toBeGreaterThan(20);
    expect(pieces.found).toBe(0);
    expect(radio.bytes).toBeGreaterThan(1000);
    expect(radio.lastValue).toMatch(/^[0-9a-f]+$/);
    expect(relay.sentBytes).toBeGreaterThan(1000);
    expect(relay.requests.some(({ method, status }) => method === 'PUT' && status < 300)).toBe(true);
    expect(relay.members.map(({ role }) => role).sort()).toEqual(['adult', 'toy']);
    for (const { path } of relay.requests) expect(path).toMatch(/^\/[\w/?=&,.-]*$/);
  });

  it('is still known after a restart, with all that was', async () => {
    await phone.reopen();
    expect(toyNow()).toMatchObject({ id: toy.id, name: 'Bruno', volume: 40, firmware: version });
    expect(phone.model.state.letters.value.filter(({ isKept }) => isKept).length).toBe(1);
    await phone.until('link', () => toyNow()?.link === 'here');
  });

  it('stops recording when the consent is taken back', async () => {
    await phone.model.actions.setConsent(toy.id, false);
    expect(toyNow()!.consent).toMatchObject({ isGiven: false });
    await phone.until('newest policy', () => toyNow()?.hasNewestPolicy);
  });

  it('goes when it is given away', async () => {
    await phone.model.actions.remove([toy.id]);
    expect(phone.model.state.toys.value).toEqual([]);
  });
});
