// The tags of the toys that this page has made, in its memory alone: what is saved or printed, the person saves and prints.
import type { TagKeeper } from './identity.ts';

export interface PageTags extends TagKeeper {
  /** A secret from a file, for a toy that was given it before. */
  add(secret: Uint8Array): void;
}

export function createPageTags(): PageTags {
  const secrets: Uint8Array[] = [];
  return {
    add: (secret) => void secrets.push(secret),
    known: async () => secrets,
    // Before the toy has it, so that it is known when the cable comes off the moment it is in.
    layAside: async (_, secret) => void secrets.push(secret),
    keep: async () => {},
  };
}
