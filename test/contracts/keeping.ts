// What every store of the bridge must do, whatever it is made of.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#bridge/store.ts';

/** `open` opens the same store each time it is called between two `reset`s. */
export function keepingContract(
  name: string,
  place: { reset(): Promise<void>; open(): Promise<Store> },
): void {
  describe(`${name} keeps`, () => {
    let store: Store;
    beforeEach(async () => {
      await place.reset();
      store = await place.open();
    });
    afterEach(() => store.close());

    const bytes = (...values: number[]) => new Uint8Array(values);

    it('gives back what was written, after it was opened again', async () => {
      await store.write([{ collection: 'clips', key: 'a', value: bytes(1, 2, 3) }]);
      await store.close();
      store = await place.open();
      expect(await store.get('clips', 'a')).toEqual(bytes(1, 2, 3));
      expect(await store.get('clips', 'b')).toBeUndefined();
      expect(await store.get('inbox', 'a')).toBeUndefined();
    });

    it('lists a prefix in order and nothing else', async () => {
      await store.write(
        ['b/2', 'b/10', 'b/1', 'c/1', 'b'].map((key, i) => ({ collection: 'chunks', key, value: bytes(i) })),
      );
      expect((await store.list('chunks', 'b/')).map((item) => item.key)).toEqual(['b/1', 'b/10', 'b/2']);
      expect((await store.list('chunks', '')).length).toBe(5);
      expect(await store.list('inbox', '')).toEqual([]);
    });

    it('replaces and deletes', async () => {
      await store.write([{ collection: 'marks', key: 'k', value: bytes(1) }]);
      await store.write([{ collection: 'marks', key: 'k', value: bytes(2) }]);
      expect(await store.get('marks', 'k')).toEqual(bytes(2));
      await store.write([
        { collection: 'marks', key: 'k', value: null },
        { collection: 'marks', key: 'never there', value: null },
      ]);
      expect(await store.get('marks', 'k')).toBeUndefined();
    });

    it('writes all of it or nothing', async () => {
      const broken = [
        { collection: 'marks', key: 'first', value: bytes(1) },
        { collection: 'marks', key: 'second', value: {} as unknown as Uint8Array },
      ] as const;
      await expect(store.write([...broken])).rejects.toThrow();
      expect(await store.get('marks', 'first')).toBeUndefined();
    });

    it('hands out plain bytes that are the caller’s own', async () => {
      await store.write([{ collection: 'marks', key: 'k', value: bytes(1, 2) }]);
      const mine = (await store.get('marks', 'k'))!;
      expect(Object.getPrototypeOf(mine)).toBe(Uint8Array.prototype);
      mine[0] = 9;
      expect(await store.get('marks', 'k')).toEqual(bytes(1, 2));
    });
  });
}
