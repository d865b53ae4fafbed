// Tags of toys in memory.
import type { TagKeeper } from '#app/flash/identity.ts';

export function createMemoryTags(): TagKeeper & { kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  const waiting = new Map<string, Uint8Array>();
  return {
    kept,
    known: async (toyId) => [kept.get(toyId), waiting.get(toyId)].filter((secret) => secret !== undefined),
    layAside: async (toyId, secret) => void waiting.set(toyId, secret),
    keep: async (toyId, secret) => void kept.set(toyId, secret),
  };
}
