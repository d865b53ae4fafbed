// Long texts of vectors, read where they lie in flash: as literals they would fill the toy's memory.

interface Storage {
  read(name: string, offset: number, length: number): string;
}

// Not `require('Storage')`: the bundler knows only what the toy may load.
declare const require: (name: string) => Storage;
const load = require;

/** `length` characters from `offset` of all texts. */
export function text(offset: number, length: number): string {
  return load('Storage').read('texts', offset, length);
}
