// The model over a real browser.
import { wallClock } from '#bridge/clock.ts';
import { readConfiguration } from './browser/configuration.ts';
import { browserPictures } from './browser/pictures.ts';
import { sitePrograms } from './browser/programs.ts';
import { browserPush } from './browser/push.ts';
import { codeOf } from './home/codes.ts';
import { openModel } from './home/model.ts';
import type { Platform } from './home/platform.ts';
import { createStillModel } from './home/still-model.ts';
import { openDatabase } from './keeping/database.ts';
import { createIndexedDbStore } from './keeping/indexeddb-store.ts';
import { takePlace } from './keeping/one-place.ts';
import { createPasskey } from './keeping/passkey.ts';
import { createVault } from './keeping/vault.ts';
import type { Model } from './model.ts';
import type { PhoneRadio } from './radio/phone-radio.ts';
import { createRoomRadio } from './radio/room-radio.ts';
import { openRoomSocket } from './radio/room-socket.ts';
import { createWebBluetoothRadio } from './radio/web-bluetooth.ts';
import { startWorker } from './worker/page.ts';

export interface Told {
  /** The text of the consent as it is shown. */
  consentText(): string;
  /** What a notification says, in the person's language. */
  notice(): { title: string; body: string };
}

/** Opens the model. Never rejects: a model that can do nothing says why. */
export async function openBrowserModel(told: Told): Promise<Model> {
  const isSupported = isSecureContext && 'indexedDB' in globalThis && 'WebAssembly' in globalThis;
  if (!isSupported) return createStillModel('unsupported', null, PAWPOST_VERSION);
  try {
    return await open(told);
  } catch (error) {
    return createStillModel('opening', codeOf(error), PAWPOST_VERSION);
  }
}

async function open({ consentText, notice }: Told): Promise<Model> {
  const worker = startWorker(navigator.serviceWorker, PAWPOST_VERSION);
  const { title, body } = notice();
  worker.setNotice(title, body);
  const [{ relay, radio: room }, database] = [await readConfiguration(), await openDatabase()];
  const passkey = createPasskey(navigator.credentials);
  const radio = await radioOf(room);
  const push = browserPush(worker.registration, worker.onKnock);
  const platform: Platform = {
    store: createIndexedDbStore(database),
    vault: createVault(database, passkey),
    radio,
    clock: wallClock,
    random: Math.random,
    relay,
    address: `${location.origin}${location.pathname}`,
    abilities: {
      bluetooth: radio !== null,
      camera: 'mediaDevices' in navigator,
      microphone: 'mediaDevices' in navigator,
      push: push !== null,
      passkey: await passkey.isAvailable().catch(() => false),
    },
    takePlace: () => takePlace(navigator.locks ?? null),
    storage: {
      isKept: async () => (await navigator.storage?.persisted?.()) ?? false,
      ask: async () => (await navigator.storage?.persist?.()) ?? false,
    },
    push,
    releases: worker.releases,
    programs: sitePrograms(PAWPOST_VERSION, (path) => fetch(path, { cache: 'no-cache' })),
    pictures: browserPictures,
    consentText,
    minutesAhead: () => -new Date().getTimezoneOffset(),
    isOnline: () => navigator.onLine,
    onChange(listener) {
      addEventListener('online', listener);
      addEventListener('offline', listener);
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') listener();
      });
    },
  };
  return openModel(platform);
}

async function radioOf(room: string | null): Promise<PhoneRadio | null> {
  if (room !== null) return createRoomRadio(() => openRoomSocket(room));
  const { bluetooth } = navigator;
  // Some browsers have the name and not the thing.
  if (bluetooth === undefined || !(await bluetooth.getAvailability().catch(() => false))) return null;
  return createWebBluetoothRadio(bluetooth);
}
