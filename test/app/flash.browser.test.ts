// The page that makes toys, in a real Chromium under the app's own headers, on a cable that ends in a simulated board: from the first click to
// the tag, through a pulled cable and a wrong chip, without a barrier that axe can find, and with the tag's secret nowhere but on the page.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { da } from '#app/flash/words-da.ts';
import { en } from '#app/flash/words-en.ts';
import { type Bundle, bundleApp } from '#cli/app/bundle.ts';
import { type AppServer, serveApp } from '#cli/app/serve.ts';
import { publicBytes } from '#cli/app/signing.ts';
import { decodeTag, encodeTag } from '#protocol/family/tag.ts';
import { type Board, type BoardOptions, createBoard } from '#test/flash/board.ts';
import { createEspruinoChip, type EspruinoChip } from '#test/flash/espruino-chip.ts';
import { writeImageFiles } from '#test/flash/images.ts';
import { madeProgram } from '#test/flash/made-program.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';
import { type Cable, plugIn } from './cable.ts';

declare const axe: { run(context: object, options: object): Promise<AxeResults> };

const OUT = fileURLToPath(new URL('../../out/flash', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PLUSH = 'ESP32-C3 SuperMini';
/** Points of a PDF: A6 is 105 x 148 mm. */
const A6 = /\/MediaBox \[0 0 29[78](\.\d+)? (419|420)(\.\d+)?\]/;
const SECRET_BYTES = 32;
const PATIENCE = { timeout: 45_000 };
const FILES = ['bootloader.bin', 'partition-table.bin', 'espruino_esp32.bin'];
const image = (chip: 'esp32c3' | 'esp32s3') => {
  const folder = writeImageFiles(chip, 40_001);
  return FILES.map((name) => join(folder, name));
};

interface Bench {
  context: BrowserContext;
  page: Page;
  chip: EspruinoChip;
  board: Board;
  cable: Cable;
  /** Errors on the console, uncaught errors, and what the policy forbade. */
  complaints: string[];
  /** Addresses and bodies of what the page asked for. */
  asked: string[];
}

describe.skipIf(!hasChromium())('the page that makes toys', () => {
  const key = generateKeyPairSync('ed25519').privateKey;
  let bundle: Bundle;
  let server: AppServer;
  let browser: Browser;
  let bench: Bench;

  beforeAll(async () => {
    mkdirSync(OUT, { recursive: true });
    bundle = await bundleApp({ key, boards: ['c3-plush'] });
    server = await serveApp(bundle, { port: 0, configuration: { relay: 'https://relay.example' } });
    browser = await launchChromium();
  });
  afterEach(() => bench?.context.close());
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(options: BoardOptions = {}, locale = 'en-GB'): Promise<Bench> {
    const chip = createEspruinoChip();
    const board = createBoard({
      flash: chip.flash,
      hasOwnUsb: true,
      run: (send) => chip.run(send),
      ...options,
    });
    const context = await browser.newContext({ locale, reducedMotion: 'reduce' });
    const cable = await plugIn(context, board, () => bench.page);
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
    bench = { context, page, chip, board, cable, complaints, asked };
    await page.goto(`${server.url}/flash/`);
    return bench;
  }

  /** From outside, past the page's policy; and a picture to look at. */
  async function barriers({ page }: Bench, name: string): Promise<string[]> {
    await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      (tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
      TAGS,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  }

  async function choose({ page }: Bench, title: string, files: string[], t = en): Promise<void> {
    await page.getByRole('radio', { name: title }).check();
    await page.getByLabel(t.image.choose).setInputFiles(files);
    await page.getByText(t.image.ready).waitFor();
  }
  async function drop(page: Page, files: string[]): Promise<void> {
    const contents = files.map((file) => [basename(file), readFileSync(file).toString('base64')] as const);
    await page.locator('.drop').evaluate((place, contents) => {
      const dataTransfer = new DataTransfer();
      for (const [name, base64] of contents) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
      }
      place.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, contents);
  }
  const press = ({ page }: Bench, name: string) => page.getByRole('button', { name, exact: true }).click();
  const tagOf = ({ chip }: Bench) => chip.keys.load()!.slice(0, SECRET_BYTES);

  it('makes one, from the first click to the tag, and goes on after the cable came off', async () => {
    const made = await open();
    const { page, board, chip, cable } = made;
    expect(await barriers(made, 'begin')).toEqual([]);
    await choose(made, PLUSH, image('esp32c3'));
    await page.getByText(en.program.own('0.1.0')).waitFor();

    const pulled = new Promise<void>((resolve) => {
      board.block = (number) => {
        if (number === 3) void cable.pull().then(resolve);
      };
    });
    await press(made, en.cable.begin);
    await pulled;
    await page.getByText(en.troubles.gone.what).waitFor(PATIENCE);
    expect(await barriers(made, 'gone')).toEqual([]);
    const before = board.rom.blocks;
    board.block = () => {};
    await cable.plug();
    await press(made, en.cable.again);
    await page.getByRole('heading', { name: en.tag.title }).waitFor(PATIENCE);
    expect(before).toBe(3);
    expect(await cable.asked()).toBe(1);

    // A toy, as the command line makes one.
    expect(chip.program).not.toBeNull();
    expect(chip.maker.load()!.slice(0, SECRET_BYTES)).toEqual(new Uint8Array(publicBytes(key)));
    expect(chip.interruptions).toBe(0);
    const secret = tagOf(made);
    const letters = await page.getByLabel(en.tag.letters).innerText();
    expect(decodeTag(letters)).toEqual(secret);
    const sheet = page.getByRole('img', { name: en.tag.picture });
    await expect.poll(() => sheet.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(await barriers(made, 'tag')).toEqual([]);
    const paper = (await page.pdf({ path: join(OUT, 'sheet.pdf'), preferCSSPageSize: true })).toString(
      'latin1',
    );
    expect(paper.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(paper).toMatch(A6);

    // Leaving without a copy is asked about; a copy is the tag.
    await press(made, en.tag.another);
    await page.getByText(en.tag.sure).waitFor();
    const download = page.waitForEvent('download');
    await press(made, en.tag.saveText);
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^toy-[0-9a-f]{8}\.tag$/);
    expect(decodeTag(readFileSync(await saved.path(), 'utf8'))).toEqual(secret);

    // The secret was nowhere else: not asked for over a network, not in the address, not in any store.
    const forms = [
      encodeTag(secret).slice(8),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ];
    const stores = await page.evaluate(async () => [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
      location.href,
      JSON.stringify(await indexedDB.databases()),
      JSON.stringify(await caches.keys()),
    ]);
    for (const form of forms) expect([...made.asked, ...stores].join('\n')).not.toContain(form);
    expect(JSON.parse(stores[4]!)).toEqual([]);
    expect(
      made.asked.filter((address) => !address.startsWith(server.url) && !address.startsWith('blob:')),
    ).toEqual([]);
    expect(made.complaints).toEqual([]);
    await press(made, en.tag.another);
    await page.getByRole('heading', { name: en.title }).waitFor();
    expect(await page.content()).not.toContain(forms[0]);

    // The same toy again: the page has forgotten it, and is told by the file.
    await press(made, en.cable.begin);
    await page.getByText(en.troubles.tagged.what).waitFor(PATIENCE);
    await page.getByLabel(en.known.choose).setInputFiles(await saved.path());
    await page.getByText(en.known.taken).waitFor();
    await press(made, en.cable.again);
    await page.getByRole('heading', { name: en.tag.title }).waitFor(PATIENCE);
    expect(await page.getByLabel(en.tag.letters).innerText()).toBe(letters);
  });

  it('refuses the wrong chip and the wrong files, in Danish', async () => {
    const made = await open({ kind: 'esp32s3' }, 'da-DK');
    const { page, board, chip } = made;
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('radio', { name: PLUSH }).check();
    await page.getByLabel(da.image.choose).setInputFiles(image('esp32s3'));
    await page.getByText(da.troubles.image.what).waitFor();
    expect(await page.getByRole('button', { name: da.cable.begin }).isDisabled()).toBe(true);
    // A board whose program the site has not, and one of another maker.
    await page.getByRole('radio', { name: 's3-devkitc' }).check();
    await page.getByText(da.program.missing).waitFor();
    const strange = { name: '4.program', mimeType: '', buffer: Buffer.from(madeProgram(4).signed) };
    await page.getByLabel(da.program.choose).setInputFiles([strange]);
    await page.getByText(da.troubles.program.what).waitFor();
    // Dropped, this time.
    await page.getByRole('radio', { name: PLUSH }).check();
    await drop(page, image('esp32c3'));
    await page.getByText(da.image.ready).waitFor();
    await press(made, da.cable.begin);
    await page.getByText(da.troubles['wrong-chip'].what).waitFor(PATIENCE);
    expect(board.flash.every((byte) => byte === 0xff)).toBe(true);
    expect(await barriers(made, 'wrong-chip')).toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
    expect(chip.keys.load()).toBeNull();
    // The program that the site has not.
    expect(made.complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  });

  it('comes from the maker’s release alone to whoever has the app', async () => {
    const { page } = await open();
    await page.goto(server.url);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    await page.goto(`${server.url}/flash/`);
    await page.getByRole('heading', { name: en.title }).waitFor();
    const honest = server.files;
    const changed = Buffer.from(
      honest.get('/flash/index.html')!.toString().replace('<title>', '<title>false '),
    );
    server.files = new Map(honest).set('/flash/index.html', changed);
    await expect(page.goto(`${server.url}/flash/`)).rejects.toThrow('ERR_FAILED');
    server.files = honest;
    await page.waitForURL('chrome-error://chromewebdata/');
    await page.goto(`${server.url}/flash/`);
    await page.getByRole('heading', { name: en.title }).waitFor();
  });

  it('says which browsers can, in one that cannot', async () => {
    const made = await open();
    await made.page.addInitScript(() => Object.defineProperty(navigator, 'serial', { value: undefined }));
    await made.page.reload();
    await made.page.getByText(en.without.what).waitFor();
    expect(await made.page.getByRole('button', { name: en.cable.begin }).count()).toBe(0);
    expect(await barriers(made, 'without')).toEqual([]);
  });
});
