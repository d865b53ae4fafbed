// What people do with the app, as tests do it again and again.
import type { Person, Toy } from '#app/model.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import type { House, TestPhone } from './house.ts';

/** Begins a family on a phone and checks the kit. Returns the kit's words. */
export async function beginFamily(phone: TestPhone, name: string): Promise<string> {
  const { actions, state } = phone.model;
  await actions.beginFamily(name);
  const { words, ask } = state.kit.value!;
  const kit = words.join(' ');
  if (!(await actions.checkKit(ask.map((place) => words[place]!)))) throw new Error('the kit was refused');
  return kit;
}

/** Pairs the house's toy with the family of a phone. */
export async function pairToy(house: House, phone: TestPhone): Promise<Toy> {
  const { actions, state } = phone.model;
  await actions.startPairing();
  await actions.giveTag(encodeTag(house.toy.tag));
  const held = house.toy.holdToPair();
  await actions.searchToy('here', { hasConsent: true });
  await held;
  await phone.until('animals', () => state.pairing.value?.step === 'animals');
  await actions.confirmAnimals(true);
  await phone.until('paired toy', () => state.pairing.value?.step === 'done');
  await actions.stopPairing();
  return phone.until('toy', () => state.toys.value[0]);
}

/** Lets the person of a fresh phone into the family of an adult's. */
export async function letIn(
  adult: TestPhone,
  newcomer: TestPhone,
  name: string,
  role: 'adult' | 'relative',
): Promise<Person> {
  const [host, guest] = [adult.model, newcomer.model];
  await host.actions.invite();
  await guest.actions.join(host.state.invitation.value!.link, name, role);
  const here = await adult.until('words at the adult', () => wordsOf(host.state.joining.value));
  const there = await newcomer.until('words at the newcomer', () => wordsOf(guest.state.joining.value));
  if (here.join() !== there.join()) throw new Error('the words differ');
  await Promise.all([host.actions.confirmWords(true), guest.actions.confirmWords(true)]);
  await newcomer.until('home of the newcomer', () => guest.state.stage.value === 'home');
  return adult.until('newcomer among the people', () =>
    host.state.people.value.find((person) => person.name === name),
  );
}

function wordsOf(joining: { step: string; words: string[] } | null): string[] | null {
  return joining?.step === 'words' ? joining.words : null;
}
