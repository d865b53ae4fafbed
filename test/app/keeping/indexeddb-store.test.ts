// The browser's store keeps what every store keeps, and says what is wrong when it cannot.
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Database, deleteDatabase, openDatabase } from '#app/keeping/database.ts';
import { createIndexedDbStore } from '#app/keeping/indexeddb-store.ts';
import type { Store } from '#bridge/store.ts';
import { keepingContract } from '#test/contracts/keeping.ts';

let count = 0;
let name = '';
const fresh = () => {
  name = `store-${count++}`;
  return name;
};

async function openStore(): Promise<Store> {
  const database = await openDatabase(name);
  return { ...createIndexedDbStore(database), close: async () => database.close() };
}

keepingContract('IndexedDB', { reset: async () => void fresh(), open: openStore });

describe('the IndexedDB store, when things go wrong', () => {
  afterEach(() => vi.restoreAllMocks());

  it('writes strictly: on disk, not in a buffer of the system', async () => {
    const database = await openDatabase(fresh());
    const asked = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await createIndexedDbStore(database).write([{ collection: 'marks', key: 'k', value: new Uint8Array(1) }]);
    expect(asked).toHaveBeenCalledWith('items', 'readwrite', { durability: 'strict' });
    database.close();
  });

  it('says that the device is full and keeps what it had', async () => {
    const database = await openDatabase(fresh());
    const store = createIndexedDbStore(database);
    await store.write([{ collection: 'inbox', key: 'a', value: new Uint8Array(10) }]);
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value: Uint8Array,
      at?: IDBValidKey,
    ) {
      if (value.length < 100) return put.call(this, value, at);
      this.transaction.abort();
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const changes = [10, 200].map(
      (length) => ({ collection: 'inbox', key: `${length}`, value: new Uint8Array(length) }) as const,
    );
    await expect(store.write([...changes])).rejects.toMatchObject({ name: 'StoreError', code: 'full' });
    vi.restoreAllMocks();
    expect((await store.list('inbox', '')).map(({ key }) => key)).toEqual(['a']);
    database.close();
  });

  it('does not open what a newer Pawpost wrote', async () => {
    const opening = indexedDB.open(fresh(), 99);
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    opening.result.close();
    await expect(openDatabase(name)).rejects.toMatchObject({ name: 'StoreError', code: 'version' });
  });

  it('is unusable once it is closed', async () => {
    const database: Database = await openDatabase(fresh());
    database.close();
    await expect(createIndexedDbStore(database).get('marks', 'k')).rejects.toMatchObject({
      name: 'StoreError',
      code: 'unusable',
    });
  });

  it('is gone when it is deleted', async () => {
    let store = await openStoreNamed(fresh());
    await store.write([{ collection: 'marks', key: 'k', value: new Uint8Array(1) }]);
    await store.close();
    await deleteDatabase(name);
    store = await openStoreNamed(name);
    expect(await store.get('marks', 'k')).toBeUndefined();
    await store.close();
  });
});

async function openStoreNamed(asked: string): Promise<Store> {
  name = asked;
  return openStore();
}
