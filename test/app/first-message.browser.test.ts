// From the first start to the first message: how often a parent must tap, and what an address may hold.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '#test/support/chromium.ts';
import { KIT_WORDS } from './made-up-model.ts';
import { type OpenScreens, openScreens } from './screens-browser.ts';
import type { Stage } from './screens-page/main.ts';

declare const stage: Stage;

const TAG = `PAWPOST:${'7'.repeat(55)}`;
const MOST_TAPS = 8;
/** The browser's own list of toys: the one tap that is not on our screens. */
const CHOOSER_TAPS = 1;

describe.skipIf(!hasChromium())('a parent', () => {
  let screens: OpenScreens;
  let page: Page;
  let taps = 0;

  beforeAll(async () => {
    screens = await openScreens();
    page = screens.page;
    await page.setViewportSize({ width: 390, height: 844 });
  });
  afterAll(() => screens?.close());
  beforeEach(() => {
    taps = 0;
  });

  const show = async (name: string) => {
    await page.evaluate((name) => stage.show(name, 'en'), name);
    await page.waitForSelector(`body[data-scene="${name} en"]`);
  };
  const tap = async (name: string) => {
    taps++;
    await page.getByRole('button', { name, exact: true }).click();
  };
  const asked = () => page.evaluate(() => stage.model.asked);
  const hasSpoken = () =>
    page.waitForFunction(() => (document.querySelector('[role="timer"]')?.textContent ?? '') >= '0:01');

  /** All but the message itself. Types only where the focus already is. */
  async function bringToyHome(): Promise<void> {
    await show('welcome');
    await page.keyboard.type('Anna');
    await tap('Begin');
    await tap('I have written it down');
    for (const at of [2, 9, 20]) await page.keyboard.type(KIT_WORDS[at]!);
    await tap('I agree');
    await page.getByLabel('The letters on the tag').waitFor();
    await page.keyboard.type(TAG);
    await tap('Find the toy');
    taps += CHOOSER_TAPS;
    await tap('The same animals');
    await page.getByRole('button', { name: 'Hold and speak' }).waitFor();
  }

  it('sends the first message with at most eight taps, holding the button', async () => {
    await bringToyHome();
    taps++;
    await page.getByRole('button', { name: 'Hold and speak' }).hover();
    await page.mouse.down();
    await hasSpoken();
    await page.mouse.up();
    await tap('Send');
    await page.getByText('It is on its way.').waitFor();
    expect(taps).toBeLessThanOrEqual(MOST_TAPS);
    expect((await asked()).filter((name) => name === 'send')).toHaveLength(1);
  });

  it('or tapping it', async () => {
    await bringToyHome();
    await tap('Hold and speak');
    await hasSpoken();
    await tap('Send');
    await page.getByText('It is on its way.').waitFor();
    expect(taps).toBeLessThanOrEqual(MOST_TAPS);
  });

  it('needs no pointer at all', async () => {
    await show('home');
    await page.getByRole('button', { name: 'Hold and speak' }).focus();
    await page.keyboard.press('Enter');
    await hasSpoken();
    await page.keyboard.press('Enter');
    await page.locator('.review .track input').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('It is on its way.').waitFor();
  });

  it('keeps what was said when it could not be put away', async () => {
    await show('home');
    await tap('Hold and speak');
    await hasSpoken();
    await page.evaluate(() => {
      stage.model.failing = 'full';
    });
    await tap('Send');
    await page.getByText('storage is full').waitFor();
    await page.evaluate(() => {
      stage.model.failing = null;
    });
    await tap('Send');
    await page.getByText('It is on its way.').waitFor();
  });

  it('who goes back stops the pairing, and begins again with the consent', async () => {
    await show('pair-search');
    await tap('Back');
    await show('home');
    await page.evaluate(() => {
      stage.model.state.toys.value = [];
    });
    await tap('I agree');
    await tap('Back');
    await page.getByRole('button', { name: 'I agree' }).waitFor();
    expect(await asked()).toContain('stopPairing');
  });

  it('says that the animals differ, and nothing is taken', async () => {
    await show('pair-animals');
    await tap('Not the same');
    await page.getByText('Nothing was stored').waitFor();
    expect(await asked()).toEqual(['confirmAnimals']);
  });

  it.each(['#/join/c2VjcmV0', '#join=c2VjcmV0', '#c2VjcmV0'])(
    'opens the link %s, whose secret leaves the address and its history at once',
    async (hash) => {
      const visitor = await page.context().newPage();
      await visitor.goto(`${screens.url}/${hash}`);
      await visitor.waitForFunction(() => 'stage' in globalThis);
      await visitor.waitForURL(`${screens.url}/#/join`);
      const { address, entries } = await visitor.evaluate(() => ({
        address: location.href,
        entries: history.length,
      }));
      expect(address).toBe(`${screens.url}/#/join`);
      await visitor.evaluate(() => stage.show('welcome', 'en'));
      expect(await visitor.evaluate(() => history.length)).toBe(entries);
      await visitor.close();
    },
  );

  it('never breaks a rule of the app’s own headers', () => {
    expect(screens.complaints).toEqual([]);
  });
});
