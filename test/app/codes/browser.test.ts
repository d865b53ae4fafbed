// The app's eyes in Chromium, under the app's own headers: a code before the camera, a code in a picture, with and without a detector.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qrPath } from '#app/codes/draw.ts';
import { type BrowserWithParts, type OpenPage, openBrowser } from '#test/app/sound/browser-page.ts';
import type { Parts } from '#test/app/sound/page/main.ts';
import { hasChromium } from '#test/support/chromium.ts';
import { filmOf, pixelsOf } from './pixels.ts';

declare const parts: Parts;

const TEXT =
  'https://pawpost.example/i#v1.ABCDEFGHIJKLMNOPQRSTUV.abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE';
const WIDTH = 320;
const HEIGHT = 240;

/** What the camera shows is read, and then it is dark. */
function scan({ page }: OpenPage): Promise<{ texts: string[]; isLive: boolean }> {
  return page.evaluate(async () => {
    const video = document.querySelector<HTMLVideoElement>('#camera')!;
    const texts: string[] = [];
    let found = () => {};
    const isFound = new Promise<void>((resolve) => {
      found = resolve;
    });
    const scan = await parts.startScan(video, (text) => {
      texts.push(text);
      found();
    });
    const [track] = (video.srcObject as MediaStream).getTracks();
    await isFound;
    // Some more looks: the same code is told once.
    await new Promise((resolve) => setTimeout(resolve, 500));
    scan.stop();
    return { texts, isLive: track!.readyState === 'live' || video.srcObject !== null };
  });
}

describe.skipIf(!hasChromium())('codes, in Chromium', () => {
  let browser: BrowserWithParts;
  let opened: OpenPage;
  beforeAll(async () => {
    browser = await openBrowser(filmOf(pixelsOf(qrPath(TEXT), 4, WIDTH, HEIGHT), WIDTH));
    opened = await browser.open(['camera']);
  });
  afterAll(() => browser?.close());

  it('reads the camera where the browser has no detector, with what we serve ourselves', async () => {
    const { requests, complaints } = opened;
    expect(await opened.page.evaluate(() => 'BarcodeDetector' in globalThis)).toBe(false);
    expect(requests.filter((address) => address.includes('zxing'))).toEqual([]);
    expect(await scan(opened)).toEqual({ texts: [TEXT], isLive: false });
    expect(requests.filter((address) => address.endsWith('.wasm')).length).toBe(1);
    for (const address of requests) expect(address.startsWith(`${browser.url}/`), address).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('uses a detector that works, and does without one that does not', async () => {
    const fine = await browser.open(['camera'], () => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['qr_code'];
        detect = async () => [{ rawValue: 'by the browser' }];
      }
      Object.assign(globalThis, { BarcodeDetector });
    });
    expect((await scan(fine)).texts).toEqual(['by the browser']);
    expect(fine.requests.filter((address) => address.includes('zxing'))).toEqual([]);
    const lame = await browser.open(['camera'], () => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['qr_code'];
        detect = () => Promise.reject(new DOMException('service unavailable', 'NotSupportedError'));
      }
      Object.assign(globalThis, { BarcodeDetector });
    });
    expect((await scan(lame)).texts).toEqual([TEXT]);
    const other = await browser.open(['camera'], () => {
      Object.assign(globalThis, { BarcodeDetector: { getSupportedFormats: async () => ['ean_13'] } });
    });
    expect((await scan(other)).texts).toEqual([TEXT]);
  });

  it('reads a picture of any size; of no code and of no picture it says so', async () => {
    const drawn = qrPath(TEXT);
    const texts = await opened.page.evaluate(async ({ size, path }) => {
      const photograph = async (pixels: number, isEmpty = false) => {
        const canvas = new OffscreenCanvas(pixels, Math.round(pixels * 0.75));
        const context = canvas.getContext('2d')!;
        context.fillStyle = '#ddd';
        context.fillRect(0, 0, pixels, pixels);
        const side = pixels / 2;
        context.setTransform(side / size, 0, 0, side / size, side / 3, side / 5);
        context.rotate(0.1);
        context.fillStyle = '#222';
        if (!isEmpty) context.fill(new Path2D(path));
        return parts.readPicture(await canvas.convertToBlob());
      };
      return [
        await photograph(600),
        await photograph(4_000),
        await photograph(600, true),
        await parts.readPicture(new Blob(['no picture'])),
      ];
    }, drawn);
    expect(texts).toEqual([TEXT, TEXT, null, null]);
  });

  it('says why it cannot see', async () => {
    const ask = ({ page }: OpenPage) =>
      page.evaluate(() =>
        parts
          .startScan(document.querySelector('video')!, () => {})
          .then(
            () => 'seen',
            (error: Error) => error.message,
          ),
      );
    expect(await ask(await browser.open([]))).toBe('camera-denied');
    const none = await browser.open(['camera'], () => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
    });
    expect(await ask(none)).toBe('camera-missing');
  });
});
