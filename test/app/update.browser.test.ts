// In a real browser with a real radio stack: an app of today brings an older toy its program, from its own site, as its maker signed it.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { hasChromium } from '#test/support/chromium.ts';
import type { Phone } from './rig/phone.ts';
import { openRig, type Rig } from './rig/rig.ts';
import { begin, expectNoBarriers, pair, reads, speak, waitForLetter } from './rig/steps.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const OLD = '0.0.9';
const PATH = '/toy/1.program';
const REFUSED = ['Failed to load resource: net::ERR_FAILED'];
const PATIENCE_MS = 30_000;
/** Two programs and the app are built, perhaps on a busy machine. */
const BUILDING_MS = 120_000;

describe.skipIf(!hasChromium())('an older toy near a phone', () => {
  let rig: Rig;
  let phone: Phone;

  beforeAll(async () => {
    const maker = generateKeyPairSync('ed25519').privateKey;
    rig = await openRig({ made: { maker, release: OLD } });
    phone = await rig.openPhone({ name: 'mum', hasBluetooth: true });
    await begin(phone, 'Mum');
  }, BUILDING_MS);
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => rig.tellFailure(task.name)));
  afterAll(() => rig?.close());

  it('gets no program that is not the one that was signed', async () => {
    const { files } = rig.app;
    const forged = Buffer.from(files.get(PATH)!);
    forged[forged.length - 1]! ^= 1;
    rig.app.files = new Map([...files, [PATH, forged]]);
    await pair(phone, rig.toy);
    await phone.tap(phone.page.getByRole('link', { name: en.toy.open }));
    await reads(phone, OLD);
    // The service worker has fetched it, judged it, and given the page nothing.
    await expect.poll(() => phone.complaints, { timeout: PATIENCE_MS }).toEqual(REFUSED);
    rig.app.files = files;
  });

  it('gets its newer program, and runs it', async () => {
    rig.toy.setInRange(false);
    await phone.page.getByText(en.toy.link.here).waitFor({ state: 'hidden' });
    rig.toy.setInRange(true);
    await reads(phone, /A new version is on its way: \d+ %|It starts when the toy is left alone/);
    await phone.picture('update-coming');
    await expectNoBarriers(phone, 'update');
    await phone.page.getByText(version, { exact: true }).waitFor();
    expect(rig.toy.toy.errors).toEqual([]);
  });

  it('is the same toy as before', async () => {
    await phone.page.goBack();
    await speak(phone, 1_000);
    await waitForLetter(phone, /the heart beats/);
    expect(phone.complaints).toEqual(REFUSED);
  });
});
