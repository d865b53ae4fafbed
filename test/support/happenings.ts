// What happens in a test, in order, and waiting for it: by the event itself, never by the clock.

export interface Happenings<T> {
  readonly all: readonly T[];
  note(happening: T): void;
  /**
   * The first happening, from the `from`-th on, that `isIt` accepts; one that has happened already counts. Rejects after `withinMs`
   * with all that did happen, which is a failure and never a way to go on.
   */
  until(what: string, isIt: (happening: T) => boolean, from?: number, withinMs?: number): Promise<T>;
}

const WITHIN_MS = 25_000;

export function createHappenings<T>(): Happenings<T> {
  const all: T[] = [];
  const waiting = new Set<(happening: T) => void>();
  return {
    all,
    note(happening) {
      all.push(happening);
      for (const look of [...waiting]) look(happening);
    },
    until(what, isIt, from = 0, withinMs = WITHIN_MS) {
      const found = all.slice(from).find(isIt);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const look = (happening: T) => {
          if (!isIt(happening)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(happening);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          const seen = all.slice(-30).map((each) => JSON.stringify(each));
          reject(new Error(`no ${what} in ${withinMs / 1000} s; what happened:\n${seen.join('\n')}`));
        }, withinMs);
        waiting.add(look);
      });
    },
  };
}
