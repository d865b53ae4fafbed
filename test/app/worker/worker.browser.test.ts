// The service worker in a real Chromium: offline, an honest update, and whoever has taken the site over. And the screen lock.
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bundle } from '#cli/app/bundle.ts';
import { bundleApp } from '#cli/app/bundle.ts';
import { type AppServer, serveApp } from '#cli/app/serve.ts';
import { signRelease, writeRelease } from '#cli/app/signing.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';

const PAGE = fileURLToPath(new URL('page', import.meta.url));
const maker = generateKeyPairSync('ed25519').privateKey;

/** A release of the page with another mark on it. */
function releaseOf({ files }: Bundle, version: string, mark: string, key = maker): Map<string, Buffer> {
  const own = new Map(files);
  own.delete('/release.json');
  own.delete('/release.sig');
  own.set('/index.html', Buffer.from(files.get('/index.html')!.toString().replace('>first<', `>${mark}<`)));
  const release = writeRelease(version, own);
  return own.set('/release.json', release).set('/release.sig', signRelease(key, release));
}

describe.skipIf(!hasChromium())('in Chromium', () => {
  let bundle: Bundle;
  let browser: Browser;
  let server: AppServer;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    [bundle, browser] = [await bundleApp({ key: maker, page: PAGE }), await launchChromium()];
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await serveApp(bundle, { port: 0, configuration: { relay: 'https://relay.example' } });
    context = await browser.newContext({ permissions: ['notifications'] });
    page = await context.newPage();
    await page.goto(server.url);
    await shows('releases', /^[0-9a-f]{64} false$/);
  });
  afterEach(async () => {
    await context.close();
    await server.close();
  });

  const textOf = (id: string) => page.locator(`#${id}`).textContent();
  async function shows(id: string, text: RegExp): Promise<void> {
    await page.waitForFunction(
      ([which, source]) => new RegExp(source!).test(document.getElementById(which!)?.textContent ?? ''),
      [id, text.source],
    );
  }
  /** What the browser does when a person comes back later. */
  async function lookAgain(): Promise<void> {
    await page.evaluate(async () => {
      (await navigator.serviceWorker.ready).active!.postMessage({ word: 'look' });
    });
  }

  it('works without a network after the first load', async () => {
    await context.setOffline(true);
    await page.reload();
    expect(await textOf('mark')).toBe('first');
    await shows('releases', /^[0-9a-f]{64} false$/);
    await context.setOffline(false);
  });

  it('takes an update with its maker’s signature, when the person says so', async () => {
    server.files = releaseOf(bundle, '99.0.0', 'second');
    await lookAgain();
    await shows('releases', /true$/);
    await page.reload();
    expect(await textOf('mark')).toBe('first');
    await page.evaluate('pawpost.releases.apply()');
    await shows('mark', /^second$/);
    await shows('releases', /false$/);
  });

  it('takes a waiting update by itself when the app is opened the next time', async () => {
    server.files = releaseOf(bundle, '99.0.0', 'second');
    await lookAgain();
    await shows('releases', /true$/);
    await page.goto('about:blank');
    await page.goto(server.url);
    expect(await textOf('mark')).toBe('second');
  });

  it.each<[string, string, () => Map<string, Buffer>]>([
    [
      'signs with a key of their own',
      'release: signature',
      () => releaseOf(bundle, '99.0.0', 'evil', generateKeyPairSync('ed25519').privateKey),
    ],
    ['serves an older release', 'release: older', () => releaseOf(bundle, '0.0.1', 'evil')],
    [
      'changes a file',
      'release: file',
      () => releaseOf(bundle, '99.0.0', 'second').set('/index.html', Buffer.from('<p id="mark">evil</p>')),
    ],
  ])('stays as it is when whoever has the site %s', async (_what, code, offer) => {
    server.files = offer();
    await lookAgain();
    await shows('refusals', new RegExp(`^${code}$`));
    await page.goto('about:blank');
    await page.goto(server.url);
    expect(await textOf('mark')).toBe('first');
  });

  it('shows that something has come, in the words that the page gave it, and nothing of what', async () => {
    const session = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const { registrationId } = registrations.at(-1) ?? {};
        if (registrationId !== undefined) resolve(registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    const other = await context.newPage();
    const { origin } = new URL(server.url);
    const deliver = async (from: Page) => {
      const own = await context.newCDPSession(from);
      await own.send('ServiceWorker.enable');
      await own.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: 'a secret' });
    };
    await page.goto('about:blank');
    await deliver(other);
    await page.goto(server.url);
    const notices = await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.ready;
      const all = await registration.getNotifications();
      return all.length > 0 && all.map(({ title, body }) => `${title}: ${body}`);
    });
    expect(await notices.jsonValue()).toEqual(['Pawpost: Der er noget']);
    await other.close();
  });

  it('opens keys behind the screen lock for its passkey, and for no other', async () => {
    const session = await context.newCDPSession(page);
    await session.send('WebAuthn.enable');
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
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
    await page.click('#lock');
    await shows('vault', /^locked /);
    const seed = (await textOf('vault'))!.slice('locked '.length);
    await page.click('#unlock');
    await shows('vault', /^opened /);
    expect(await textOf('vault')).toBe(`opened ${seed}`);
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.reload();
    await page.click('#unlock');
    await shows('vault', /PasskeyError: passkey: refused/);
  });
});
