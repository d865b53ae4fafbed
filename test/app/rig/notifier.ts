// Notified values on their way into a page: the browser's driver has no verb for them, so the page is made to read each, in order. A read
// raises the very event that a notification raises.
import type { Page } from 'playwright-core';

const PAUSE_MS = 5;
const DRAIN_MS = 500;

export interface Notifier {
  /** The toy has notified a value. */
  push(value: Uint8Array): void;
  /** The page has subscribed. */
  start(): void;
  stop(): void;
  /** The value that the page's read is answered with; empty if there is none. */
  take(): Uint8Array;
  /** Resolves when the page has read all that waits, or would not within half a second. */
  drained(): Promise<void>;
  /** The connection is gone, and what waited with it. */
  clear(): void;
}

export function createNotifier(page: Page): Notifier {
  let waiting: Uint8Array[] = [];
  let isSubscribed = false;
  let isReading = false;

  async function work(): Promise<void> {
    if (isReading) return;
    isReading = true;
    // A page that has gone, or whose link has, reads no more.
    while (isSubscribed && waiting.length > 0) {
      const before = waiting.length;
      await page.evaluate(`globalThis.pawpostNotify(${before})`).catch(() => {});
      if (waiting.length === before) await pause();
    }
    isReading = false;
  }

  return {
    push(value) {
      waiting.push(value);
      void work();
    },
    start() {
      isSubscribed = true;
      void work();
    },
    stop() {
      isSubscribed = false;
    },
    take: () => waiting.shift() ?? new Uint8Array(0),
    async drained() {
      const untilMs = performance.now() + DRAIN_MS;
      while (waiting.length > 0 && performance.now() < untilMs) await pause();
    },
    clear() {
      waiting = [];
      isSubscribed = false;
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
