// Every screen in a real Chromium under the app's own headers: pictures to look at in out/screens, no barrier that axe can find, and nothing
// wider than the smallest phone.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleApp } from '#cli/app/bundle.ts';
import { type AppServer, serveApp } from '#cli/app/serve.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { writeOgg } from '#protocol/audio/ogg.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { NOW_S } from './made-up-model.ts';
import { SCENES, type Scene } from './scenes.ts';
import type { Stage } from './screens-page/main.ts';

declare const stage: Stage;
declare const axe: { run(context: object, options: object): Promise<AxeResults> };

const OUT = fileURLToPath(new URL('../../out/screens', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 860 } };
/** Each of them with each of the others once in a run; `SCREENS=all` takes all eight. */
const LOOKS = (
  [
    ['light', 'phone', 'en'],
    ['dark', 'phone', 'da'],
    ['light', 'desktop', 'da'],
    ['dark', 'desktop', 'en'],
    ['dark', 'phone', 'en'],
    ['light', 'phone', 'da'],
    ['dark', 'desktop', 'da'],
    ['light', 'desktop', 'en'],
  ] as const
).slice(0, process.env.SCREENS === 'all' ? 8 : 4);
const SMALLEST = { width: 320, height: 640 };
type Language = 'en' | 'da';

const hasSpokenForASecond = () =>
  document.querySelector('.record.recording [role="timer"]')?.textContent === '0:01';

describe.skipIf(!hasChromium())('the screens', () => {
  let folder: string;
  let server: AppServer;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pawpost-screens-'));
    writeFileSync(join(folder, 'voice.wav'), writeWav(createVoice(4)));
    const key = generateKeyPairSync('ed25519').privateKey;
    const bundle = await bundleApp({ key, page: fileURLToPath(new URL('screens-page', import.meta.url)) });
    bundle.files.set('/voice.opus', Buffer.from(writeOgg(encodeVoice(createVoice(4)), 1)));
    server = await serveApp(bundle, { port: 0, configuration: { relay: 'https://relay.example' } });
    browser = await launchChromium({ microphone: join(folder, 'voice.wav') });
    const context = await browser.newContext({
      permissions: ['microphone'],
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.clock.setFixedTime(NOW_S * 1000);
    await page.goto(server.url);
    await page.waitForFunction(() => 'stage' in globalThis);
    // From outside, past the app's policy.
    await page.evaluate(AXE);
    rmSync(OUT, { recursive: true, force: true });
    mkdirSync(OUT, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function show({ name, press = [] }: Scene, language: Language): Promise<void> {
    await page.evaluate(([name, language]) => stage.show(name, language), [name, language] as const);
    await page.waitForSelector(`body[data-scene="${name} ${language}"]`);
    for (const label of press) {
      await page.getByRole('button', { name: label[language] }).first().click();
      // A shorter recording is a slip of the finger.
      if (label.en === 'Hold and speak') await page.waitForFunction(hasSpokenForASecond);
    }
    if (name === 'review' || name === 'playing') await page.waitForSelector('.track input');
  }

  async function barriers(): Promise<string[]> {
    const { violations } = await page.evaluate(
      (tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
      TAGS,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  }

  const widest = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  it.each(LOOKS)(
    '%s %s in %s: pictures, and no barrier that axe can find',
    async (colorScheme, size, language) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(SIZES[size]);
      const found: string[] = [];
      for (const scene of SCENES) {
        await show(scene, language);
        const name = `${scene.name}.${language}.${size}.${colorScheme}`;
        await page.screenshot({ path: join(OUT, `${name}.png`) });
        for (const barrier of await barriers()) found.push(`${name}: ${barrier}`);
      }
      expect(found).toEqual([]);
    },
  );

  it('fit the smallest phone in every language', async () => {
    await page.setViewportSize(SMALLEST);
    const wide: string[] = [];
    for (const language of ['en', 'da'] as const) {
      for (const scene of SCENES) {
        await show(scene, language);
        if ((await widest()) > 0) wide.push(`${scene.name} ${language}: ${await widest()} px too wide`);
      }
    }
    expect(wide).toEqual([]);
  });

  it('break no rule of the app’s own headers, and throw nothing', () => {
    expect(complaints).toEqual([]);
  });
});
