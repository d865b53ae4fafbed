// `pawpost start` as somebody plays with it: the app founds a family, pairs the toy of the page over the room's radio, speaks and hears; then
// the page's Raspberry Pi joins and carries a message while the phone is away.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '#app/words/en.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { decodeTag } from '#protocol/family/tag.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';
import { runStart, type StartCommand } from '#test/support/start-command.ts';
import { openStartPage, type StartPage } from '#test/support/start-page.ts';
import { openPhone, type Phone } from './rig/phone.ts';
import { begin, invite, pair, reads, sixWords, speak, waitForLetter } from './rig/steps.ts';

const SAID_MS = 1_500;
const PATIENCE_MS = 45_000;

describe.skipIf(!hasChromium())('npm start, with its app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-page-'));
  let command: StartCommand;
  let browser: Browser;
  let page: Page;
  /** What the page is told, heard beside it. */
  let line: StartPage;
  let phone: Phone;

  beforeAll(async () => {
    const microphone = join(folder, 'voice.wav');
    writeFileSync(microphone, writeWav(createVoice()));
    command = runStart('--port', '0');
    browser = await launchChromium({ microphone });
    const url = (await command.printed(/ready: open (http:\/\/localhost:\d+)/))[1]!;
    line = await openStartPage(url);
    page = await (await browser.newContext({ permissions: ['microphone'] })).newPage();
    await page.goto(url);
    const app = page.getByRole('link', { name: 'Open the app in its own window' });
    phone = await openPhone(browser, (await app.getAttribute('href'))!, { name: 'start' });
  });

  afterAll(async () => {
    line?.close();
    await browser?.close();
    await command?.stop('SIGINT');
    command?.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  async function holdPaw(until: (message: { kind: string }) => boolean, ms = 0): Promise<void> {
    const from = line.told.length;
    await page.locator('#paw').hover();
    await page.mouse.down();
    await line.until(until, from);
    await page.waitForTimeout(ms);
    await page.mouse.up();
  }
  const isLit = (message: { kind: string; isLit?: boolean }) =>
    message.kind === 'heart' && message.isLit === true;
  const isListening = (message: { kind: string; isOpen?: boolean }) =>
    message.kind === 'microphone' && message.isOpen === true;

  it('pairs the toy on the page with the app', async () => {
    await begin(phone, 'Mum');
    await pair(phone, {
      tag: decodeTag((await page.locator('#tag-text').textContent())!),
      sung: () => line.told.flatMap((message) => (message.kind === 'tone' ? [message.sound] : [])),
      holdToPair: () => holdPaw(isLit),
    });
  });

  it('carries a voice each way', async () => {
    await speak(phone, SAID_MS);
    await waitForLetter(phone, /the heart beats/);
    await holdPaw(isListening, SAID_MS);
    const heard = phone.page.getByRole('button', { name: /^Play the message from Bear/ });
    await heard.waitFor({ timeout: PATIENCE_MS });
  });

  it('carries a voice through the Pi while the phone is away', async () => {
    const link = await invite(phone);
    await page.getByText('A Raspberry Pi', { exact: true }).click();
    await page.getByLabel('The invitation’s link').fill(link);
    await page.getByRole('button', { name: 'Join the family' }).click();
    const words = page.getByRole('list', { name: 'The Pi’s six words' }).getByRole('listitem');
    await words.first().waitFor({ timeout: PATIENCE_MS });
    expect(await sixWords(phone)).toEqual(await words.allInnerTexts());
    await phone.tap(en.join.same);
    await reads(phone, /is in the family now/);
    await page.getByLabel('The phone with the app is near the toy').uncheck();
    await page.getByText('It is linked with the toy.').waitFor({ timeout: PATIENCE_MS });
    await holdPaw(isListening, SAID_MS);
    await page.getByText('The relay has what the toy said.').waitFor({ timeout: PATIENCE_MS });
    await phone.tap(phone.page.getByRole('link', { name: /^Messages/ }));
    const heard = phone.page.getByRole('button', { name: /^Play the message from Bear/ });
    await expect.poll(() => heard.count(), { timeout: PATIENCE_MS }).toBe(2);
  });

  it('leaves thieves without a piece of it', async () => {
    const counted = await line.until(({ kind }) => kind === 'thieves');
    if (counted.kind !== 'thieves') throw new Error('no count');
    for (const { pieces } of counted.loot) {
      expect(pieces!.sought).toBeGreaterThan(10);
      expect(pieces!.found).toBe(0);
    }
  });
});
