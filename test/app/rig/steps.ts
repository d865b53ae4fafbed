// What people do in the app, step by step, as they read it on the screen.
import { expect } from 'vitest';
import { en } from '#app/words/en.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import type { Phone } from './phone.ts';
import type { RiggedToy } from './toy.ts';

/** As much of a toy as pairing needs, wherever it stands. */
export type SingingToy = Pick<RiggedToy, 'tag' | 'sung' | 'holdToPair'>;

/** A busy machine takes its time; a person would wait, too. */
const PATIENCE_MS = 45_000;

/** Founds a family. Returns the kit's 24 words. */
export async function begin(phone: Phone, name: string): Promise<string[]> {
  const { page } = phone;
  await page.getByLabel(en.common.yourName).fill(name);
  await phone.tap(en.welcome.begin);
  await page.getByRole('heading', { name: en.kit.title }).waitFor({ timeout: PATIENCE_MS });
  const words = await page.getByRole('region', { name: en.kit.sheet }).getByRole('listitem').allInnerTexts();
  await phone.tap(en.kit.written);
  await page.getByRole('heading', { name: en.kit.checkTitle }).waitFor();
  for (const label of await page.locator('label').allInnerTexts()) {
    await page.getByLabel(label, { exact: true }).fill(words[Number(/\d+/.exec(label)![0]) - 1]!.trim());
  }
  await page.getByRole('heading', { name: en.consent.title }).waitFor({ timeout: PATIENCE_MS });
  return words;
}

/**
 * From the consent to the toy's own screen. The toy is new, and its paw is held by somebody beside it. `find`: the button that looks for
 * it, of this phone's radio or the bridge's.
 */
export async function pair(phone: Phone, toy: SingingToy, find: string = en.pair.find): Promise<void> {
  const { page } = phone;
  await phone.tap(en.consent.agree);
  await page.getByRole('textbox').fill(encodeTag(toy.tag));
  await page.getByRole('button', { name: find }).waitFor();
  const before = toy.sung().length;
  await toy.holdToPair();
  await phone.tap(find);
  await page.getByRole('heading', { name: en.pair.animalsTitle }).waitFor({ timeout: PATIENCE_MS });
  const shown = await page.locator('ol.animals li').allInnerTexts();
  const sung = () =>
    toy
      .sung()
      .slice(before)
      .flatMap((sound) => ANIMALS[sound] ?? []);
  await expect.poll(() => sung().length, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(shown.length);
  expect(shown.map((text) => text.replace(/^\d+\s*/, '').trim())).toEqual(
    sung()
      .slice(0, shown.length)
      .map((animal) => en.animals[animal]),
  );
  await phone.tap(en.pair.same);
  await page.getByRole('button', { name: en.speak.speak }).waitFor({ timeout: PATIENCE_MS });
}

/** Holds the button, speaks, and sends: two taps. */
export async function speak(phone: Phone, ms: number): Promise<void> {
  await phone.hold(phone.page.getByRole('button', { name: en.speak.speak, exact: true }), ms);
  const { page } = phone;
  const send = page.getByRole('button', { name: en.speak.send, exact: true });
  await send.waitFor();
  await phone.tap(send);
}

/** The messages on the screen, newest first, each as its text. */
export function letters(phone: Phone): Promise<string[]> {
  return phone.page.locator('li.letter').allInnerTexts();
}

/** Waits until a message on the screen says that. */
export async function waitForLetter(phone: Phone, text: string | RegExp): Promise<void> {
  await phone.page.locator('li.letter', { hasText: text }).first().waitFor({ timeout: PATIENCE_MS });
}

/** Goes to one of the four tabs. */
export async function goTo(phone: Phone, tab: 'messages' | 'family' | 'see' | 'settings'): Promise<void> {
  const tabs = phone.page.getByRole('navigation', { name: en.tabs.label });
  await phone.tap(tabs.getByRole('link', { name: en.tabs[tab] }));
}

/** Invites somebody. Returns the link, as it is copied. */
export async function invite(phone: Phone): Promise<string> {
  await goTo(phone, 'family');
  await phone.tap(en.family.invite);
  await phone.page
    .getByRole('button', { name: en.common.copy, exact: true })
    .waitFor({ timeout: PATIENCE_MS });
  await phone.tap(phone.page.getByRole('button', { name: en.common.copy, exact: true }));
  await phone.page.getByRole('button', { name: en.common.copied }).waitFor();
  return (await phone.page.evaluate('navigator.clipboard.readText()')) as string;
}

/** Asks to join by the invitation that the phone was opened with. */
export async function askToJoin(phone: Phone, name: string, role: 'adult' | 'relative'): Promise<void> {
  await phone.page.getByLabel(en.common.yourName).fill(name);
  if (role === 'adult') await phone.tap(phone.page.getByText(en.join.adult, { exact: true }));
  await phone.tap(en.join.join);
}

/** The six words on the screen, once they are there. */
export async function sixWords(phone: Phone): Promise<string[]> {
  await phone.page.getByRole('heading', { name: en.join.wordsTitle }).waitFor({ timeout: PATIENCE_MS });
  return phone.page.locator('ol.six-words li').allInnerTexts();
}

/** Both have compared: first the newcomer says yes, then the adult. */
export async function letIn(adult: Phone, newcomer: Phone): Promise<void> {
  expect(await sixWords(newcomer)).toEqual(await sixWords(adult));
  await newcomer.tap(en.join.same);
  await adult.tap(en.join.same);
  await adult.page.getByText(/is in the family now/).waitFor({ timeout: PATIENCE_MS });
  await newcomer.page.getByRole('navigation', { name: en.tabs.label }).waitFor({ timeout: PATIENCE_MS });
}

/** A sentence is on the screen. */
export async function reads(phone: Phone, text: string | RegExp): Promise<void> {
  await phone.page.getByText(text).first().waitFor({ timeout: PATIENCE_MS });
}

/** Nothing on the screen stands in anybody's way. */
export async function expectNoBarriers(phone: Phone, screen: string): Promise<void> {
  expect(await phone.barriers(), screen).toEqual([]);
}
