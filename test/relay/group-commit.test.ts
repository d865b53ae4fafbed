// Group commit: one fault undoes one change, a failing disk ends them all, and nothing is told before it is on disk.
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayError } from '#relay/error.ts';
import { groupCommit } from '#relay/group-commit.ts';

let database: Database.Database;
beforeEach(() => {
  database = new Database(':memory:');
  database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY)');
});
afterEach(() => database.close());

const add = (n: number) => () => database.prepare('INSERT INTO t VALUES (?)').run(n).changes;
const all = () => database.prepare('SELECT n FROM t ORDER BY n').pluck().all();

describe('group commit', () => {
  it('runs in order what came together, in one transaction', async () => {
    const { commit } = groupCommit(database);
    const inside: boolean[] = [];
    const done = Promise.all(
      [1, 2, 3].map((n) =>
        commit(() => {
          inside.push(database.inTransaction);
          return add(n)();
        }),
      ),
    );
    expect(all()).toEqual([]);
    expect(await done).toEqual([1, 1, 1]);
    expect([inside, database.inTransaction, all()]).toEqual([[true, true, true], false, [1, 2, 3]]);
  });

  it('undoes a refused or mistaken change alone, whole', async () => {
    const { commit } = groupCommit(database);
    const outcomes = await Promise.allSettled([
      commit(add(1)),
      commit(() => {
        add(2)();
        throw new RelayError('replay', 'again');
      }),
      commit(() => {
        add(3)();
        throw new TypeError('a mistake');
      }),
      commit(() => {
        add(4)();
        return add(1)();
      }),
      commit(add(5)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'replay' } });
    expect(outcomes[2]).toMatchObject({ reason: { message: 'a mistake' } });
    expect(outcomes[3]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
    expect(all()).toEqual([1, 5]);
  });

  it('takes more than one transaction holds, and drains', async () => {
    const { commit, drain } = groupCommit(database);
    const done = Promise.all(Array.from({ length: 1000 }, (_, n) => commit(add(n))));
    await drain();
    expect(all().length).toBe(1000);
    await done;
  });

  it('serves nothing more after the disk has failed', async () => {
    const { commit } = groupCommit(database);
    const broken = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    const outcomes = await Promise.allSettled([
      commit(add(1)),
      commit(() => {
        throw broken;
      }),
      commit(add(2)),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'store-failed' } });
    await expect(commit(add(3))).rejects.toMatchObject({ code: 'store-failed' });
    expect(all()).toEqual([]);
  });
});
