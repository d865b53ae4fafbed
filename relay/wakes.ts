// Who on this node waits for news of which mailbox or pigeonhole: event streams and long polls.
import { encodeKeyId, type Signer } from '#protocol/relay/key-id.ts';

/** One that waits. Both functions return at once and throw nothing. */
export interface Sleeper {
  wake(cursor: number): void;
  /** The device was removed, has too many streams, or the relay closes. */
  close(): void;
}

export interface Wakes {
  /** Adds a sleeper at the place of a device or of an invitation; the function given back takes it away. More than allowed: the oldest is closed. */
  add(place: Signer, sleeper: Sleeper): () => void;
  /** True while anybody sleeps there. */
  hasSleeper(place: Signer): boolean;
  /** Tells the sleepers of a place that it now reaches up to a cursor. */
  wake(news: Signer & { cursor: number }): void;
  /** Closes all sleepers of a device that has left its family. */
  remove(place: Signer): void;
  /** Closes everything; whoever is added later is closed at once. */
  close(): void;
}

export function createWakes(sleepersPerPlace: number): Wakes {
  const sleepers = new Map<string, Set<Sleeper>>();
  let isClosed = false;

  function closeAll(key: string): void {
    const all = sleepers.get(key);
    sleepers.delete(key);
    for (const sleeper of all ?? []) sleeper.close();
  }

  return {
    add(place, sleeper) {
      if (isClosed) {
        sleeper.close();
        return () => {};
      }
      const key = encodeKeyId(place);
      const all = sleepers.get(key) ?? new Set();
      sleepers.set(key, all);
      // Added before the oldest goes: an empty place would be forgotten, and whoever comes into it with it.
      all.add(sleeper);
      if (all.size > sleepersPerPlace) {
        const [oldest] = all;
        all.delete(oldest!);
        oldest!.close();
      }
      return () => {
        all.delete(sleeper);
        if (all.size === 0 && sleepers.get(key) === all) sleepers.delete(key);
      };
    },
    hasSleeper: (place) => sleepers.has(encodeKeyId(place)),
    wake(news) {
      for (const sleeper of sleepers.get(encodeKeyId(news)) ?? []) sleeper.wake(news.cursor);
    },
    remove(place) {
      closeAll(encodeKeyId(place));
    },
    close() {
      isClosed = true;
      for (const key of [...sleepers.keys()]) closeAll(key);
    },
  };
}
