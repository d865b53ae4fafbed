// The app in a real Chromium, from nothing to a family: the relay answers, and the page complains of nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '#test/support/chromium.ts';
import { openRig, type Rig } from '../rig/rig.ts';

describe.skipIf(!hasChromium())('the app in Chromium', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
  });
  afterAll(() => rig.close());

  it('begins a family, reaches its relay, and is there again after it was closed', async () => {
    const phone = await rig.openPhone({ name: 'alone' });
    const { page } = phone;
    await page.getByRole('textbox').first().fill('Ada');
    await phone.tap('Begin');
    await page.getByText('Pawpost recovery kit').waitFor();
    const words = await page.locator('ol li').allInnerTexts();
    await phone.tap('I have written it down');
    await page.getByText('Word number').first().waitFor();
    // Its safe is what a family's first exchange with the relay ends with.
    const safe = page.waitForResponse((answer) => answer.url().endsWith('/v1/safe') && answer.ok());
    // The last word that is right is enough: no button need be pressed.
    const boxes = page.getByRole('textbox');
    for (const box of await boxes.all()) {
      const label = await box.evaluate((field) => (field as HTMLInputElement).labels![0]!.textContent ?? '');
      const place = /\d+/.exec(label)![0];
      await box.fill(words[Number(place) - 1]!.trim());
    }
    await page.getByText('Before the first word').waitFor();
    await safe;
    await page.reload();
    await page.getByText('Before the first word').waitFor();
    expect(await page.getByText('No internet just now').isVisible()).toBe(false);
    expect(phone.complaints).toEqual([]);
  });
});
