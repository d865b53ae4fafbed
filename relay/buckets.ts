// Token buckets in memory: how fast one address or one device may ask.
import type { BucketLimits } from './config.ts';

/** Buckets kept at once; beyond it those that are full again go first, then the oldest. */
const KEPT_MAX = 100_000;

export interface Buckets {
  /** Takes a token: 0, or the seconds (whole, at least 1) until there is one. */
  take(key: string): number;
}

/** Buckets that all have the same limits. `nowMs` never goes back by much; if it does, nobody gains tokens by it. */
export function createBuckets(limits: BucketLimits, nowMs: () => number): Buckets {
  const levels = new Map<string, { tokens: number; atMs: number }>();

  function refilled(level: { tokens: number; atMs: number }, now: number): number {
    const gained = (Math.max(0, now - level.atMs) / 1000) * limits.perSecond;
    return Math.min(limits.burst, level.tokens + gained);
  }
  function forgetFull(now: number): void {
    for (const [key, level] of levels) if (refilled(level, now) >= limits.burst) levels.delete(key);
    for (const key of levels.keys()) {
      if (levels.size < KEPT_MAX) break;
      levels.delete(key);
    }
  }

  return {
    take(key) {
      const now = nowMs();
      const level = levels.get(key);
      if (level === undefined && levels.size >= KEPT_MAX) forgetFull(now);
      const tokens = level === undefined ? limits.burst : refilled(level, now);
      // Taken out and put in again, so that the map's order is that of last use.
      levels.delete(key);
      if (tokens >= 1) {
        levels.set(key, { tokens: tokens - 1, atMs: now });
        return 0;
      }
      levels.set(key, { tokens, atMs: now });
      return Math.ceil((1 - tokens) / limits.perSecond);
    },
  };
}

/** What an address is counted by: itself, or its /64 for IPv6, of which one household has billions. */
export function addressKey(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [front, back] = address.split('::');
  const groups = front === '' ? [] : front!.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const zeros = back === undefined ? 0 : 8 - groups.length - tail.length;
  const whole = [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail];
  return whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
