import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { keepingContract } from '#test/contracts/keeping.ts';

const folder = mkdtempSync(join(tmpdir(), 'pawpost-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let file = '';
let count = 0;
const fresh = () => {
  file = join(folder, `${count++}.db`);
  return file;
};

keepingContract('SQLite', {
  reset: async () => void fresh(),
  open: async () => openSqliteStore(file),
});

describe('the SQLite store, when things go wrong', () => {
  it('is readable by its owner only', async () => {
    await openSqliteStore(fresh()).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that is not a store, and leaves it alone', () => {
    writeFileSync(fresh(), 'this is a shopping list, and a long one, '.repeat(40));
    const before = readFileSync(file);
    expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'damaged' }));
    expect(readFileSync(file)).toEqual(before);
  });

  it('refuses a truncated store, and does not make it worse', async () => {
    const store = openSqliteStore(fresh());
    for (let i = 0; i < 50; i++)
      await store.write([{ collection: 'inbox', key: `${i}`, value: new Uint8Array(4000).fill(i) }]);
    await store.close();
    truncateSync(file, 60_000);
    const before = readFileSync(file);
    expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'damaged' }));
    expect(readFileSync(file)).toEqual(before);
  });

  it('says that the disk is full and keeps what it had', async () => {
    const store = openSqliteStore(fresh(), 200_000);
    const item = (i: number) => [
      { collection: 'inbox', key: `${i}`, value: new Uint8Array(20_000) } as const,
    ];
    let kept = 0;
    const fill = async () => {
      for (; kept < 100; kept++) await store.write([...item(kept)]);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'full' });
    expect(kept).toBeGreaterThan(3);
    expect((await store.list('inbox', '')).length).toBe(kept);
    await store.write([{ collection: 'inbox', key: '0', value: null }]);
    await store.write([...item(kept)]);
    await store.close();
  });

  it('does not open what a newer Pawpost wrote', async () => {
    await openSqliteStore(fresh()).close();
    const bytes = readFileSync(file);
    bytes.writeUInt32BE(99, 60); // user_version, https://www.sqlite.org/fileformat.html section 1.3
    writeFileSync(file, bytes);
    expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'version' }));
  });
});
