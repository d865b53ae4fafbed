// The families' safes in SQLite: one opaque blob a family.
import { type Ground, plain } from './sqlite-ground.ts';
import type { Store } from './store.ts';

/** The part of the store that holds safes. */
export function sqliteSafe(ground: Ground): Pick<Store, 'putSafe' | 'readSafe'> {
  const { database, commit, claim, memberId, requireRoom } = ground;
  const upsert = database.prepare(
    'INSERT INTO safe (family, bytes) VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  );
  const select = database.prepare('SELECT bytes FROM safe WHERE family = ?').pluck();

  return {
    putSafe: (wanted, by, bytes) =>
      commit(() => {
        claim(wanted);
        memberId(by);
        requireRoom(bytes.length);
        upsert.run(by.family, bytes);
      }),
    readSafe: (wanted, family, by) =>
      commit(() => {
        claim(wanted);
        if (by !== null) memberId(by);
        const bytes = select.get(family) as Buffer | undefined;
        return bytes === undefined ? null : plain(bytes);
      }),
  };
}
