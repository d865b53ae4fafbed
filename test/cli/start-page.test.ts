// The page of `pawpost start` in a real browser: the toy with its tag, the app beside it, the Pi in its box, at desktop and phone width.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { decodeTag, TAG_PREFIX } from '#protocol/family/tag.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';
import { runStart, type StartCommand } from '#test/support/start-command.ts';

describe.skipIf(!hasChromium())('the page of start, in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-page-'));
  const complaints: string[] = [];
  let command: StartCommand;
  let url: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const wav = join(folder, 'voice.wav');
    writeFileSync(wav, writeWav(createVoice()));
    command = runStart('--port', '0');
    browser = await launchChromium({ microphone: wav });
    url = (await command.printed(/ready: open (http:\/\/localhost:\d+)/))[1]!;
    const context = await browser.newContext({
      permissions: ['microphone', 'clipboard-read', 'clipboard-write'],
      viewport: { width: 1300, height: 900 },
    });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(url);
  });

  afterAll(async () => {
    await browser?.close();
    await command?.stop('SIGINT');
    command?.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the app beside the toy, on an origin of its own', async () => {
    const frame = page.frameLocator('iframe[title="The Pawpost app"]');
    await frame.getByRole('button', { name: 'Begin' }).waitFor();
    const origin = new URL((await page.locator('#app iframe').getAttribute('src'))!).origin;
    expect(origin).not.toBe(url);
    expect(
      await page.getByRole('link', { name: 'Open the app in its own window' }).getAttribute('href'),
    ).toBe(`${origin}/`);
  });

  it('copies the text of the toy’s tag, and draws its code', async () => {
    await page.getByRole('button', { name: 'Copy the tag' }).click();
    await page.getByText('Copied. Paste it into the app.').waitFor();
    const text = (await page.evaluate('navigator.clipboard.readText()')) as string;
    expect(text.startsWith(TAG_PREFIX)).toBe(true);
    expect(decodeTag(text)).toHaveLength(32);
    const code = page.getByRole('img', { name: 'The tag’s square code' });
    expect(((await code.locator('path').getAttribute('d')) ?? '').length).toBeGreaterThan(1000);
  });

  it('opens pairing when the paw is held for three seconds', async () => {
    await page.locator('#paw').hover();
    await page.mouse.down();
    await page.waitForSelector('#toy.lit', { timeout: 30_000 });
    await page.mouse.up();
  });

  it('says what is wrong with an invitation that is none', async () => {
    await page.getByText('A Raspberry Pi', { exact: true }).click();
    await page.getByLabel('The invitation’s link').fill('hello');
    await page.getByRole('button', { name: 'Join the family' }).click();
    await page.getByText('It could not join').waitFor();
  });

  it('has no barriers', async () => {
    await page.evaluate(`${axe.source}; undefined`);
    // The frame is the app, which has tests of its own.
    const { violations } = (await page.evaluate("axe.run({ exclude: ['iframe'] })")) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html)}`)).toEqual([]);
  });

  it('fits a phone, and leaves the app to its own window there', async () => {
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    expect(await page.locator('#app iframe').count()).toBe(0);
  });

  it('has had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
