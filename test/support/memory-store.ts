// A bridge's store in memory: for tests of what stands on it. What was written is given back after it is closed and opened again.
import type { Change, Store } from '#bridge/store.ts';

/** The same items for every store that `open` gives. */
export function createMemoryStore(): { open(): Store; clear(): void } {
  const items = new Map<string, Uint8Array>();
  const place = (collection: string, key: string) => `${collection}\n${key}`;

  function write(changes: Change[]): void {
    for (const { value } of changes) {
      if (value !== null && !(value instanceof Uint8Array)) throw new TypeError('a store keeps bytes');
    }
    for (const { collection, key, value } of changes) {
      if (value === null) items.delete(place(collection, key));
      else items.set(place(collection, key), value.slice());
    }
  }

  return {
    clear: () => items.clear(),
    open: () => ({
      get: async (collection, key) => items.get(place(collection, key))?.slice(),
      list: async (collection, prefix) =>
        [...items]
          .filter(([at]) => at.startsWith(place(collection, prefix)))
          .map(([at, value]) => ({ key: at.slice(collection.length + 1), value: value.slice() }))
          .sort((a, b) => (a.key < b.key ? -1 : 1)),
      write: async (changes) => write(changes),
      close: async () => {},
    }),
  };
}
