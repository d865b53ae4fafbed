// The SQLite store: the contract, and what happens to a file that is damaged, foreign, in use, or has no room.
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore, type SqliteOptions } from '#relay/sqlite.ts';
import type { Claim, Store } from '#relay/store.ts';
import { type StorePlace, storeContract } from '#test/contracts/store.ts';
import { joiningContract } from '#test/contracts/store-joining.ts';
import { temporaryDirectory } from './running.ts';

const GENEROUS = { messages: 100_000, sizeBytes: 1e9 };

let directory = temporaryDirectory();
const path = () => join(directory.path, 'relay.sqlite3');
const open = (options: Partial<SqliteOptions> = {}) =>
  openSqliteStore({ path: path(), quota: GENEROUS, maxBytes: null, reserveBytes: 0, ...options });

const place: StorePlace = {
  async reset() {
    directory.remove();
    directory = temporaryDirectory();
  },
  open: async (quota) => open({ quota }),
};
storeContract('SQLite', place);
joiningContract('SQLite', place);

const id = (n: number) => new Uint8Array(16).fill(n);
const member = { family: id(1), device: id(2) };
let nonces = 0;
function claim(): Claim {
  const nonce = new Uint8Array(16);
  new DataView(nonce.buffer).setUint32(0, nonces++);
  return { nonce, createdS: 1000 };
}
const create = (store: Store) =>
  store.createFamily(claim(), {
    family: id(1),
    entries: [new Uint8Array(300)],
    length: 1,
    head: new Uint8Array(32),
    members: [{ device: id(2), key: new Uint8Array(32) }],
  });
function put(store: Store, n: number, sizeBytes = 20_000) {
  const message = new Uint8Array(16);
  new DataView(message.buffer).setUint32(0, n);
  const body = new Uint8Array(sizeBytes).fill(n);
  const recipients = [{ device: id(2), front: new Uint8Array(50) }];
  return store.putMessage(claim(), {
    sender: member,
    message,
    hash: new Uint8Array(32).fill(n),
    body,
    recipients,
    atS: 1,
  });
}
const count = async (store: Store) =>
  (await store.listMailbox(null, member, { after: 0, limit: 10_000, atS: 1 })).items.length;

beforeEach(() => {
  directory.remove();
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

describe('the SQLite file', () => {
  it('is written through to the disk, in a log, by one process, for its owner only', async () => {
    const store = open();
    await create(store);
    const raw = () => new Database(path(), { fileMustExist: true, timeout: 0 }).pragma('user_version');
    expect(raw).toThrow(/locked/);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store-locked', exitCode: 75 }));
    await store.close();
    const { mode } = await import('node:fs/promises').then(({ stat }) => stat(path()));
    expect(mode & 0o777).toBe(0o600);
    const database = new Database(path());
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
  });

  async function filled(): Promise<void> {
    const store = open();
    await create(store);
    for (let n = 0; n < 20; n++) await put(store, n);
    await store.close();
  }
  /** Opening refuses as damaged, and no byte of the file changes by it. */
  function expectDamaged(): void {
    const before = readFileSync(path());
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store-damaged', exitCode: 65 }));
    expect(readFileSync(path()).equals(before)).toBe(true);
  }

  it('is refused when it was cut short', async () => {
    await filled();
    const whole = readFileSync(path()).length;
    for (const size of [whole - 1, whole - 4096, Math.floor(whole / 2), 4096, 1000, 100, 1, 0]) {
      truncateSync(path(), size);
      expectDamaged();
    }
  });

  it('is refused when its pages or its header are overwritten, or it is something else', async () => {
    await filled();
    copyFileSync(path(), `${path()}.good`);
    const good = readFileSync(path());
    for (const [at, length] of [
      [0, 100],
      [0, 4096],
      [4096, 4096],
      [8192, 16_384],
    ] as const) {
      const bad = Buffer.from(good);
      bad.fill(0xa5, at, at + length);
      writeFileSync(path(), bad);
      expectDamaged();
    }
    writeFileSync(path(), 'not a database, but a letter that somebody put here by mistake. '.repeat(100));
    expectDamaged();
    rmSync(path());
    const foreign = new Database(path());
    foreign.exec('CREATE TABLE t (a)');
    foreign.close();
    expectDamaged();
    copyFileSync(`${path()}.good`, path());
    const store = open();
    expect(await count(store)).toBe(20);
    await store.close();
  });

  it('is not made anew when only its log is left', async () => {
    writeFileSync(`${path()}-wal`, 'the last messages');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store-damaged' }));
    expect(readFileSync(`${path()}-wal`, 'utf8')).toBe('the last messages');
  });

  it('of a newer relay is left alone', async () => {
    await filled();
    const database = new Database(path());
    database.pragma('user_version = 3');
    database.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store-version', exitCode: 78 }));
  });

  it('that was half made is made again', async () => {
    writeFileSync(`${path()}.new`, 'half');
    const store = open();
    await create(store);
    await store.close();
  });
});

describe('without room', () => {
  it('messages are refused, nothing of them is kept, and reading and acknowledging go on', async () => {
    const maxBytes = 4 * 1024 * 1024;
    const store = open({ maxBytes, reserveBytes: 1024 * 1024 });
    await create(store);
    let stored = 0;
    for (;;) {
      const batch = await Promise.allSettled([0, 1, 2, 3].map((n) => put(store, stored + n)));
      const kept = batch.filter((outcome) => outcome.status === 'fulfilled').length;
      stored += kept;
      if (kept < 4) {
        const refused = batch.find((outcome) => outcome.status === 'rejected');
        expect(refused?.reason).toMatchObject({ code: 'store-full' });
        break;
      }
    }
    expect(stored).toBeGreaterThan(50);
    expect(await count(store)).toBe(stored);
    await store.acknowledge(claim(), member, [1, 2, 3, 4, 5]);
    expect((await put(store, 9001)).outcome).toBe('stored');
    await store.close();
    const again = open();
    expect(await count(again)).toBe(stored - 5 + 1);
    await again.close();
  });

  it('met by SQLite itself, a whole batch is refused and undone, and later ones may pass', async () => {
    const store = open({ maxBytes: 1024 * 1024, reserveBytes: -1e9 });
    await create(store);
    const outcomes = await Promise.allSettled(Array.from({ length: 80 }, (_, n) => put(store, n)));
    expect(
      outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'store-full'),
    ).toBe(true);
    expect(await count(store)).toBe(0);
    expect((await put(store, 500)).outcome).toBe('stored');
    expect(await count(store)).toBe(1);
    await store.close();
  });

  it('a disk without the reserve counts as full', async () => {
    const store = open({ reserveBytes: Number.MAX_SAFE_INTEGER });
    await expect(create(store)).rejects.toMatchObject({ code: 'store-full' });
    await store.close();
  });
});
