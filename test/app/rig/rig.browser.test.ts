// The rig itself: the app's own origin with a page of ours on it, a phone with Bluetooth and one without, and what a test can do to them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '#test/support/chromium.ts';
import type { Phone } from './phone.ts';
import { openRig, type Rig } from './rig.ts';

const PAGE = `<!doctype html><html lang="en"><title>rig</title><link rel="icon" href="/icon.svg" vite-ignore><main><h1>Rig</h1><button>Tap me</button></main>
<script type="module" src="/main.ts"></script></html>`;
const SCRIPT = `
let taps = 0;
document.querySelector('button').onclick = () => { document.title = 'taps ' + ++taps; };
`;

describe.skipIf(!hasChromium())('the rig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-page-'));
  let rig: Rig;
  let phone: Phone;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, 'main.ts'), SCRIPT);
    rig = await openRig({ page: folder });
    phone = await rig.openPhone({ name: 'phone', hasBluetooth: true });
  });
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(async () => {
    await rig?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves the app’s page to a phone and counts its taps', async () => {
    await phone.tap('Tap me');
    await phone.tap(phone.page.getByRole('button'));
    expect(await phone.page.title()).toBe('taps 2');
    expect(phone.taps).toBe(2);
    expect(phone.complaints).toEqual([]);
    expect(await phone.barriers()).toEqual([]);
  });

  it('lets the page talk to the relay, and takes the net away', async () => {
    const ask = `fetch('${rig.relay.url}/v1/health').then(({ status }) => status, () => 0)`;
    expect(await phone.page.evaluate(ask)).toBeGreaterThan(199);
    await phone.setOffline(true);
    expect(await phone.page.evaluate(ask)).toBe(0);
    await phone.setOffline(false);
  });

  it('fills the storage', async () => {
    const keep = `new Promise((resolve, reject) => {
      const opening = indexedDB.open('full', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
      opening.onsuccess = () => {
        const writing = opening.result.transaction('kept', 'readwrite');
        try {
          writing.objectStore('kept').put(1, Math.random());
        } catch (error) {
          resolve(error.name);
        }
        writing.oncomplete = () => resolve('kept');
      };
    })`;
    expect(await phone.page.evaluate(keep)).toBe('kept');
    await phone.setFull(true);
    expect(await phone.page.evaluate(keep)).toBe('QuotaExceededError');
    await phone.setFull(false);
    expect(await phone.page.evaluate(keep)).toBe('kept');
  });

  it('opens a second phone that knows nothing of the first', async () => {
    await phone.page.evaluate('localStorage.setItem("mine", "1")');
    const other = await rig.openPhone({ name: 'other', permissions: [] });
    expect(await other.page.evaluate('localStorage.getItem("mine")')).toBeNull();
    const asked = `navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'heard', ({ name }) => name)`;
    expect(await other.page.evaluate(asked)).toBe('NotAllowedError');
    expect(await phone.page.evaluate(asked)).toBe('heard');
  });
});
