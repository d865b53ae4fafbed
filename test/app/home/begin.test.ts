// A family begins: the kit is checked before anything counts, and what was acknowledged is still there after a restart.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginFamily } from './family.ts';
import { type House, openHouse, type TestPhone } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

describe('a family begins', () => {
  it('with a kit of 24 words, three of which must be given back', async () => {
    const phone = await house.addPhone();
    const { state, actions } = phone.model;
    expect(state.stage.value).toBe('welcome');
    await actions.beginFamily('Ada');
    expect(state.stage.value).toBe('kit');
    const { words, code, ask } = state.kit.value!;
    expect(words.length).toBe(24);
    expect(code).toMatch(/^pawpost-kit:/);
    expect(new Set(ask).size).toBe(3);
    expect(await actions.checkKit(['no', 'not', 'these'])).toBe(false);
    expect(state.kit.value).not.toBeNull();
    expect(await actions.checkKit(ask.map((place) => ` ${words[place]!.toUpperCase()} `))).toBe(true);
    expect(state.kit.value).toBeNull();
    expect(state.stage.value).toBe('home');
    expect(phone.asks.storage).toBe(1);
    expect(state.isStorageKept.value).toBe(true);
    expect(state.people.value).toMatchObject([{ name: 'Ada', role: 'adult', isMe: true }]);
  });

  it('and is still there after a restart, but for the kit', async () => {
    const phone = await house.addPhone();
    await beginFamily(phone, 'Ada');
    await phone.reopen();
    expect(phone.model.state.stage.value).toBe('home');
    expect(phone.model.state.people.value).toMatchObject([{ name: 'Ada', isMe: true }]);
    expect(phone.model.state.kit.value).toBeNull();
  });

  it('not before the kit was checked: a phone that is closed meanwhile begins anew', async () => {
    const phone = await house.addPhone();
    await phone.model.actions.beginFamily('Ada');
    await phone.reopen();
    expect(phone.model.state.stage.value).toBe('welcome');
    await beginFamily(phone, 'Ada again');
    expect(phone.model.state.people.value.map(({ name }) => name)).toEqual(['Ada again']);
  });

  it('not under a name that is none, nor without a relay', async () => {
    const phone = await house.addPhone();
    await expect(phone.model.actions.beginFamily('  ')).rejects.toThrow(/^name-form$/);
    expect(phone.model.state.stage.value).toBe('welcome');
  });
});

describe('the screen lock', () => {
  let phone: TestPhone;
  beforeAll(async () => {
    phone = await house.addPhone();
    await beginFamily(phone, 'Ada');
    await phone.model.actions.setLock(true);
  });

  it('opens nothing without the passkey', async () => {
    await phone.reopen();
    const { state, actions } = phone.model;
    expect(state.stage.value).toBe('locked');
    expect(state.isLockOn.value).toBe(true);
    expect(state.people.value).toEqual([]);
    phone.finger.isOurs = false;
    await expect(actions.unlock()).rejects.toThrow(/^lock-failed$/);
    expect(state.stage.value).toBe('locked');
    phone.finger.isOurs = true;
    await actions.unlock();
    expect(state.stage.value).toBe('home');
  });
});

describe('leaving', () => {
  it('leaves nothing behind', async () => {
    const phone = await house.addPhone();
    await beginFamily(phone, 'Ada');
    await phone.model.actions.leave();
    expect(phone.model.state.stage.value).toBe('welcome');
    expect(phone.model.state.people.value).toEqual([]);
    await phone.reopen();
    expect(phone.model.state.stage.value).toBe('welcome');
  });
});

it('a second page of the same browser says that there is one already, and touches nothing', async () => {
  const { state, actions } = (await house.addPhone({ isTaken: true })).model;
  expect(state.stage.value).toBe('opening');
  expect(state.trouble.value).toMatchObject({ code: 'locked' });
  await expect(actions.invite()).rejects.toThrow(/^not-joined$/);
});
