// The relay's store in one SQLite file: write-ahead log, synchronous FULL, group commit. Members, chains and prekeys are here;
// each other noun has a file of its own beside this one.
import { readFileSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { same } from '#protocol/bytes.ts';
import { RelayError } from './error.ts';
import { groupCommit } from './group-commit.ts';
import { type Ground, plain } from './sqlite-ground.ts';
import { sqliteInvitations } from './sqlite-invitations.ts';
import { sqliteMessages } from './sqlite-messages.ts';
import { sqlitePush } from './sqlite-push.ts';
import { sqliteSafe } from './sqlite-safe.ts';
import { openDatabase } from './sqlite-schema.ts';
import type { ChainChange, Claim, Member, MemberKey, Quota, Store } from './store.ts';

/** How long a nonce is remembered after its request's time, in seconds: longer than the window, should the clock be set back. */
const NONCE_KEPT_S = 900;

/** Bytes stored between two looks at how much room the disk has. */
const LOOK_EVERY_BYTES = 4 * 1024 * 1024;

export interface SqliteOptions {
  path: string;
  quota: Quota;
  /** Most bytes of the file; null for no limit but the disk's. */
  maxBytes: number | null;
  /** Bytes of the disk, and of maxBytes, that messages may not fill, so that reading and acknowledging go on. */
  reserveBytes: number;
}

/** Opens or creates the store. @throws RelayError as openDatabase. */
export function openSqliteStore(options: SqliteOptions): Store {
  const database = openDatabase(options.path);
  const { commit, drain } = groupCommit(database);
  const pageBytes = database.pragma('page_size', { simple: true }) as number;
  if (options.maxBytes !== null)
    database.pragma(`max_page_count = ${Math.floor(options.maxBytes / pageBytes)}`);
  const pageCount = database.prepare('PRAGMA page_count').pluck();
  const freePages = database.prepare('PRAGMA freelist_count').pluck();

  const insertNonce = database.prepare(
    'INSERT INTO nonce (created_s, nonce) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const deleteNonces = database.prepare('DELETE FROM nonce WHERE created_s < ?');
  const selectFamily = database.prepare('SELECT id, length, head FROM family WHERE family = ?');
  const insertFamily = database.prepare('INSERT INTO family (family, length, head) VALUES (?, ?, ?)');
  const updateFamily = database.prepare('UPDATE family SET length = ?, head = ? WHERE id = ?');
  const insertEntry = database.prepare('INSERT INTO entry (family_id, number, bytes) VALUES (?, ?, ?)');
  const selectEntries = database
    .prepare('SELECT bytes FROM entry WHERE family_id = ? ORDER BY number')
    .pluck();
  const selectMember = database.prepare(
    'SELECT id, key FROM member WHERE family = ? AND device = ? AND active = 1',
  );
  const selectActive = database.prepare('SELECT id, device FROM member WHERE family = ? AND active = 1');
  const insertMember = database.prepare(
    'INSERT INTO member (family, device, key, active) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING',
  );
  const deactivate = database.prepare('UPDATE member SET active = 0 WHERE id = ?');
  const upsertPrekeys = database.prepare(
    'INSERT INTO prekeys (member_id, bundle) VALUES (?, ?) ON CONFLICT DO UPDATE SET bundle = excluded.bundle',
  );
  const selectPrekeys = database.prepare('SELECT bundle FROM prekeys WHERE member_id = ?').pluck();
  const deletePrekeys = database.prepare('DELETE FROM prekeys WHERE member_id = ?');

  function claim(wanted: Claim | null): void {
    if (wanted === null) return;
    if (insertNonce.run(wanted.createdS, wanted.nonce).changes === 0)
      throw new RelayError('replay', 'This request came before.');
  }
  function rowOf(member: Member): { id: number; key: Buffer } | undefined {
    return selectMember.get(member.family, member.device) as { id: number; key: Buffer } | undefined;
  }
  function memberId(member: Member): number {
    const row = rowOf(member);
    if (row === undefined) throw new RelayError('stranger', 'No such member.');
    return row.id;
  }
  let allowance = 0;
  function requireRoom(sizeBytes: number): void {
    if (sizeBytes > allowance) {
      const disk = statfsSync(dirname(options.path));
      allowance = Math.min(disk.bavail * disk.bsize - options.reserveBytes, LOOK_EVERY_BYTES);
    }
    allowance -= sizeBytes;
    if (allowance < 0) throw new RelayError('store-full', 'The disk is full.');
    if (options.maxBytes === null) return;
    const used = ((pageCount.get() as number) - (freePages.get() as number)) * pageBytes;
    if (used + sizeBytes + options.reserveBytes > options.maxBytes)
      throw new RelayError('store-full', 'The disk is full.');
  }
  const findMember = (member: Member) => rowOf(member)?.id ?? null;
  const ground: Ground = { database, commit, claim, memberId, findMember, requireRoom };
  const messages = sqliteMessages(ground, options.quota);
  const invitations = sqliteInvitations(ground);
  const push = sqlitePush(ground);

  function familyRow(family: Uint8Array): { id: number; length: number; head: Buffer } | undefined {
    return selectFamily.get(family) as { id: number; length: number; head: Buffer } | undefined;
  }
  function appendEntries(familyId: number, chain: ChainChange): void {
    const first = chain.length - chain.entries.length;
    for (const [i, entry] of chain.entries.entries()) insertEntry.run(familyId, first + i, entry);
  }
  /** Makes the members of a family those of its chain; whoever left loses all that was its own. */
  function replaceMembers(family: Uint8Array, members: readonly MemberKey[]): Member[] {
    const removed: Member[] = [];
    for (const row of selectActive.all(family) as { id: number; device: Buffer }[]) {
      if (members.some(({ device }) => same(device, row.device))) continue;
      deactivate.run(row.id);
      deletePrekeys.run(row.id);
      messages.emptyMailbox(row.id);
      invitations.closeAllOf(row.id);
      push.forgetAllOf(row.id);
      removed.push({ family, device: plain(row.device) });
    }
    for (const { device, key } of members) insertMember.run(family, device, key);
    return removed;
  }

  return {
    ...messages.store,
    ...invitations.store,
    ...push.store,
    ...sqliteSafe(ground),
    async memberKey(member) {
      const row = rowOf(member);
      return row === undefined ? null : plain(row.key);
    },
    async readChain(family) {
      const row = familyRow(family);
      if (row === undefined) return null;
      const entries = (selectEntries.all(row.id) as Buffer[]).map(plain);
      return { length: row.length, head: plain(row.head), entries };
    },
    claim: (wanted) => commit(() => claim(wanted)),

    createFamily: (wanted, chain) =>
      commit(() => {
        claim(wanted);
        const existing = familyRow(chain.family);
        if (existing !== undefined) {
          const stored = selectEntries.all(existing.id) as Buffer[];
          return chain.entries.every((entry, i) => stored[i] !== undefined && same(entry, stored[i]))
            ? 'known'
            : 'conflict';
        }
        requireRoom(chain.entries.reduce((sum, entry) => sum + entry.length, 0));
        const id = Number(insertFamily.run(chain.family, chain.length, chain.head).lastInsertRowid);
        appendEntries(id, chain);
        replaceMembers(chain.family, chain.members);
        return 'created';
      }),
    appendChain: (wanted, from, chain) =>
      commit(() => {
        claim(wanted);
        const row = familyRow(chain.family);
        if (row === undefined) throw new RelayError('stranger', 'No such member.');
        if (row.length !== from.length || !same(row.head, from.head)) {
          return { length: row.length, head: plain(row.head), appended: false, removed: [] };
        }
        appendEntries(row.id, chain);
        updateFamily.run(chain.length, chain.head, row.id);
        const removed = replaceMembers(chain.family, chain.members);
        return { length: chain.length, head: chain.head, appended: true, removed };
      }),

    putPrekeys: (wanted, owner, bundle) =>
      commit(() => {
        claim(wanted);
        upsertPrekeys.run(memberId(owner), bundle);
      }),
    readPrekeys: (wanted, reader, devices) =>
      commit(() => {
        claim(wanted);
        memberId(reader);
        const bundles: { device: Uint8Array; bundle: Uint8Array }[] = [];
        for (const device of devices) {
          const row = rowOf({ family: reader.family, device });
          const bundle = row && (selectPrekeys.get(row.id) as Buffer | undefined);
          if (bundle !== undefined) bundles.push({ device, bundle: plain(bundle) });
        }
        return bundles;
      }),

    async expire(nowS) {
      await commit(() => {
        deleteNonces.run(nowS - NONCE_KEPT_S);
        invitations.expire(nowS);
      });
      return messages.expire(nowS);
    },
    async dump() {
      await drain();
      database.pragma('wal_checkpoint(TRUNCATE)');
      return [options.path, `${options.path}-wal`]
        .filter((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0)
        .map((path) => ({ name: basename(path), bytes: plain(readFileSync(path)) }));
    },
    async close() {
      await drain();
      database.close();
    },
  };
}
