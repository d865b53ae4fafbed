// Where devices are woken, in SQLite: one endpoint of a push service a device.
import type { Ground } from './sqlite-ground.ts';
import type { Store } from './store.ts';

type PushStore = Pick<Store, 'putPush' | 'pushEndpoint' | 'forgetPush'>;

/** The part of the store that holds endpoints. `forgetAllOf` is called inside a transaction. */
export function sqlitePush(ground: Ground): { store: PushStore; forgetAllOf(memberId: number): void } {
  const { database, commit, claim, memberId, findMember, requireRoom } = ground;
  const upsert = database.prepare(
    'INSERT INTO push (member_id, endpoint) VALUES (?, ?) ON CONFLICT DO UPDATE SET endpoint = excluded.endpoint',
  );
  const select = database.prepare('SELECT endpoint FROM push WHERE member_id = ?').pluck();
  const remove = database.prepare('DELETE FROM push WHERE member_id = ?');
  const removeIf = database.prepare('DELETE FROM push WHERE member_id = ? AND endpoint = ?');

  return {
    forgetAllOf(id) {
      remove.run(id);
    },
    store: {
      putPush: (wanted, owner, endpoint) =>
        commit(() => {
          claim(wanted);
          const id = memberId(owner);
          if (endpoint === null) {
            remove.run(id);
            return;
          }
          requireRoom(endpoint.length);
          upsert.run(id, endpoint);
        }),
      async pushEndpoint(member) {
        const id = findMember(member);
        return id === null ? null : ((select.get(id) as string | undefined) ?? null);
      },
      forgetPush: (member, endpoint) =>
        commit(() => {
          const id = findMember(member);
          if (id !== null) removeIf.run(id, endpoint);
        }),
    },
  };
}
