// Group commit: changes that come in while the disk is busy share the next transaction, and so one fsync.
import type Database from 'better-sqlite3';
import { RelayError } from './error.ts';

/** Most changes in one transaction: bounds how long the event loop stands still. */
const BATCH_MAX = 128;

/** Errors after which nobody knows what is on the disk. */
const FAILURES = ['SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'];

/** Runs a change in the next transaction; resolves after its commit is on disk. */
export type Commit = <T>(change: () => T) => Promise<T>;

interface Waiting {
  change: () => unknown;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/**
 * Group commit over one connection. A change that throws is undone alone and rejects alone. When the disk is full the whole batch
 * rejects `store-full`; when the disk fails, everything from then on rejects `store-failed`: after a failed fsync nobody knows what is
 * on the disk, and only opening the database anew finds out.
 */
export function groupCommit(database: Database.Database): { commit: Commit; drain(): Promise<void> } {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const end = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const mark = database.prepare('SAVEPOINT change');
  const keep = database.prepare('RELEASE change');
  const undo = database.prepare('ROLLBACK TO change');
  let queue: Waiting[] = [];
  let failure: RelayError | null = null;

  function runBatch(): void {
    const batch = queue.slice(0, BATCH_MAX);
    queue = queue.slice(BATCH_MAX);
    if (queue.length > 0) setImmediate(runBatch);
    const settle: (() => void)[] = [];
    try {
      if (failure !== null) throw failure;
      begin.run();
      for (const waiting of batch) settle.push(runOne(waiting));
      end.run();
    } catch (error) {
      const refusal = asRefusal(error);
      if (!isRefusal(refusal, 'store-full'))
        failure ??= new RelayError('store-failed', 'The disk misbehaves.', error);
      if (database.inTransaction) attempt(() => rollback.run());
      for (const { reject } of batch) reject(failure ?? refusal);
      return;
    }
    for (const tell of settle) tell();
  }

  /** Runs one change; what it gives back is told only after the commit. */
  function runOne({ change, resolve, reject }: Waiting): () => void {
    mark.run();
    try {
      const value = change();
      keep.run();
      return () => resolve(value);
    } catch (error) {
      // A full or failing disk ends the whole batch; anything else concerns this change only.
      const refusal = asRefusal(error);
      if (isRefusal(refusal, 'store-full') || isRefusal(refusal, 'store-failed')) throw refusal;
      undo.run();
      keep.run();
      return () => reject(refusal);
    }
  }

  return {
    commit(change) {
      return new Promise((resolve, reject) => {
        if (queue.length === 0) setImmediate(runBatch);
        queue.push({ change, resolve: resolve as (value: unknown) => void, reject });
      });
    },
    async drain() {
      while (queue.length > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** What an error of SQLite means for whoever asked; a mistake in our own code stays what it is. */
export function asRefusal(error: unknown): unknown {
  const code = String((error as { code?: unknown }).code ?? '');
  if (code === 'SQLITE_FULL') return new RelayError('store-full', 'The disk is full.', error);
  if (FAILURES.some((failure) => code.startsWith(failure)))
    return new RelayError('store-failed', 'The disk misbehaves.', error);
  return error;
}

function isRefusal(error: unknown, code: RelayError['code']): boolean {
  return error instanceof RelayError && error.code === code;
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // SQLite has already rolled back by itself; the refusal on its way says why.
  }
}
