// The one IndexedDB database of the app: the store's items, and the vault with this device's keys.
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { StoreError } from '#bridge/store.ts';

const NAME = 'pawpost';
const VERSION = 1;

export interface Schema extends DBSchema {
  items: { key: [collection: string, key: string]; value: Uint8Array };
  vault: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

/** Opens or creates it. @throws StoreError `version`, `full`, `unusable`. */
export function openDatabase(name: string = NAME): Promise<Database> {
  return attempt(() =>
    openDB<Schema>(name, VERSION, {
      upgrade(database) {
        database.createObjectStore('items');
        database.createObjectStore('vault');
      },
      // A page with a newer Pawpost waits for this one to let go.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    }),
  );
}

/** Deletes it with everything that is in it; waits for whoever has it open. */
export function deleteDatabase(name: string = NAME): Promise<void> {
  return attempt(() => deleteDB(name));
}

/** Runs an action of the database; what fails is a StoreError. */
export async function attempt<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof StoreError ? error : storeErrorOf(error);
  }
}

// By the names of https://webidl.spec.whatwg.org/#idl-DOMException-error-names, as each browser uses them.
function storeErrorOf(error: unknown): StoreError {
  switch ((error as { name?: unknown } | null)?.name) {
    case 'QuotaExceededError':
      return new StoreError('full', 'This device is full. Nothing was lost; make room and try again.', error);
    case 'VersionError':
      return new StoreError(
        'version',
        'A newer Pawpost has been here. Load the page again to get it.',
        error,
      );
    case 'UnknownError':
    case 'DataError':
      return new StoreError('damaged', 'The browser cannot read what it kept. Start it again.', error);
    default:
      return new StoreError(
        'unusable',
        'The browser keeps nothing here: a private window, perhaps. Open Pawpost in an ordinary one.',
        error,
      );
  }
}
