// The pigeonholes of invitations in SQLite: a door key, and two parts that are written once.
import type Database from 'better-sqlite3';
import { same } from '#protocol/bytes.ts';
import { PIGEONHOLE_S, PIGEONHOLES_MAX } from '#protocol/relay/limits.ts';
import type { InvitationPart } from '#protocol/relay/paths.ts';
import { type Ground, plain } from './sqlite-ground.ts';
import type { Pigeonhole, Store } from './store.ts';

type InvitationStore = Pick<
  Store,
  'openInvitation' | 'closeInvitation' | 'doorKey' | 'putInvitationPart' | 'readInvitationPart'
>;

interface Row {
  id: number;
  door_key: Buffer;
  request: Buffer | null;
  answer: Buffer | null;
}

/** The part of the store that holds pigeonholes. The functions beside `store` are called inside a transaction. */
export function sqliteInvitations(ground: Ground): {
  store: InvitationStore;
  closeAllOf(memberId: number): void;
  expire(nowS: number): void;
} {
  const { database, commit, claim, memberId, requireRoom } = ground;
  const select = database.prepare(
    'SELECT id, door_key, request, answer FROM invitation WHERE family = ? AND invitation = ? AND opened_s > ?',
  );
  const countOpen = database.prepare('SELECT count(*) FROM invitation WHERE family = ?').pluck();
  const insert = database.prepare(
    'INSERT INTO invitation (family, invitation, opener_id, door_key, opened_s) VALUES (?, ?, ?, ?, ?)',
  );
  const setPart: Readonly<Record<InvitationPart, Database.Statement<[Uint8Array, number]>>> = {
    request: database.prepare('UPDATE invitation SET request = ? WHERE id = ?'),
    answer: database.prepare('UPDATE invitation SET answer = ? WHERE id = ?'),
  };
  const remove = database.prepare('DELETE FROM invitation WHERE family = ? AND invitation = ?');
  const removeOf = database.prepare('DELETE FROM invitation WHERE opener_id = ?');
  const removeOld = database.prepare('DELETE FROM invitation WHERE opened_s <= ?');

  function find({ family, invitation }: Pigeonhole, atS: number): Row | undefined {
    return select.get(family, invitation, atS - PIGEONHOLE_S) as Row | undefined;
  }

  return {
    closeAllOf(id) {
      removeOf.run(id);
    },
    expire(nowS) {
      removeOld.run(nowS - PIGEONHOLE_S);
    },
    store: {
      openInvitation: (wanted, opener, { invitation, doorKey, atS }) =>
        commit(() => {
          claim(wanted);
          const openerId = memberId(opener);
          removeOld.run(atS - PIGEONHOLE_S);
          const row = find({ family: opener.family, invitation }, atS);
          if (row !== undefined) return same(row.door_key, doorKey) ? 'known' : 'conflict';
          if ((countOpen.get(opener.family) as number) >= PIGEONHOLES_MAX) return 'full';
          requireRoom(invitation.length + doorKey.length);
          insert.run(opener.family, invitation, openerId, doorKey, atS);
          return 'opened';
        }),
      closeInvitation: (wanted, closer, invitation) =>
        commit(() => {
          claim(wanted);
          memberId(closer);
          remove.run(closer.family, invitation);
        }),
      async doorKey(place, atS) {
        const row = find(place, atS);
        return row === undefined ? null : plain(row.door_key);
      },
      putInvitationPart: (wanted, by, place, part, { bytes, atS }) =>
        commit(() => {
          claim(wanted);
          if (by !== null) memberId(by);
          const row = find(place, atS);
          if (row === undefined) return 'missing';
          const before = row[part];
          if (before !== null) return same(before, bytes) ? 'known' : 'conflict';
          requireRoom(bytes.length);
          setPart[part].run(bytes, row.id);
          return 'stored';
        }),
      readInvitationPart: (wanted, by, place, part, atS) =>
        commit(() => {
          claim(wanted);
          if (by !== null) memberId(by);
          const bytes = find(place, atS)?.[part] ?? null;
          return bytes === null ? null : plain(bytes);
        }),
    },
  };
}
