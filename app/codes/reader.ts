// Finds a QR code in a picture: by the browser's own detector where it has one that works, else by zxing.
import type { readWithZxing } from './zxing.ts';

/** Pixels of the longer side that are looked at: enough for the densest of our codes that fills half of it. */
const MOST_PIXELS = 1280;

/** https://wicg.github.io/shape-detection-api/#barcode-detection-api, which the dom library leaves out. */
interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** Takes a picture of `width` by `height` pixels; the text of a QR code in it, or null. */
export type ReadCode = (source: CanvasImageSource, width: number, height: number) => Promise<string | null>;

/** A reader for many pictures. What it needs is loaded with the first picture that needs it. */
export async function createReader(): Promise<ReadCode> {
  let detector = await openDetector();
  let zxing: { readWithZxing: typeof readWithZxing } | null = null;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;

  return async (source, width, height) => {
    if (detector !== null) {
      try {
        return (await detector.detect(source))[0]?.rawValue ?? null;
      } catch {
        // Android has the class also where the part of Google's services behind it is missing.
        detector = null;
      }
    }
    const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    zxing ??= await import('./zxing.ts');
    return zxing.readWithZxing(context.getImageData(0, 0, canvas.width, canvas.height));
  };
}

async function openDetector(): Promise<Detector | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  if (BarcodeDetector === undefined) return null;
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    return formats.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
  } catch {
    return null;
  }
}
