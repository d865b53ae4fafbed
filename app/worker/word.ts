// What the page and its service worker say to each other.

/** From the page to the worker. */
export type ToWorker =
  /** Look for a newer release. */
  | { word: 'look' }
  /** Take the release that waits, then load the page anew. */
  | { word: 'apply' }
  /** Say where things stand. */
  | { word: 'report' }
  /** What a notification says: the worker has no words of its own in the person's language. */
  | { word: 'notice'; title: string; body: string };

/** From the worker to the page. */
export type FromWorker =
  /** `current` is what the page runs on; null while nothing is kept here. */
  | { word: 'releases'; current: HeldRelease | null; waiting: HeldRelease | null }
  /** A newer release was offered and not taken: why. */
  | { word: 'refused'; code: string }
  /** The page must load anew: another release has taken over. */
  | { word: 'reload' }
  /** The relay has knocked. */
  | { word: 'knock' };

export interface HeldRelease {
  version: string;
  /** SHA-256 of its `release.json`, hex. */
  hash: string;
}
