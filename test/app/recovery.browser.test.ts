// A phone is lost. With the recovery kit a new one takes its place, and the family, its toy and its letters go on there; the lost one is
// told that it was put out, and gets nothing any more.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { enStops, enTroubles } from '#app/words/en-troubles.ts';
import { hasChromium } from '#test/support/chromium.ts';
import type { Phone } from './rig/phone.ts';
import { addPi, type Pi } from './rig/pi.ts';
import { openRig, type Rig } from './rig/rig.ts';
import {
  askToJoin,
  begin,
  expectNoBarriers,
  goTo,
  invite,
  letIn,
  letters,
  pair,
  reads,
  speak,
  waitForLetter,
} from './rig/steps.ts';

const SAID_MS = 1_500;

describe.skipIf(!hasChromium())('a lost phone', () => {
  let rig: Rig;
  let pi: Pi;
  let lost: Phone;
  let dad: Phone;
  let fresh: Phone;
  let kit: string[];

  beforeAll(async () => {
    rig = await openRig();
    lost = await rig.openPhone({ name: 'lost' });
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(async () => {
    await pi?.close();
    await rig?.close();
  });

  it('was one of two in a family with a bridge and a toy', async () => {
    kit = await begin(lost, 'Mum');
    pi = await addPi(rig, lost);
    dad = await rig.openPhone({ name: 'dad', path: pathOf(await invite(lost)) });
    await askToJoin(dad, 'Dad', 'adult');
    await letIn(lost, dad);
    await goTo(lost, 'messages');
    await pair(lost, rig.toy, en.pair.findBridge);
    await rig.toy.say(SAID_MS);
    await waitForLetter(lost, en.letters.fresh);
    await waitForLetter(dad, en.letters.fresh);
  });

  it('is not found by words that are no kit', async () => {
    fresh = await rig.openPhone({ name: 'fresh' });
    await fresh.tap(en.welcome.lost);
    const field = fresh.page.getByRole('textbox', { name: en.recover.words });
    await field.fill(kit.with(3, kit[4]!).join(' '));
    await reads(fresh, enTroubles.kit.what);
    await expectNoBarriers(fresh, 'wrong kit');
  });

  it('is chosen from the parents’ phones, after the 24 words', async () => {
    await fresh.page.getByRole('textbox', { name: en.recover.words }).fill(kit.join(' '));
    await reads(fresh, en.recover.which);
    await expectNoBarriers(fresh, 'which');
    const phones = fresh.page.getByRole('checkbox');
    expect(await phones.count()).toBe(2);
    // The family's first phone; all are ticked until somebody says otherwise.
    await phones.nth(1).uncheck();
    await fresh.page.getByLabel(en.common.yourName).fill('Mum');
    await fresh.picture('recovery-which');
    await fresh.tap(en.recover.go);
    await fresh.page.getByRole('navigation', { name: en.tabs.label }).waitFor({ timeout: 30_000 });
  });

  it('is told that it was put out', async () => {
    await reads(lost, enStops.removed.title);
    await expectNoBarriers(lost, 'removed');
    await lost.picture('recovery-removed');
  });

  it('has handed the family on: people, bridge and toy', async () => {
    await goTo(fresh, 'family');
    for (const name of [en.common.you('Mum'), 'Dad', 'Pi']) await reads(fresh, name);
    await expectNoBarriers(fresh, 'family');
    await fresh.picture('recovery-family');
    await goTo(fresh, 'messages');
    await fresh.page.getByRole('button', { name: en.speak.speak, exact: true }).waitFor();
  });

  it('gets nothing of what the child says from now on', async () => {
    const before = (await letters(dad)).length;
    await rig.toy.say(SAID_MS);
    await waitForLetter(fresh, en.letters.fresh);
    await expect.poll(async () => (await letters(dad)).length, { timeout: 30_000 }).toBe(before + 1);
    await lost.page.reload();
    await reads(lost, enStops.removed.title);
    expect(await letters(lost)).toEqual([]);
  });

  it('is not needed to speak to the toy, which tells that the child has heard it', async () => {
    await speak(fresh, SAID_MS);
    await waitForLetter(fresh, /the heart beats/);
    await rig.toy.tap();
    await waitForLetter(fresh, /Heard by/);
    await fresh.picture('recovery-heard');
    await waitForLetter(dad, /Mum/);
  });

  it('can be given away: everything is erased', async () => {
    await lost.tap(enStops.removed.act);
    await reads(lost, en.welcome.title);
    await lost.page.reload();
    await reads(lost, en.welcome.title);
    // The relay knows no newcomer until it is let in, and the browser says so on the console.
    const complaints = [fresh, dad].flatMap(({ complaints }) => complaints);
    expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
  });
});

/** Path and fragment of an invitation's link. */
function pathOf(link: string): string {
  const { pathname, hash } = new URL(link);
  return pathname + hash;
}
