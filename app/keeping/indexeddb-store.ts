// The device's store in a browser: one IndexedDB transaction a write, on disk before it resolves.
import type { Change, Store } from '#bridge/store.ts';
import { attempt, type Database } from './database.ts';

/** Sorts after every key: keys are ASCII. */
const LAST = '\uffff';

/** The store in an open database. `close` leaves the database open: it has the vault, too. */
export function createIndexedDbStore(database: Database): Store {
  return {
    get: (collection, key) => attempt(() => database.get('items', [collection, key])),
    list: (collection, prefix) =>
      attempt(async () => {
        const range = IDBKeyRange.bound([collection, prefix], [collection, prefix + LAST]);
        const reading = database.transaction('items');
        // Keys and values of one moment, in the same order.
        const [keys, values] = await Promise.all([
          reading.store.getAllKeys(range),
          reading.store.getAll(range),
        ]);
        return keys.map(([, key], i) => ({ key, value: values[i]! }));
      }),
    write: (changes) => attempt(() => write(database, changes)),
    close: async () => {},
  };
}

async function write(database: Database, changes: readonly Change[]): Promise<void> {
  // Copies: a view would be kept with all of the buffer it looks at.
  const copies = changes.map(({ collection, key, value }) => {
    if (value !== null && !(value instanceof Uint8Array)) throw new TypeError('a value is bytes');
    return { at: [collection, key] as [string, string], value: value && Uint8Array.from(value) };
  });
  const writing = database.transaction('items', 'readwrite', { durability: 'strict' });
  // As promises, whether a step throws or fails later: the first failure says why, the transaction's own only that it was given up.
  const steps = copies.map(async ({ at, value }) => {
    if (value === null) await writing.store.delete(at);
    else await writing.store.put(value, at);
  });
  try {
    await Promise.all([...steps, writing.done]);
  } catch (error) {
    giveUp(writing);
    throw error;
  }
}

function giveUp(writing: { abort(): void }): void {
  try {
    writing.abort();
  } catch {
    // It has ended by itself.
  }
}
