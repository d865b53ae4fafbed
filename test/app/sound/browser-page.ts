// The test's page in Chromium, under the app's own headers: what it complains of, and what it loads, is written down.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { buildApp } from '#cli/app/build.ts';
import { serveApp } from '#cli/app/serve.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { launchChromium } from '#test/support/chromium.ts';

const FOLDER = fileURLToPath(new URL('page', import.meta.url));

export interface OpenPage {
  page: Page;
  /** Errors on the console, uncaught errors, and what the policy forbade. */
  complaints: string[];
  /** Addresses, in order. */
  requests: string[];
}

export interface BrowserWithParts {
  readonly url: string;
  open(permissions: string[], init?: () => void): Promise<OpenPage>;
  close(): Promise<void>;
}

/** `film`: what its camera sees. Its microphone hears a made-up voice. */
export async function openBrowser(film: Buffer): Promise<BrowserWithParts> {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-sound-'));
  writeFileSync(join(folder, 'voice.wav'), writeWav(createVoice(4)));
  writeFileSync(join(folder, 'film.y4m'), film);
  const bundle = await buildApp({ page: FOLDER });
  const server = await serveApp(bundle, { port: 0, configuration: { relay: 'https://relay.example' } });
  const browser: Browser = await launchChromium({
    microphone: join(folder, 'voice.wav'),
    camera: join(folder, 'film.y4m'),
  });

  return {
    url: server.url,
    async open(permissions, init) {
      const context = await browser.newContext({ permissions });
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('request', (request) => requests.push(request.url()));
      if (init !== undefined) await page.addInitScript(init);
      await page.goto(server.url);
      await page.waitForFunction(() => 'parts' in globalThis);
      return { page, complaints, requests };
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
