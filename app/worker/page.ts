// The page's side of the service worker: registers it, hears of releases and of knocks at the door.
import type { Releases } from '../home/platform.ts';
import { scriptAddress } from '../trusted.ts';
import type { FromWorker, HeldRelease, ToWorker } from './word.ts';

const ADDRESS = '/service-worker.js';
/** A page that stays open looks for a newer release this often. */
const LOOK_MS = 6 * 3600 * 1000;

export interface PageWorker {
  releases: Releases;
  onKnock(listener: () => void): void;
  /** What a notification says from now on. */
  setNotice(title: string, body: string): void;
  /** Null where the browser has no service workers, or refused this one. */
  registration: Promise<ServiceWorkerRegistration | null>;
}

export function startWorker(container: ServiceWorkerContainer | undefined, version: string): PageWorker {
  let current: HeldRelease | null = null;
  let hasUpdate = false;
  const listeners = new Set<(hash: string | null, hasUpdate: boolean) => void>();
  const refusals = new Set<(code: string) => void>();
  const knocks = new Set<() => void>();

  const registration = register(container);

  function say(word: ToWorker): void {
    // A worker that is still being installed hears nothing.
    void container?.ready.then(({ active }) => (container.controller ?? active)?.postMessage(word));
  }

  container?.addEventListener('message', ({ data }) => {
    const heard = data as FromWorker;
    if (heard.word === 'reload') location.reload();
    if (heard.word === 'knock') for (const knock of knocks) knock();
    if (heard.word === 'refused') for (const refuse of refusals) refuse(`release: ${heard.code}`);
    if (heard.word !== 'releases') return;
    // The page runs on what was current when it was loaded.
    current ??= heard.current;
    hasUpdate = heard.waiting !== null;
    for (const listener of listeners) listener(current?.hash ?? null, hasUpdate);
  });

  if (container !== undefined) {
    say({ word: 'look' });
    setInterval(() => say({ word: 'look' }), LOOK_MS);
  }

  return {
    releases: {
      version,
      watch(listener) {
        listeners.add(listener);
        listener(current?.hash ?? null, hasUpdate);
      },
      onRefusal: (listener) => void refusals.add(listener),
      apply: async () => say({ word: 'apply' }),
    },
    onKnock: (listener) => void knocks.add(listener),
    setNotice: (title, body) => say({ word: 'notice', title, body }),
    registration,
  };
}

async function register(
  container: ServiceWorkerContainer | undefined,
): Promise<ServiceWorkerRegistration | null> {
  try {
    const options = { scope: '/', updateViaCache: 'none' } as const;
    return (await container?.register(scriptAddress(ADDRESS), options)) ?? null;
  } catch {
    // A private window, perhaps: the app works, though not without a network.
    return null;
  }
}
