// Values of a channel that come before anybody listens: kept, then handed over in order.

export interface ValueQueue {
  push(value: Uint8Array): void;
  onValue(listener: (value: Uint8Array) => void): void;
}

export function createValueQueue(): ValueQueue {
  let early: Uint8Array[] = [];
  let listener: ((value: Uint8Array) => void) | null = null;
  return {
    push(value) {
      if (listener === null) early.push(value);
      else listener(value);
    },
    onValue(next) {
      listener = next;
      const kept = early;
      early = [];
      for (const value of kept) next(value);
    },
  };
}
