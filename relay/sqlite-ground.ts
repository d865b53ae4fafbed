// What the parts of the SQLite store share: one connection, one queue of commits, and the checks inside a transaction.
import type Database from 'better-sqlite3';
import type { Commit } from './group-commit.ts';
import type { Claim, Member } from './store.ts';

/** All but `commit` are called inside a transaction only. */
export interface Ground {
  database: Database.Database;
  commit: Commit;
  claim(claim: Claim | null): void;
  /** The row of an active member; refuses `stranger`. */
  memberId(member: Member): number;
  /** The row of an active member, or null. */
  findMember(member: Member): number | null;
  /** Refuses `store-full` unless so many bytes may be added. */
  requireRoom(sizeBytes: number): void;
}

/** A Buffer as the plain array it is: callers outside compare and copy, and must not meet Node's own methods. */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
