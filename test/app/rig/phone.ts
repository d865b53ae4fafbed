// A phone of the family: a browser context of its own with the app in it, whose owner's taps are counted and whose complaints are kept.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, CDPSession, Locator, Page } from 'playwright-core';
import type { Room } from '#cli/room.ts';
import { type Bluetooth, emulateBluetooth } from './bluetooth.ts';
import { pushScript } from './push.ts';

/** Where journeys leave their pictures. */
export const PICTURES = new URL('../../../out/journeys/', import.meta.url).pathname;

const PERMISSIONS = ['microphone', 'notifications', 'clipboard-read', 'clipboard-write'];

export interface PhoneOptions {
  /** For the names of pictures. */
  name: string;
  /** What its owner lets the app use; microphone, notifications and clipboard if left out. */
  permissions?: string[];
  /** The room whose toys its Bluetooth reaches; one phone of a browser can have it. Left out: no Bluetooth. */
  room?: Room;
  width?: number;
  height?: number;
  /** Where pushes are sent to: origin of a push service. Left out: none can be had. */
  pushService?: string;
}

export interface Phone {
  readonly name: string;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly bluetooth: Bluetooth | null;
  /** Taps of its owner so far: clicks, holds, and each answer to the browser's chooser. */
  readonly taps: number;
  /** Errors that the page logged or threw. */
  readonly complaints: string[];
  /** Everything that it logged, for a failed test. */
  readonly log: string[];
  /** Clicks; a text is the name of a button or link. */
  tap(target: string | RegExp | Locator): Promise<void>;
  /** Presses, waits, lets go. */
  hold(target: string | RegExp | Locator, ms: number): Promise<void>;
  /** True offline: no request leaves it. */
  setOffline(isOffline: boolean): Promise<void>;
  /** True: the phone has no room left; whatever the app wants to keep is refused. */
  setFull(isFull: boolean): Promise<void>;
  /** Delivers a push without content to its service worker. */
  push(): Promise<void>;
  /** Puts a picture into out/journeys/. */
  picture(name: string): Promise<void>;
  /** What axe finds wrong with the screen as it is: one line each. */
  barriers(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens `url` on a new phone. */
export async function openPhone(browser: Browser, url: string, options: PhoneOptions): Promise<Phone> {
  const { name, room, width = 390, height = 844, permissions = PERMISSIONS } = options;
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Copenhagen',
    viewport: { width, height },
    permissions,
  });
  if (options.pushService !== undefined) await context.addInitScript(pushScript(options.pushService));
  await context.addInitScript(FULL_SCRIPT);
  const page = await context.newPage();
  const complaints: string[] = [];
  const log: string[] = [];
  page.on('console', (message) => {
    log.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    log.push(`thrown: ${error.stack ?? error.message}`);
    complaints.push(error.message);
  });
  page.on('requestfailed', (request) => {
    log.push(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText}`);
  });
  const bluetooth = room === undefined ? null : await emulateBluetooth(page, browser, room);
  const session = await context.newCDPSession(page);
  const worker = await watchServiceWorker(session);
  const { origin } = new URL(url);
  let clicks = 0;

  const locate = (target: string | RegExp | Locator) =>
    typeof target === 'string' || target instanceof RegExp
      ? page
          .getByRole('button', { name: target, exact: true })
          .or(page.getByRole('link', { name: target, exact: true }))
          .first()
      : target;

  await page.goto(url);
  return {
    name,
    page,
    context,
    bluetooth,
    get taps() {
      return clicks + (bluetooth?.choices ?? 0);
    },
    complaints,
    log,
    async tap(target) {
      await locate(target).click();
      clicks++;
    },
    async hold(target, ms) {
      await locate(target).hover();
      await page.mouse.down();
      await page.waitForTimeout(ms);
      await page.mouse.up();
      clicks++;
    },
    setOffline: (isOffline) => context.setOffline(isOffline),
    setFull: (isFull) => page.evaluate(`globalThis.pawpostIsFull = ${isFull}; undefined`),
    async push() {
      await session.send('ServiceWorker.deliverPushMessage', {
        origin,
        registrationId: await worker.registrationId(),
        data: '',
      });
    },
    async picture(title) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${title}.png`), fullPage: true });
    },
    async barriers() {
      await page.evaluate(`${axe.source}; undefined`);
      const found = (await page.evaluate('axe.run()')) as axe.AxeResults;
      return found.violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
      );
    },
    async close() {
      await bluetooth?.stop();
      await context.close();
    },
  };
}

// A quota set over the protocol does not bind a database in memory, as that of a test's context is.
const FULL_SCRIPT = `(() => {
  const store = globalThis.IDBObjectStore.prototype;
  for (const name of ['put', 'add']) {
    const keep = store[name];
    store[name] = function (...values) {
      if (globalThis.pawpostIsFull) throw new DOMException('full', 'QuotaExceededError');
      return keep.apply(this, values);
    };
  }
})();`;

/** The newest registration of the page's origin, once there is one. */
async function watchServiceWorker(session: CDPSession) {
  let id: string | null = null;
  const waiting = new Set<(id: string) => void>();
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const newest = registrations.findLast(({ isDeleted }) => !isDeleted);
    if (newest === undefined) return;
    id = newest.registrationId;
    for (const tell of waiting) tell(id);
    waiting.clear();
  });
  await session.send('ServiceWorker.enable');
  return {
    registrationId: () =>
      id !== null ? Promise.resolve(id) : new Promise<string>((resolve) => waiting.add(resolve)),
  };
}
