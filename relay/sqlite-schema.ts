// The SQLite file: how it is made, opened, and refused when it is not whole.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { RelayError } from './error.ts';

/** "PAWR", so that another program's database is not taken for the relay's. */
const APPLICATION_ID = 0x50415752;
/** Of what SCHEMA alone makes; each step adds one. */
const FIRST_VERSION = 1;
/** Up to this size the whole file is checked at every start, in bytes; beyond it that would take minutes. */
const CHECK_MAX_BYTES = 256 * 1024 * 1024;
/** Pages in the log before it is copied into the file: fewer copies of bodies that are soon deleted. */
const CHECKPOINT_PAGES = 4000;

// A body has a table of its own, so that its message can be remembered when the body is gone. Partial indexes hold only what
// expiry looks for.
const SCHEMA = `
CREATE TABLE family (
  id INTEGER PRIMARY KEY, family BLOB NOT NULL UNIQUE, length INTEGER NOT NULL, head BLOB NOT NULL
) STRICT;
CREATE TABLE entry (
  family_id INTEGER NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (family_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
  id INTEGER PRIMARY KEY, family BLOB NOT NULL, device BLOB NOT NULL, key BLOB NOT NULL,
  active INTEGER NOT NULL, cursor INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0, size_bytes INTEGER NOT NULL DEFAULT 0, UNIQUE (family, device)
) STRICT;
CREATE TABLE prekeys (member_id INTEGER PRIMARY KEY, bundle BLOB NOT NULL) STRICT;
CREATE TABLE message (
  id INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL, message BLOB NOT NULL, hash BLOB NOT NULL, body_bytes INTEGER NOT NULL,
  waiting INTEGER NOT NULL, missed BLOB, stored_s INTEGER NOT NULL, UNIQUE (sender_id, message)
) STRICT;
CREATE INDEX message_done ON message (stored_s) WHERE waiting = 0;
CREATE TABLE body (message_id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE delivery (
  member_id INTEGER NOT NULL, cursor INTEGER NOT NULL, message_id INTEGER NOT NULL, offered_s INTEGER, front BLOB NOT NULL,
  UNIQUE (member_id, cursor)
) STRICT;
CREATE INDEX delivery_offered ON delivery (offered_s) WHERE offered_s IS NOT NULL;
CREATE TABLE nonce (created_s INTEGER NOT NULL, nonce BLOB NOT NULL, PRIMARY KEY (created_s, nonce)) STRICT, WITHOUT ROWID;
`;

// What later versions added, oldest first. Never changed: a database at any version takes the steps that it lacks.
const STEPS = [
  `
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY, family BLOB NOT NULL, invitation BLOB NOT NULL, opener_id INTEGER NOT NULL, door_key BLOB NOT NULL,
  opened_s INTEGER NOT NULL, request BLOB, answer BLOB, UNIQUE (family, invitation)
) STRICT;
CREATE INDEX invitation_opened ON invitation (opened_s);
CREATE INDEX invitation_opener ON invitation (opener_id);
CREATE TABLE safe (family BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE push (member_id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL) STRICT;
`,
];
const SCHEMA_VERSION = FIRST_VERSION + STEPS.length;

/**
 * Opens the relay's database, or makes a new one where there is none at all. One of an earlier version is brought up to this one.
 * @throws RelayError `store-damaged`, `store-version`, `store-locked`, `store-full`, `store-failed`; nothing is overwritten then.
 */
export function openDatabase(path: string): Database.Database {
  try {
    if (!existsSync(path)) create(path);
    return open(path);
  } catch (error) {
    throw asRelayError(error);
  }
}

/** Makes the file under another name first: under its own name it exists only whole, so an empty one is damage. */
function create(path: string): void {
  // A log without its file is what is left of a lost database. SQLite would throw it away.
  if (existsSync(`${path}-wal`)) throw damaged('its log is there, but the database file is gone');
  const draft = `${path}.new`;
  for (const file of [draft, `${draft}-wal`, `${draft}-shm`, `${draft}-journal`])
    rmSync(file, { force: true });
  const database = new Database(draft);
  chmodSync(draft, 0o600);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(
    `BEGIN; ${SCHEMA} ${STEPS.join('')} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
  );
  database.close();
  renameSync(draft, path);
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function open(path: string): Database.Database {
  const size = statSync(path).size;
  if (size === 0) throw damaged('its file is empty');
  const database = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    // One process only: rate limits, wake-ups and the log's salt live in its memory.
    database.pragma('locking_mode = EXCLUSIVE');
    if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      throw damaged('it is not a database of the relay');
    }
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version < FIRST_VERSION || version > SCHEMA_VERSION) {
      throw new RelayError(
        'store-version',
        `The relay's database has schema ${version}, this relay needs ${SCHEMA_VERSION}.`,
      );
    }
    if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
      throw damaged('it has no write-ahead log');
    database.pragma('synchronous = FULL');
    // Deleted messages leave no readable remains where overwriting them costs no extra write.
    database.pragma('secure_delete = FAST');
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    if (size <= CHECK_MAX_BYTES) {
      const verdict = database.pragma('quick_check(1)', { simple: true });
      if (verdict !== 'ok') throw damaged('its pages contradict each other');
    }
    if (version < SCHEMA_VERSION) upgrade(database, version);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** All missing steps at once or none of them. */
function upgrade(database: Database.Database, version: number): void {
  database.transaction(() => {
    for (const step of STEPS.slice(version - FIRST_VERSION)) database.exec(step);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
}

function damaged(why: string, cause?: unknown): RelayError {
  return new RelayError(
    'store-damaged',
    `The relay's database is damaged: ${why}. Nothing was changed; restore it from a backup, or move it away to begin anew.`,
    cause,
  );
}

function asRelayError(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return damaged('its file cannot be read', error);
  if (code.startsWith('SQLITE_BUSY'))
    return new RelayError('store-locked', 'Another relay has this database open.', error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new RelayError('store-full', 'The disk is full.', error);
  return new RelayError('store-failed', `The relay's database cannot be opened (${code}).`, error);
}
