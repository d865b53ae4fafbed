// The folder with an image's files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlashError } from '#app/flash/failure.ts';
import { type ImagePart, imageParts, isImageName } from '#app/flash/image.ts';
import type { Chip } from '#boards/wiring/chips.ts';

/** The three parts, in the order of their addresses. @throws FlashError `image`: missing, damaged, or for another chip. */
export function readImage(directory: string, chip: Chip): ImagePart[] {
  if (!existsSync(directory)) throw new FlashError('image', `there is no folder ${directory}`);
  const files = readdirSync(directory)
    .filter(isImageName)
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(directory, name))) }));
  return imageParts(files, chip, directory);
}
