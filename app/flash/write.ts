// An image into the flash, piece by piece: a piece that is there already is left alone, one that is written is read back by its hash.
import { type BootLoader, md5 } from './boot-loader.ts';
import { FlashError } from './failure.ts';
import type { ImagePart } from './image.ts';

/** Small enough that little is lost with the cable, large enough that asking costs little. */
const PIECE_BYTES = 64 * 1024;
/** A word of flash. */
const PAD_BYTES = 4;
const ATTEMPTS = 3;
/** So often it goes packed, then plain. */
const PACKED_ATTEMPTS = 2;

export interface Written {
  /** Bytes of the image, and how many of them had to be sent. */
  bytes: number;
  sent: number;
}

/**
 * Writes all parts; `progress` hears how many bytes of the image are known to be right. A second call after any failure goes on
 * where the first ended. @throws FlashError.
 */
export async function writeImage(
  loader: BootLoader,
  parts: readonly ImagePart[],
  progress: (bytes: number) => void,
): Promise<Written> {
  const result: Written = { bytes: 0, sent: 0 };
  for (const { address, bytes } of parts) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = padded(bytes.subarray(at, at + PIECE_BYTES));
      const wanted = md5(piece);
      const done = result.bytes;
      const length = Math.min(PIECE_BYTES, bytes.length - at);
      const hear = (part: number) => progress(done + Math.floor(part * length));
      if (await put(loader, address + at, piece, wanted, hear)) result.sent += length;
      result.bytes += length;
      progress(result.bytes);
    }
  }
  return result;
}

/** True if it had to be written; false if it was there. */
async function put(
  loader: BootLoader,
  address: number,
  piece: Uint8Array,
  wanted: string,
  hear: (part: number) => void,
): Promise<boolean> {
  let failure: unknown;
  let hasWritten = false;
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    try {
      if ((await loader.hash(address, piece.length)) === wanted) return hasWritten;
      if (attempt === ATTEMPTS) break;
      hasWritten = true;
      await loader.write(address, piece, attempt >= PACKED_ATTEMPTS, hear);
      failure = undefined;
    } catch (error) {
      failure = error;
      if (error instanceof FlashError && error.code === 'gone') throw error;
    }
  }
  throw (
    failure ??
    new FlashError('refused', `the flash at 0x${address.toString(16)} does not keep what is written`)
  );
}

/** Flash is written, and its hash is asked for, in words. */
export function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / PAD_BYTES) * PAD_BYTES).fill(0xff);
  whole.set(bytes);
  return whole;
}
