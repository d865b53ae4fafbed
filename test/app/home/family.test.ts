// A family of several phones: let in by the words on both screens, approved, put out, and recovered from the kit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginFamily, letIn, pairToy } from './family.ts';
import { type House, openHouse, recording, type TestPhone } from './house.ts';

let house: House;
let ada: TestPhone;
let kit: string;
beforeAll(async () => {
  house = await openHouse();
  ada = await house.addPhone();
  kit = await beginFamily(ada, 'Ada');
});
afterAll(() => house.close());

describe.sequential('a family', () => {
  let grandma: TestPhone;
  let grandmaId: string;

  it('lets nobody in whose words differ', async () => {
    const stranger = await house.addPhone({ hasRadio: false });
    await ada.model.actions.invite();
    const { link } = ada.model.state.invitation.value!;
    expect(link).toMatch(/^http:\/\/app\.example\/#join=/);
    await stranger.model.actions.join(link, 'Mallory', 'relative');
    await ada.until('words', () => ada.model.state.joining.value?.step === 'words');
    expect(ada.model.state.joining.value).toMatchObject({ side: 'adult', name: 'Mallory', role: 'relative' });
    await ada.model.actions.confirmWords(false);
    expect(ada.model.state.joining.value).toMatchObject({ step: 'failed', code: 'words-differ' });
    expect(ada.model.state.invitation.value).toBeNull();
    await stranger.until('words', () => stranger.model.state.joining.value?.step === 'words');
    await stranger.model.actions.confirmWords(true);
    await stranger.until('end', () => stranger.model.state.joining.value?.step === 'failed');
    expect(stranger.model.state.joining.value).toMatchObject({ code: 'invitation-expired' });
    expect(stranger.model.state.stage.value).toBe('welcome');
    expect(ada.model.state.people.value.length).toBe(1);
  });

  it('refuses what is no invitation', async () => {
    const phone = await house.addPhone({ hasRadio: false });
    await expect(phone.model.actions.join('paw', 'Eve', 'adult')).rejects.toThrow(/^invitation-form$/);
  });

  it('is joined by a phone that was restarted meanwhile, with the words that it showed before', async () => {
    const uncle = await house.addPhone({ hasRadio: false });
    await ada.model.actions.invite();
    await uncle.model.actions.join(ada.model.state.invitation.value!.link, 'Uncle', 'relative');
    const shown = await uncle.until('words', () => uncle.model.state.joining.value?.words[0]);
    await uncle.reopen();
    expect(uncle.model.state.stage.value).toBe('joining');
    expect(await uncle.until('words', () => uncle.model.state.joining.value?.words[0])).toBe(shown);
    await Promise.all([ada.model.actions.confirmWords(true), uncle.model.actions.confirmWords(true)]);
    await uncle.until('home', () => uncle.model.state.stage.value === 'home');
    const { id } = ada.model.state.people.value.find(({ name }) => name === 'Uncle')!;
    await ada.model.actions.remove([id]);
    await uncle.until('being put out', () => uncle.model.state.stage.value === 'removed');
  });

  it('lets a grandparent in, who sees names and toy', async () => {
    await pairToy(house, ada);
    grandma = await house.addPhone({ hasRadio: false });
    grandmaId = (await letIn(ada, grandma, 'Grandma', 'relative')).id;
    await grandma.until(
      'names',
      () => grandma.model.state.people.value.map(({ name }) => name).join() === 'Ada,Grandma',
    );
    await grandma.until('toy', () => grandma.model.state.toys.value[0]);
  });

  it('asks an adult for what a grandparent says', async () => {
    const [toy] = ada.model.state.toys.value;
    const permissions = toy!.permissions.map((permission) =>
      permission.personId === grandmaId ? { ...permission, needsApproval: true } : permission,
    );
    await ada.model.actions.setPermissions(toy!.id, permissions);
    await ada.until('newest policy', () => ada.model.state.toys.value[0]?.hasNewestPolicy);
    await grandma.model.actions.send([toy!.id], recording());
    const letter = await ada.until('letter that waits', () =>
      ada.model.state.letters.value.find(({ awaitsMe }) => awaitsMe),
    );
    expect(letter).toMatchObject({ personId: grandmaId, progress: 'approval' });
    await ada.model.actions.approve(letter.id, true);
    await ada.until('delivery', () =>
      ada.model.state.letters.value.find(({ id, progress }) => id === letter.id && progress === 'toy'),
    );
    await grandma.until('word of it', () =>
      grandma.model.state.letters.value.find(({ id, progress }) => id === letter.id && progress === 'toy'),
    );
  });

  it('puts somebody out, whose phone says so', async () => {
    await ada.model.actions.remove([grandmaId]);
    expect(ada.model.state.people.value.map(({ name }) => name)).toEqual(['Ada']);
    await grandma.until('being put out', () => grandma.model.state.stage.value === 'removed');
    await grandma.model.actions.leave();
    expect(grandma.model.state.stage.value).toBe('welcome');
  });

  it('takes another phone of the same person, which goes by itself', async () => {
    const tablet = await house.addPhone({ hasRadio: false });
    const { actions, state } = tablet.model;
    await ada.model.actions.invite({ isMyPhone: true });
    await actions.join(ada.model.state.invitation.value!.link, 'Tablet', 'relative');
    await ada.until('words', () => ada.model.state.joining.value?.step === 'words');
    expect(ada.model.state.joining.value).toMatchObject({ name: 'Tablet', role: 'adult' });
    await tablet.until('words', () => state.joining.value?.step === 'words');
    await Promise.all([ada.model.actions.confirmWords(true), actions.confirmWords(true)]);
    await tablet.until('home', () => state.stage.value === 'home');
    await tablet.until('name', () => state.people.value[0]?.name === 'Ada');
    expect(state.people.value).toMatchObject([{ name: 'Ada', isMe: true, role: 'adult' }]);
    const hers = () => ada.model.state.people.value.flatMap(({ devices }) => devices);
    await ada.until('tablet', () => hers().some(({ name }) => name === 'Tablet'));
    await actions.leave();
    expect(state.stage.value).toBe('welcome');
    // Whatever she does next asks the relay for the family as it is.
    await ada.model.actions.setVolume(ada.model.state.toys.value[0]!.id, 60);
    await ada.until('farewell', () => hers().length === 1);
  });

  it('goes on as itself after a fork, by the kit, and the other phone with it', async () => {
    const bo = await house.addPhone({ hasRadio: false });
    const boId = (await letIn(ada, bo, 'Bo', 'adult')).id;
    const [before] = ada.model.state.people.value.flatMap(({ devices }) => devices);
    // As it is kept once another chain of the first generation was seen.
    const generation = new Uint8Array([1, 0, 0, 0]);
    await ada.store.write([{ collection: 'marks', key: 'fork', value: generation }]);
    await ada.reopen();
    await ada.until('fork', () => ada.model.state.stage.value === 'forked');
    await expect(ada.model.actions.recover('zoo '.repeat(24), 'Ada', [])).rejects.toThrow(/^recovery-/);
    await ada.model.actions.recover(kit, 'Ada', []);
    expect(ada.model.state.stage.value).toBe('home');
    expect(ada.model.state.people.value.map(({ name }) => name)).toEqual(['Ada', 'Bo']);
    const [after] = ada.model.state.people.value.flatMap(({ devices }) => devices);
    expect(after!.id).toBe(before!.id);
    expect(ada.model.state.toys.value).toMatchObject([{ mayChange: true }]);
    await ada.reopen();
    await ada.until('home', () => ada.model.state.stage.value === 'home');
    // A change of the new generation reaches the other adult.
    const [toy] = ada.model.state.toys.value;
    await ada.model.actions.setVolume(toy!.id, 33);
    await bo.until('volume', () => bo.model.state.toys.value[0]?.volume === 33);
    await ada.model.actions.remove([boId], kit);
    await bo.until('being put out', () => bo.model.state.stage.value === 'removed');
  });

  it('goes on from the kit on a new phone, with its toy', async () => {
    const [toy] = ada.model.state.toys.value;
    await ada.model.actions.rename({ kind: 'toy', id: toy!.id }, 'Bruno');
    await ada.close();
    const fresh = await house.addPhone();
    const { actions, state } = fresh.model;
    await expect(actions.lookUpKit('not these words')).rejects.toThrow(/^recovery-/);
    const adults = await actions.lookUpKit(kit);
    expect(adults.map(({ role }) => role)).toEqual(['adult']);
    await actions.recover(kit, 'Ada', null);
    expect(state.stage.value).toBe('home');
    expect(state.people.value).toMatchObject([{ name: 'Ada', isMe: true }]);
    await fresh.until('toy', () => state.toys.value.find(({ name }) => name === 'Bruno'));
    // Only a bridge that the toy knows can tell it: until then it is of no use to the new phone, and that is shown.
    expect(state.toys.value).toMatchObject([{ mayChange: true, hasNewestPolicy: false }]);
  });
});
