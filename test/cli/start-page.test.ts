// The page of `pawpost start` in a real browser: held by mouse and key, heard by its microphone, at desktop and phone width.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';
import { runStart, type StartCommand } from '#test/support/start-command.ts';

const HOLD_MS = 2_000;
const TAP_MS = 150;

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
    page = await open(['microphone']);
  });

  afterAll(async () => {
    await browser?.close();
    await command?.stop('SIGINT');
    command?.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(permissions: string[]): Promise<Page> {
    const context = await browser.newContext({ permissions, viewport: { width: 1100, height: 800 } });
    const opened = await context.newPage();
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    opened.on('pageerror', ({ message }) => complaints.push(message));
    await opened.goto(url);
    await opened.waitForSelector('#connection[data-state="linked"]');
    return opened;
  }

  it('sends what its microphone hears while the paw is held and the heart glows', async () => {
    await page.locator('#allow').waitFor({ state: 'hidden' });
    await holdPaw(page, HOLD_MS, async () => {
      await page.waitForSelector('#toy.lit.listening');
      expect(await page.getAttribute('#paw', 'aria-pressed')).toBe('true');
      expect(await page.textContent('#mood')).toContain('the toy is listening');
    });
    await page.waitForSelector('#toy:not(.lit):not(.listening)');
    await page.waitForSelector('#inbox li.from-toy.new');
    const { seconds, loudness } = await decodeNewest(page);
    expect(seconds).toBeGreaterThan(HOLD_MS / 1000 - 0.1);
    // The built-in voice has an effective value of 0.1 of full scale; silence has none.
    expect(loudness).toBeGreaterThan(0.03);
  });

  it('plays a message of the inbox to its end', async () => {
    const play = page.locator('#inbox li.from-toy .play');
    expect(await play.getAttribute('aria-label')).toMatch(/^Play: from the toy, .*, \d+ s$/);
    await play.click();
    await page.waitForSelector('.play[data-playing="yes"][aria-label^="Stop"]');
    await page.waitForSelector('.play:not([data-playing])[aria-label^="Play"]');
    expect(await page.locator('#inbox li.new').count()).toBe(0);
  });

  it('records a message, which the space bar plays on the toy', async () => {
    await page.click('#record');
    await page.waitForSelector('#record[data-state="recording"]');
    await page.waitForTimeout(HOLD_MS);
    await page.click('#record');
    await page.waitForSelector('#inbox li.from-family .progress[data-step="3"]');
    await page.locator('#mood', { hasText: 'a message waits' }).waitFor();
    await page.locator('#record').blur();
    await page.keyboard.down(' ');
    await page.waitForTimeout(TAP_MS);
    await page.keyboard.up(' ');
    await page.waitForSelector('#toy.talking');
    await page.waitForSelector('#toy:not(.talking)');
    expect(Number(await page.getAttribute('#toy', 'data-played-ms'))).toBeGreaterThan(HOLD_MS - 200);
    expect(await page.textContent('#thieves')).toMatch(/none can be found.*none can be found/s);
  });

  it('lends the toy a built-in voice where it may not use the microphone', async () => {
    const deaf = await open([]);
    expect(await deaf.textContent('#ears-notice')).toContain('built‑in voice');
    await holdPaw(deaf, HOLD_MS, async () => void (await deaf.waitForSelector('#toy.listening')));
    await deaf.locator('#inbox li.from-toy').nth(1).waitFor();
    expect((await decodeNewest(deaf)).loudness).toBeGreaterThan(0.03);
    await deaf.context().close();
  });

  it('fits a phone', async () => {
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  });

  it('has had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});

async function holdPaw(page: Page, ms: number, meanwhile: () => Promise<void>): Promise<void> {
  await page.locator('#paw').hover();
  await page.mouse.down();
  await meanwhile();
  await page.waitForTimeout(ms);
  await page.mouse.up();
}

/** The newest message as the browser's own decoder hears it. */
function decodeNewest(page: Page): Promise<{ seconds: number; loudness: number }> {
  // As text: the types of this program know no DOM.
  return page.evaluate(`(async () => {
    const { id } = document.querySelector('#inbox li').dataset;
    const { content } = document.querySelector('meta[name="pawpost-token"]');
    const answer = await fetch('/voices/' + id, { headers: { authorization: 'Bearer ' + content } });
    const context = new OfflineAudioContext(1, 1, 48000);
    const decoded = await context.decodeAudioData(await answer.arrayBuffer());
    const samples = decoded.getChannelData(0);
    const sum = samples.reduce((squares, sample) => squares + sample * sample, 0);
    return { seconds: decoded.duration, loudness: Math.sqrt(sum / samples.length) };
  })()`);
}
