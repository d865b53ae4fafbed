// A database that an earlier relay wrote: it opens, keeps what it holds, and takes what is new.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteStore } from '#relay/sqlite.ts';
import { temporaryDirectory } from './running.ts';

// Version 1, as it was.
const FIRST = `
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

const id = (n: number) => new Uint8Array(16).fill(n);
const bytes = (n: number) => new Uint8Array(50).fill(n);
const member = { family: id(1), device: id(2) };
const claim = (n: number) => ({ nonce: id(n), createdS: 1000 });

let directory = temporaryDirectory();
const path = () => join(directory.path, 'relay.sqlite3');
const open = () =>
  openSqliteStore({
    path: path(),
    quota: { messages: 10, sizeBytes: 10_000 },
    maxBytes: null,
    reserveBytes: 0,
  });

/** A family with one member, for whom one message waits. */
function writeFirst(): void {
  const database = new Database(path());
  database.pragma('journal_mode = WAL');
  database.exec(FIRST);
  database.pragma(`application_id = ${0x50415752}`);
  database.pragma('user_version = 1');
  database.prepare('INSERT INTO family VALUES (1, ?, 1, ?)').run(id(1), bytes(3));
  database.prepare('INSERT INTO entry VALUES (1, 0, ?)').run(bytes(4));
  database.prepare('INSERT INTO member VALUES (1, ?, ?, ?, 1, 1, 1, 100)').run(id(1), id(2), bytes(5));
  database.prepare('INSERT INTO prekeys VALUES (1, ?)').run(bytes(6));
  database.prepare('INSERT INTO message VALUES (1, 1, ?, ?, 50, 1, NULL, 1000)').run(id(7), bytes(8));
  database.prepare('INSERT INTO body VALUES (1, ?)').run(bytes(9));
  database.prepare('INSERT INTO delivery VALUES (1, 1, 1, NULL, ?)').run(bytes(10));
  database.prepare('INSERT INTO nonce VALUES (1000, ?)').run(id(11));
  database.close();
}

beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

it('a database of the first version opens, keeps its content and takes what is new', async () => {
  writeFirst();
  for (const turn of [0, 1]) {
    const store = open();
    expect(await store.readChain(id(1))).toEqual({ length: 1, head: bytes(3), entries: [bytes(4)] });
    expect(await store.memberKey(member)).toEqual(bytes(5));
    expect(await store.readPrekeys(claim(20 + turn), member, [id(2)])).toEqual([
      { device: id(2), bundle: bytes(6) },
    ]);
    expect(await store.readMessage(claim(30 + turn), member, 1)).toEqual(
      new Uint8Array([...bytes(10), ...bytes(9)]),
    );
    await expect(store.claim(claim(11))).rejects.toMatchObject({ code: 'replay' });
    if (turn === 0) {
      await store.putSafe(claim(40), member, bytes(12));
      await store.putPush(claim(41), member, 'https://push.example/1');
      const wanted = { invitation: id(42), doorKey: new Uint8Array(32), atS: 1000 };
      expect(await store.openInvitation(claim(43), member, wanted)).toBe('opened');
    }
    expect(await store.readSafe(claim(50 + turn), id(1), null)).toEqual(bytes(12));
    expect(await store.pushEndpoint(member)).toBe('https://push.example/1');
    expect(await store.doorKey({ family: id(1), invitation: id(42) }, 1000)).toEqual(new Uint8Array(32));
    await store.close();
  }
});

it('a database that was brought up is laid out as a new one is', async () => {
  const layout = () => {
    const database = new Database(path());
    const version = database.pragma('user_version', { simple: true });
    const rows = database.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
    database.close();
    return { version, rows };
  };
  writeFirst();
  await open().close();
  const upgraded = layout();
  directory.remove();
  directory = temporaryDirectory();
  await open().close();
  expect(upgraded).toEqual(layout());
  expect(upgraded.rows.length).toBeGreaterThan(10);
});

it('one of no version that ever was is refused, and no byte of it changes', () => {
  writeFirst();
  const database = new Database(path());
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.pragma('user_version = 0');
  database.close();
  const before = readFileSync(path());
  expect(open).toThrow(expect.objectContaining({ code: 'store-version' }));
  expect(readFileSync(path()).equals(before)).toBe(true);
});
