// The screen lock in a real browser with a virtual authenticator: nothing opens without the finger, and everything is there with it.
import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { enStops, enTroubles } from '#app/words/en-troubles.ts';
import { hasChromium } from '#test/support/chromium.ts';
import type { Phone } from './rig/phone.ts';
import { openRig, type Rig } from './rig/rig.ts';
import { begin, expectNoBarriers, goTo, pair, reads, waitForLetter } from './rig/steps.ts';

const SAID_MS = 1_500;

describe.skipIf(!hasChromium())('the screen lock', () => {
  let rig: Rig;
  let phone: Phone;
  let session: CDPSession;
  let authenticatorId: string;

  /** A fingerprint reader as phones have, whose passkeys give secrets. */
  async function addAuthenticator(): Promise<void> {
    const options = {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const;
    ({ authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options }));
  }

  const lock = () => phone.page.getByRole('switch', { name: en.settings.lock });

  beforeAll(async () => {
    rig = await openRig();
    phone = await rig.openPhone({ name: 'mum', hasBluetooth: true });
    session = await phone.context.newCDPSession(phone.page);
    await session.send('WebAuthn.enable');
    await addAuthenticator();
    await phone.page.reload();
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(() => rig?.close());

  it('has a family with a letter to guard', async () => {
    await begin(phone, 'Mum');
    await pair(phone, rig.toy);
    await rig.toy.say(SAID_MS);
    await waitForLetter(phone, en.letters.fresh);
  });

  it('is put on in the settings, and the app goes on', async () => {
    await goTo(phone, 'settings');
    await expectNoBarriers(phone, 'settings');
    await lock().click();
    await expect.poll(() => lock().isChecked()).toBe(true);
    const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toHaveLength(1);
    await goTo(phone, 'messages');
    await waitForLetter(phone, en.letters.fresh);
  });

  it('is down after a start: no name, no letter, and no knock at the relay', async () => {
    const asked: string[] = [];
    phone.page.on('request', (request) => {
      if (request.url().startsWith(rig.relay.url)) asked.push(request.url());
    });
    await phone.page.reload();
    await reads(phone, enStops.locked.title);
    await expectNoBarriers(phone, 'locked');
    await phone.picture('lock-down');
    const text = await phone.page.evaluate('document.body.innerText');
    expect(text).not.toMatch(/Mum|The child/);
    expect(asked).toEqual([]);
  });

  it('opens for the finger, and all is there', async () => {
    await phone.tap(enStops.locked.act);
    await waitForLetter(phone, en.letters.fresh);
    await phone.tap(phone.page.getByRole('button', { name: /^Play the message from/ }).first());
    await phone.page.getByRole('button', { name: en.letters.pause }).waitFor();
  });

  it('opens for nobody whose finger is another', async () => {
    // Chromium's authenticator has had enough after one wrong finger: the right one comes first.
    await phone.page.reload();
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await phone.tap(enStops.locked.act);
    await reads(phone, enTroubles.lockFailed.what);
    await expectNoBarriers(phone, 'refused');
    await phone.picture('lock-refused');
  });

  it('stays down on a device whose passkey is gone, and leaves a way out', async () => {
    await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    await addAuthenticator();
    await phone.page.reload();
    await phone.tap(enStops.locked.act);
    await reads(phone, enTroubles.lockFailed.what);
    await phone.tap(en.settings.leave);
    await phone.page.getByRole('dialog').waitFor();
    await expectNoBarriers(phone, 'way out');
    await phone.tap(phone.page.getByRole('dialog').getByRole('button', { name: en.settings.leaveDo }));
    await reads(phone, en.welcome.title);
  });
});
