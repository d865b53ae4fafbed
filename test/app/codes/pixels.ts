// A drawn code as the grey pixels of a photograph.
import type { QrPath } from '#app/codes/draw.ts';

/** One byte a pixel, row by row, `scale` pixels a module, in the middle of a light picture. */
export function pixelsOf(
  { size, path }: QrPath,
  scale: number,
  width = size * scale,
  height = width,
): Uint8Array {
  const pixels = new Uint8Array(width * height).fill(235);
  const left = Math.floor((width - size * scale) / 2);
  const top = Math.floor((height - size * scale) / 2);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = 0; row < scale; row++) {
      const from = (top + Number(y) * scale + row) * width + left + Number(x) * scale;
      pixels.fill(16, from, from + Number(run) * scale);
    }
  }
  return pixels;
}

/** The same as a canvas would give it. */
export function imageOf(pixels: Uint8Array, width: number): ImageData {
  const data = new Uint8ClampedArray(pixels.length * 4).fill(255);
  for (const [i, grey] of pixels.entries()) data.fill(grey, i * 4, i * 4 + 3);
  return { data, width, height: pixels.length / width, colorSpace: 'srgb' } as ImageData;
}

/** A film of one picture for Chromium's camera. */
export function filmOf(pixels: Uint8Array, width: number): Buffer {
  const height = pixels.length / width;
  const frame = [Buffer.from('FRAME\n'), pixels, Buffer.alloc(pixels.length / 2, 128)];
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`),
    ...frame,
    ...frame,
  ]);
}
