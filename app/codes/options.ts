// How zxing looks for our codes.
import type { ReaderOptions } from 'zxing-wasm/reader';

export const READ_OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  tryHarder: true,
  // Our codes are UTF-8 and do not say so; a guess by their bytes can be wrong.
  characterSet: 'UTF8',
  textMode: 'Plain',
};
