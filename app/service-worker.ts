/// <reference lib="webworker" />
// The app's service worker: serves the release that is here, online or not; takes another only with its maker's signature; and shows
// that something has arrived.
import { bytesOfHex } from '#bridge/bytes.ts';
import { ReleaseError } from './release.ts';
import { createNoticeBoard } from './worker/notice-board.ts';
import { createShelf } from './worker/shelf.ts';
import type { FromWorker, ToWorker } from './worker/word.ts';

declare const self: ServiceWorkerGlobalScope;

const CONFIGURATION_PATH = '/pawpost.json';
const CONFIGURATION_CACHE = 'pawpost-configuration';

const shelf = createShelf({
  caches,
  makerKey: Uint8Array.from(bytesOfHex(PAWPOST_RELEASE_KEY)),
  get: (path) => fetch(path, { cache: 'no-store', redirect: 'error' }),
});
const board = createNoticeBoard(caches);

self.addEventListener('install', (event) => {
  // A new worker over an old release is fine: it looks for a newer one when the page asks.
  event.waitUntil(shelf.look().then(({ current }) => (current === null ? shelf.restock() : false)));
  // The page that is open has it already and will not ask again: without this the first start without a network would not know its relay.
  event.waitUntil(configuration(new Request(CONFIGURATION_PATH, { cache: 'no-cache' })));
  void self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname === CONFIGURATION_PATH) event.respondWith(configuration(request));
  else if (request.mode === 'navigate')
    event.respondWith(/^\/flash(\/(index\.html)?)?$/.test(url.pathname) ? flashPage(request) : page(request));
  else event.respondWith(file(url.pathname).then((genuine) => genuine ?? fetch(request)));
});

/** What belongs to the release, from here or, judged, from the site; undefined: something else. */
async function file(path: string): Promise<Response | undefined> {
  return (await shelf.file(path)) ?? shelf.demand(path);
}

/** The page that makes toys (app/flash): not kept, but judged. What the site has may be newer than what is here. */
async function flashPage(request: Request): Promise<Response> {
  const path = '/flash/index.html';
  try {
    return (await shelf.demand(path)) ?? fetch(request);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    await shelf.restock();
    const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (open.length === 0) await shelf.swap();
    return (await shelf.demand(path)) ?? fetch(request);
  }
}

/** The app's page. A release that waits takes over when nobody has the app open: at the next start, as with any program. */
async function page(request: Request): Promise<Response> {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (open.length === 0) await shelf.swap();
  return (await shelf.file('/index.html')) ?? fetch(request);
}

/** From the site while it answers; else as it was last. */
async function configuration(request: Request): Promise<Response> {
  const cache = await caches.open(CONFIGURATION_CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(CONFIGURATION_PATH, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(CONFIGURATION_PATH);
    if (kept === undefined) throw error;
    return kept;
  }
}

self.addEventListener('message', (event) => {
  const word = event.data as ToWorker;
  const reply = (message: FromWorker) => event.source?.postMessage(message);
  event.waitUntil(answer(word, reply));
});

async function answer(message: ToWorker, reply: (message: FromWorker) => void): Promise<void> {
  if (message.word === 'notice') return board.write(message);
  if (message.word === 'apply' && (await shelf.swap())) return tellPages({ word: 'reload' });
  if (message.word === 'look') {
    try {
      await shelf.restock();
    } catch (error) {
      // Without a network there is nothing to say.
      if (error instanceof ReleaseError) reply({ word: 'refused', code: error.code });
    }
  }
  reply({ word: 'releases', ...(await shelf.look()) });
}

self.addEventListener('push', (event) => event.waitUntil(knocked()));

/** The push has no content: a page that is open fetches what has come, and who does not see one is told. */
async function knocked(): Promise<void> {
  await tellPages({ word: 'knock' });
  const open = await self.clients.matchAll({ type: 'window' });
  if (open.some(({ visibilityState }) => visibilityState === 'visible')) return;
  const { title, body } = await board.read();
  await self.registration.showNotification(title, { body, icon: '/icon-192.png', tag: 'pawpost' });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(comeForward());
});

async function comeForward(): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (page === undefined) await self.clients.openWindow('/');
  else await page.focus();
}

async function tellPages(message: FromWorker): Promise<void> {
  for (const page of await self.clients.matchAll({ type: 'window' })) page.postMessage(message);
}
