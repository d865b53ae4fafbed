// Notifications in a real browser: the push service learns that something came, and nothing else; so does whoever sees the screen. Headless
// Chromium has no push service of its own: a script in the page gives subscriptions at the test's, all else is the app's and the browser's.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { enTroubles } from '#app/words/en-troubles.ts';
import { hasChromium } from '#test/support/chromium.ts';
import { type PushService, readVapid, startPushService } from '#test/support/push-service.ts';
import type { Phone } from './rig/phone.ts';
import { addPi, type Pi } from './rig/pi.ts';
import { openRig, type Rig } from './rig/rig.ts';
import { begin, expectNoBarriers, goTo, pair, reads, waitForLetter } from './rig/steps.ts';

const SAID_MS = 1_500;

describe.skipIf(!hasChromium())('notifications', () => {
  let service: PushService;
  let rig: Rig;
  let pi: Pi;
  let phone: Phone;
  const push = (on: Phone) => on.page.getByRole('switch', { name: en.settings.push });

  beforeAll(async () => {
    service = await startPushService();
    rig = await openRig({ pushService: service.origin });
    phone = await rig.openPhone({ name: 'mum', pushService: service.origin });
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(async () => {
    await pi?.close();
    await rig?.close();
    await service?.close();
  });

  it('are switched on in the settings', async () => {
    await begin(phone, 'Mum');
    pi = await addPi(rig, phone);
    await goTo(phone, 'messages');
    await pair(phone, rig.toy, en.pair.findBridge);
    await goTo(phone, 'settings');
    await push(phone).click();
    await expect.poll(() => push(phone).isChecked()).toBe(true);
    await expectNoBarriers(phone, 'settings');
  });

  it('say nothing: an empty body goes to the push service while the app is closed', async () => {
    const { url } = rig.app;
    await phone.page.goto('about:blank');
    const before = service.pushed.length;
    await rig.toy.say(SAID_MS);
    await service.until(before + 1);
    const { method, headers, body } = service.pushed.at(-1)!;
    expect([method, body.length]).toEqual(['POST', 0]);
    expect(readVapid(headers.authorization!).claims).toMatchObject({ aud: service.origin });
    await phone.push();
    await phone.page.goto(url);
    const shown = `navigator.serviceWorker.ready.then(async (registration) =>
      (await registration.getNotifications()).map(({ title, body }) => title + ': ' + body))`;
    await expect.poll(() => phone.page.evaluate(shown)).toEqual([`${en.app}: ${en.common.arrived}`]);
    await waitForLetter(phone, en.letters.fresh);
  });

  it('show where they come from', async () => {
    await goTo(phone, 'see');
    await reads(phone, new URL(service.origin).host);
    await expectNoBarriers(phone, 'see');
  });

  it('that nobody allows, or no service carries, end in a sentence that helps', async () => {
    for (const [name, permissions, trouble] of [
      ['denied', [], enTroubles.pushDenied],
      ['no service', ['notifications'], enTroubles.pushFailed],
    ] as const) {
      const other = await rig.openPhone({ name, permissions: [...permissions] });
      await begin(other, 'Dad');
      await goTo(other, 'settings');
      await push(other).click();
      await reads(other, trouble.what);
      expect(await push(other).isChecked()).toBe(false);
      await other.close();
    }
  });
});
