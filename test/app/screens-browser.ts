// The screens in Chromium under the app's own headers, over the made-up family; what the page complains of is written down.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { bundleApp } from '#cli/app/bundle.ts';
import { serveApp } from '#cli/app/serve.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { writeOgg } from '#protocol/audio/ogg.ts';
import { launchChromium } from '#test/support/chromium.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { NOW_S } from './made-up-model.ts';

const PAGE = fileURLToPath(new URL('screens-page', import.meta.url));
const VOICE_S = 4;

export interface OpenScreens {
  page: Page;
  url: string;
  /** Errors on the console, uncaught errors, and what the policy forbade. */
  complaints: string[];
  close(): Promise<void>;
}

/** Its microphone hears a made-up voice; its clock stands at `NOW_S`. */
export async function openScreens(): Promise<OpenScreens> {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-screens-'));
  writeFileSync(join(folder, 'voice.wav'), writeWav(createVoice(VOICE_S)));
  const key = generateKeyPairSync('ed25519').privateKey;
  const bundle = await bundleApp({ key, page: PAGE });
  bundle.files.set('/voice.opus', Buffer.from(writeOgg(encodeVoice(createVoice(VOICE_S)), 1)));
  const server = await serveApp(bundle, { port: 0, configuration: { relay: 'https://relay.example' } });
  const browser = await launchChromium({ microphone: join(folder, 'voice.wav') });
  const context = await browser.newContext({
    permissions: ['microphone'],
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.clock.setFixedTime(NOW_S * 1000);
  await page.goto(server.url);
  await page.waitForFunction(() => 'stage' in globalThis);
  return {
    page,
    url: server.url,
    complaints,
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
