// Who on this node waits for news of which mailbox: event streams and long polls.
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import type { Delivery, Member } from './store.ts';

/** One that waits. Both functions return at once and throw nothing. */
export interface Sleeper {
  wake(cursor: number): void;
  /** The device was removed, has too many streams, or the relay closes. */
  close(): void;
}

export interface Wakes {
  /** Adds a sleeper; the function given back takes it away. More than allowed: the oldest is closed. */
  add(member: Member, sleeper: Sleeper): () => void;
  /** Tells the sleepers of a mailbox that it now reaches up to a cursor. */
  wake(delivery: Delivery): void;
  /** Closes all sleepers of a device that has left its family. */
  remove(member: Member): void;
  /** Closes everything; whoever is added later is closed at once. */
  close(): void;
}

export function createWakes(sleepersPerDevice: number): Wakes {
  const sleepers = new Map<string, Set<Sleeper>>();
  let isClosed = false;

  function closeAll(key: string): void {
    const all = sleepers.get(key);
    sleepers.delete(key);
    for (const sleeper of all ?? []) sleeper.close();
  }

  return {
    add(member, sleeper) {
      if (isClosed) {
        sleeper.close();
        return () => {};
      }
      const key = encodeKeyId(member);
      const all = sleepers.get(key) ?? new Set();
      sleepers.set(key, all);
      if (all.size >= sleepersPerDevice) {
        const [oldest] = all;
        all.delete(oldest!);
        oldest!.close();
      }
      all.add(sleeper);
      return () => {
        all.delete(sleeper);
        if (all.size === 0 && sleepers.get(key) === all) sleepers.delete(key);
      };
    },
    wake(delivery) {
      for (const sleeper of sleepers.get(encodeKeyId(delivery)) ?? []) sleeper.wake(delivery.cursor);
    },
    remove(member) {
      closeAll(encodeKeyId(member));
    },
    close() {
      isClosed = true;
      for (const key of [...sleepers.keys()]) closeAll(key);
    },
  };
}
