// Every screen in a real Chromium under the app's own headers: pictures to look at in out/screens, no barrier that axe can find, and nothing
// wider than the smallest phone.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '#test/support/chromium.ts';
import { SCENES, type Scene } from './scenes.ts';
import { type OpenScreens, openScreens } from './screens-browser.ts';
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
/** Of what can be pressed, at least. */
const TARGET_PX = 44;
type Language = 'en' | 'da';

const hasSpokenForASecond = () =>
  document.querySelector('.record.recording [role="timer"]')?.textContent === '0:01';

describe.skipIf(!hasChromium())('the screens', () => {
  let screens: OpenScreens;
  let page: Page;

  beforeAll(async () => {
    screens = await openScreens();
    page = screens.page;
    // From outside, past the app's policy.
    await page.evaluate(AXE);
    rmSync(OUT, { recursive: true, force: true });
    mkdirSync(OUT, { recursive: true });
  });
  afterAll(() => screens?.close());

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

  /** What can be pressed and is lower than a thumb; a small box inside a label counts as the label. */
  const smallTargets = () =>
    page.evaluate((least) => {
      const targets = document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea');
      return [...targets]
        .map((target) =>
          (target as HTMLInputElement).labels?.[0]?.querySelector('input')
            ? target.closest('label')!
            : target,
        )
        .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < least)
        .map((target) => `${target.className || target.tagName} ${target.getBoundingClientRect().height}`);
    }, TARGET_PX);

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

  it('fit the smallest phone and the thumb in every language', async () => {
    await page.setViewportSize(SMALLEST);
    const wide: string[] = [];
    const small: string[] = [];
    for (const language of ['en', 'da'] as const) {
      for (const scene of SCENES) {
        await show(scene, language);
        if ((await widest()) > 0) wide.push(`${scene.name} ${language}: ${await widest()} px too wide`);
        for (const target of await smallTargets()) small.push(`${scene.name} ${language}: ${target}`);
      }
    }
    expect(wide).toEqual([]);
    expect(small).toEqual([]);
  });

  it('break no rule of the app’s own headers, and throw nothing', () => {
    expect(screens.complaints).toEqual([]);
  });
});
