// Reads a QR code from a picture that somebody chose, where the camera may not or cannot be used.
import { createReader } from './reader.ts';

/** The text of a QR code in an image file; null if there is none, or it is no image that this browser can show. */
export async function readPicture(image: Blob): Promise<string | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(image);
  } catch {
    return null;
  }
  try {
    const read = await createReader();
    return await read(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}
