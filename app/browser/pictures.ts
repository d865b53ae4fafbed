// Makes a picture small: a square of its middle, as an image file that fits into a message.
import { codeError } from '../home/codes.ts';
import type { Pictures } from '../home/platform.ts';

/** Sides in pixels and qualities, from the best: the first that fits is taken. */
const SIDES = [128, 96, 64, 48];
const QUALITIES = [0.8, 0.6, 0.4, 0.2];

export const browserPictures: Pictures = {
  async shrink(image, maxBytes) {
    const bitmap = await createImageBitmap(image).catch((error) => {
      throw codeError('picture-form', error);
    });
    try {
      for (const side of SIDES) {
        const canvas = drawSquare(bitmap, side);
        for (const quality of QUALITIES) {
          // A browser that cannot write WebP writes PNG, which a face seldom fits into.
          for (const type of ['image/webp', 'image/jpeg']) {
            const blob = await canvas.convertToBlob({ type, quality });
            if (blob.type === type && blob.size <= maxBytes) return new Uint8Array(await blob.arrayBuffer());
          }
        }
      }
    } finally {
      bitmap.close();
    }
    throw codeError('picture-form');
  },
};

function drawSquare(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  const { width, height } = bitmap;
  const cut = Math.min(width, height);
  // JPEG has no holes.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.drawImage(bitmap, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
  return canvas;
}
