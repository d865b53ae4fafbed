// A phone without a radio: what its screens are told, and what ends it. With one: test/journeys/phone.test.ts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Device } from '#bridge/device.ts';
import { listLetters } from '#bridge/letters.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { type PhoneEvent, runPhone } from '#bridge/phone.ts';
import { fault } from '#protocol/fault.ts';
import { createHappenings } from '#test/support/happenings.ts';
import { ANSWER } from '#test/support/journey.ts';
import { beginLetters, type LetterFamily } from '#test/support/letter-family.ts';

let family: LetterFamily;
beforeAll(async () => {
  family = await beginLetters();
});
afterAll(() => family.close());

it('tells screens when the history or the family is not as it was', async () => {
  const { mum, dad, granny, toyId } = family;
  const told = createHappenings<PhoneEvent>();
  const stop = new AbortController();
  const phone = runPhone({ device: mum, radio: null, random: Math.random, tell: told.note }, stop.signal);
  await told.until('first exchange', ({ event }) => event === 'reached');

  let from = told.all.length;
  const id = await speakToToy(granny, toyId, ANSWER);
  await exchange(granny, {});
  await told.until('letter', ({ event }) => event === 'letters', from);
  expect((await listLetters(mum))[0]!.messageId).toEqual(id);

  from = told.all.length;
  await speakToToy(mum, toyId, ANSWER);
  phone.wake();
  await told.until('sent', ({ event }) => event === 'letters', from);

  from = told.all.length;
  const { secret } = dad.asSender();
  await dad.family.append({ op: 'remove', ids: [granny.member.id] }, [{ id: dad.member.id, secret }]);
  phone.wake();
  await told.until('change of the family', ({ event }) => event === 'family', from);

  stop.abort();
  await phone.ended;
  expect(told.all.filter(({ event }) => event === 'trouble')).toEqual([]);
});

it.each(['roster-fork', 'roster-rollback'] as const)('ends at %s, and takes nothing more', async (code) => {
  const { mum, dad, toyId } = family;
  await speakToToy(dad, toyId, ANSWER);
  await exchange(dad, {});
  const refresh = async () => Promise.reject(fault(code));
  const device: Device = { ...mum, family: Object.create(mum.family, { refresh: { value: refresh } }) };
  const before = await listLetters(mum);
  const told: PhoneEvent[] = [];
  const tell = (event: PhoneEvent) => void told.push(event);
  await runPhone({ device, radio: null, random: Math.random, tell }, new AbortController().signal).ended;
  expect(told).toEqual([{ event: 'trouble', where: 'relay', code }]);
  expect(await listLetters(mum)).toEqual(before);
});
