// The tags of the toys that are made on this machine: a file each, mode 0600.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { FlashError } from '#app/flash/failure.ts';
import type { TagKeeper } from '#app/flash/identity.ts';
import { readTag, writeTag } from '../tag-file.ts';

/** Where a tag waits until the toy has it. */
const UNTIED = '.new';

/** Keeps tags where `pathOf` says for a toy's id. */
export function createTagFiles(pathOf: (toyId: string) => string): TagKeeper {
  return {
    known: async (toyId) => {
      const path = pathOf(toyId);
      return [path, path + UNTIED].filter((name) => existsSync(name)).map(readTag);
    },
    layAside: async (toyId, secret) => {
      const path = pathOf(toyId);
      if (existsSync(path)) throw new FlashError('tag-file', `${path} is the tag of another toy`);
      rmSync(path + UNTIED, { force: true });
      writeTag(path + UNTIED, secret);
    },
    keep: async (toyId, secret) => {
      const path = pathOf(toyId);
      if (!existsSync(path)) return renameSync(path + UNTIED, path);
      if (Buffer.compare(readTag(path), secret) !== 0)
        throw new FlashError('tag-file', `${path} is the tag of another toy`);
    },
  };
}
