// From the first start to the first message both ways, in a real browser with a real radio stack: at most eight taps.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { hasChromium } from '#test/support/chromium.ts';
import type { Phone } from './rig/phone.ts';
import { openRig, type Rig } from './rig/rig.ts';
import { begin, expectNoBarriers, pair, reads, speak, waitForLetter } from './rig/steps.ts';

const TAPS = 8;
const SAID_MS = 1_500;

describe.skipIf(!hasChromium())('from the first start to the first message', () => {
  let rig: Rig;
  let phone: Phone;

  beforeAll(async () => {
    rig = await openRig();
    phone = await rig.openPhone({ name: 'mum', hasBluetooth: true });
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(() => rig?.close());

  it('founds a family, and asks for the kit', async () => {
    await reads(phone, en.welcome.title);
    await expectNoBarriers(phone, 'welcome');
    await phone.picture('01-welcome');
    expect(await begin(phone, 'Mum')).toHaveLength(24);
    await expectNoBarriers(phone, 'consent');
    await phone.picture('02-consent');
  });

  it('pairs the toy, which sings what the app shows', async () => {
    await pair(phone, rig.toy);
    await phone.picture('03-home');
    await expectNoBarriers(phone, 'home');
  });

  it('speaks to the toy', async () => {
    await speak(phone, SAID_MS);
    await waitForLetter(phone, /the heart beats/);
    expect(phone.taps).toBeLessThanOrEqual(TAPS);
    await phone.picture('04-sent');
    await rig.toy.tap();
    await waitForLetter(phone, /Heard by/);
    const { played } = rig.toy.speaker;
    expect(played.at(-1)!.length / 16).toBeGreaterThan(SAID_MS - 300);
  });

  it('hears the child', async () => {
    await rig.toy.say(SAID_MS);
    await waitForLetter(phone, en.letters.fresh);
    await phone.picture('05-from-the-toy');
    const play = phone.page.getByRole('button', { name: /^Play the message from Bear/ }).first();
    await phone.tap(play);
    await phone.page.getByRole('button', { name: en.letters.pause }).waitFor();
    await expectNoBarriers(phone, 'playing');
  });

  it('shows that nobody else has heard anything', async () => {
    await phone.tap(phone.page.getByRole('link', { name: en.tabs.see }));
    await reads(phone, /^0 of \d+ pieces of your voices found/);
    await phone.picture('06-see');
    await expectNoBarriers(phone, 'see');
    expect(phone.complaints).toEqual([]);
  });
});
