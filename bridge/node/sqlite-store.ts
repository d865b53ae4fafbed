// The bridge's store in one SQLite file: WAL, synchronous FULL, so that what `write` has resolved survives a power cut.
import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Change, type Collection, type Store, StoreError } from '../store.ts';

const SCHEMA_VERSION = 1;

/**
 * Opens or creates the store at `path` (mode 0600), which may grow to `maxBytes` (SQLite's own limit by default).
 * @throws StoreError `damaged` (nothing is overwritten), `version`, `locked`, `full`, `unusable`.
 */
export function openSqliteStore(path: string, maxBytes?: number): Store {
  const database = attempt(() => open(path));
  if (maxBytes !== undefined) {
    const pageBytes = database.pragma('page_size', { simple: true }) as number;
    database.pragma(`max_page_count = ${Math.floor(maxBytes / pageBytes)}`);
  }
  const get = database.prepare('SELECT value FROM item WHERE collection = ? AND key = ?').pluck();
  const list = database.prepare(
    'SELECT key, value FROM item WHERE collection = ? AND key >= ? AND key < ? ORDER BY key',
  );
  const put = database.prepare(
    'INSERT INTO item (collection, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const remove = database.prepare('DELETE FROM item WHERE collection = ? AND key = ?');
  const write = database.transaction((changes: Change[]) => {
    for (const { collection, key, value } of changes) {
      if (value === null) remove.run(collection, key);
      else put.run(collection, key, value);
    }
  });
  return {
    get: async (collection, key) => attempt(() => plain(get.get(collection, key) as Buffer | undefined)),
    list: async (collection: Collection, prefix) =>
      attempt(() =>
        (list.all(collection, prefix, `${prefix}\u{10ffff}`) as { key: string; value: Buffer }[]).map(
          (row) => ({
            key: row.key,
            value: plain(row.value)!,
          }),
        ),
      ),
    write: async (changes) => attempt(() => write.immediate(changes)),
    close: async () => void database.close(),
  };
}

function open(path: string): Database.Database {
  const isNew = !existsSync(path);
  const database = new Database(path);
  try {
    if (isNew) chmodSync(path, 0o600);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // What was deleted, an old prekey above all, must not be readable in the file's free pages.
    database.pragma('secure_delete = ON');
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > SCHEMA_VERSION) {
      throw new StoreError(
        'version',
        'This store was written by a newer Pawpost. Update Pawpost on this machine.',
      );
    }
    if (!isNew && version > 0 && database.pragma('quick_check', { simple: true }) !== 'ok') throw damaged();
    database.exec(
      'CREATE TABLE IF NOT EXISTS item (collection TEXT, key TEXT, value BLOB NOT NULL, PRIMARY KEY (collection, key))',
    );
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

// better-sqlite3 hands out Buffers; the protocol wants plain arrays, whose methods make copies where Buffer's make views.
function plain(value: Buffer | undefined): Uint8Array | undefined {
  return value && new Uint8Array(value.buffer, value.byteOffset, value.length);
}

function damaged(cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    'The store file is damaged and was left as it is. Move it away and restore a copy, or start with a new home.',
    cause,
  );
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') throw damaged(error);
    if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code.startsWith('SQLITE_IOERR')) {
      throw new StoreError(
        'full',
        'The disk is full or failing. Nothing was lost; make room and try again.',
        error,
      );
    }
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
      throw new StoreError('locked', 'Another Pawpost is using this home. Stop it first.', error);
    }
    throw new StoreError(
      'unusable',
      'The store cannot be opened: check that its folder exists and is yours.',
      error,
    );
  }
}
