// The QR reader of browsers that have none: zxing in WebAssembly, loaded from our own files when it is first needed.
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { READ_OPTIONS } from './options.ts';

let isPrepared = false;

/** The text of the first QR code in a picture; null if there is none. */
export async function readWithZxing(pixels: ImageData): Promise<string | null> {
  // Unprepared, the library would fetch from a stranger's server.
  if (!isPrepared) prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });
  isPrepared = true;
  const [found] = await readBarcodes(pixels, READ_OPTIONS);
  return found?.isValid ? found.text : null;
}
