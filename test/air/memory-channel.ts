// One connection of the in-memory radio: two ordered queues, a full buffer that says so, and one end for both sides.
import { type Channel, RadioError } from '#bridge/radio.ts';
import type { PeripheralHandlers } from '#firmware/simulator/peripheral.ts';

/** The toy's side of a connection. */
export interface MemoryLink {
  /** False: `capacity` notifications are waiting already. */
  notify(value: Uint8Array): boolean;
  /** Ends the connection for both sides; a second call does nothing. */
  close(): void;
}

export interface MemoryChannelParts {
  mtu: number;
  capacity: number;
  handlers: PeripheralHandlers;
  isLost(): boolean;
  sent(direction: 'toToy' | 'fromToy', bytes: Uint8Array): void;
  closed(): void;
}

export function createMemoryChannel(parts: MemoryChannelParts): { link: MemoryLink; channel: Channel } {
  const { mtu, capacity, handlers } = parts;
  const waiting: Uint8Array[] = [];
  let early: Uint8Array[] = [];
  let listener: ((value: Uint8Array) => void) | null = null;
  let onClosed: (() => void) | null = null;
  let isOpen = true;
  let wasRefused = false;

  // ATT cuts what is longer than mtu - 3 (Core specification, volume 3, part F, section 3.4.7.1).
  const cut = (value: Uint8Array) => Uint8Array.from(value.subarray(0, mtu - 3));

  function flush(): void {
    if (!isOpen) return;
    for (const value of waiting.splice(0)) {
      if (parts.isLost()) continue;
      if (listener === null) early.push(value);
      else listener(value);
    }
    if (wasRefused && isOpen) {
      wasRefused = false;
      handlers.room();
    }
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    parts.closed();
    handlers.disconnected();
    onClosed?.();
  }

  const link: MemoryLink = {
    notify(value) {
      if (!isOpen || waiting.length >= capacity) {
        wasRefused = isOpen;
        return false;
      }
      const bytes = cut(value);
      parts.sent('fromToy', bytes);
      if (waiting.push(bytes) === 1) setImmediate(flush);
      return true;
    },
    close,
  };

  const channel: Channel = {
    mtu,
    async send(value) {
      if (!isOpen) throw new RadioError('closed', 'The toy is gone; connect again.');
      if (value.length > mtu - 3) throw new RangeError(`a value has at most ${mtu - 3} bytes`);
      const bytes = cut(value);
      parts.sent('toToy', bytes);
      if (!parts.isLost())
        setImmediate(() => {
          if (isOpen) handlers.written(bytes);
        });
    },
    onValue(next) {
      listener = next;
      const kept = early;
      early = [];
      for (const value of kept) next(value);
    },
    onClose(next) {
      if (isOpen) onClosed = next;
      else next();
    },
    async close() {
      close();
    },
  };
  return { link, channel };
}
