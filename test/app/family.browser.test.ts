// Two phones, a Pi and a toy as one family: a parent's phone with its own radio, a grandmother's with none. Approval, removal, no network.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { enStops } from '#app/words/en-troubles.ts';
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
const PATIENCE_MS = 30_000;

describe.skipIf(!hasChromium())('a family', () => {
  let rig: Rig;
  let pi: Pi;
  let mum: Phone;
  let granny: Phone;

  beforeAll(async () => {
    rig = await openRig();
    mum = await rig.openPhone({ name: 'mum', hasBluetooth: true });
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(async () => {
    await pi?.close();
    await rig?.close();
  });

  it('is a parent, a toy, a bridge and a relative, who see the same six words', async () => {
    await begin(mum, 'Mum');
    await pair(mum, rig.toy);
    pi = await addPi(rig, mum);
    const { pathname, hash } = new URL(await invite(mum));
    granny = await rig.openPhone({ name: 'granny', path: pathname + hash });
    // The secret is nowhere in the address once the page has it.
    await expect.poll(() => granny.page.url()).not.toContain(hash.slice(-40));
    await askToJoin(granny, 'Granny', 'relative');
    await letIn(mum, granny);
    await goTo(mum, 'family');
    for (const name of [en.common.you('Mum'), 'Granny', 'Pi', 'Bear']) await reads(mum, name);
    await expectNoBarriers(mum, 'family');
    await mum.picture('family');
  });

  it('asks a parent before the child hears what a relative says', async () => {
    await goTo(mum, 'messages');
    await mum.tap(en.toy.open);
    await mum.page.getByRole('heading', { name: en.toySettings.title('Bear') }).waitFor();
    const approval = mum.page.getByRole('switch', { name: en.toySettings.approval });
    await mum.tap(approval);
    await expect.poll(() => approval.isChecked(), { timeout: PATIENCE_MS }).toBe(true);
    await expectNoBarriers(mum, 'toy settings');
    await goTo(mum, 'messages');
    await speak(granny, SAID_MS);
    await waitForLetter(mum, en.letters.approveLead);
    await mum.picture('family-approval');
    await expectNoBarriers(mum, 'approval');
    await waitForLetter(granny, en.letters.progress.approval());
    expect(rig.toy.toy.heart.isLit).toBe(false);
    await mum.tap(en.letters.approve);
    await waitForLetter(granny, /the heart beats/);
    const played = rig.toy.speaker.played.length;
    await rig.toy.tap();
    await waitForLetter(granny, /Heard by Bear/);
    expect(rig.toy.speaker.played.length).toBe(played + 1);
  });

  it('keeps what is said without a network, and opens without one', async () => {
    await mum.setOffline(true);
    await speak(mum, SAID_MS);
    // The toy is near her phone, which is a bridge: it needs no network for that. The grandmother's does.
    await granny.setOffline(true);
    await speak(granny, SAID_MS);
    await waitForLetter(granny, en.letters.progress.waiting());
    await granny.page.reload();
    await waitForLetter(granny, en.letters.progress.waiting());
    await granny.picture('family-offline');
    await granny.setOffline(false);
    await mum.setOffline(false);
    await waitForLetter(granny, en.letters.progress.approval());
    await waitForLetter(mum, en.letters.approveLead);
    await mum.tap(en.letters.reject);
    await waitForLetter(granny, en.letters.progress.rejected());
  });

  it('gives nothing to who was put out', async () => {
    await rig.toy.say(SAID_MS);
    await waitForLetter(granny, en.letters.fresh);
    const before = (await letters(granny)).length;
    await goTo(mum, 'family');
    await mum.tap(mum.page.getByRole('link', { name: /Granny/ }));
    await mum.tap(en.family.remove('Granny'));
    await expectNoBarriers(mum, 'removal');
    await mum.tap(mum.page.getByRole('dialog').getByRole('button', { name: en.family.remove('Granny') }));
    await mum.page.getByRole('heading', { name: en.family.title }).first().waitFor();
    await reads(granny, enStops.removed.title);
    await rig.toy.say(SAID_MS);
    await goTo(mum, 'messages');
    await expect
      .poll(async () => (await letters(mum)).filter((text) => text.startsWith('Bear')).length, {
        timeout: PATIENCE_MS,
      })
      .toBe(2);
    // What she said is not taken for the child's.
    await waitForLetter(mum, en.common.unknown);
    await granny.page.reload();
    await reads(granny, enStops.removed.title);
    expect((await letters(granny)).length).toBeLessThanOrEqual(before);
  });
});
