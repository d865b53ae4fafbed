// The toy's native `sodium` module on a host: libsodium, with slots 0-7 in a key store that survives power cuts.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createPrimitives, SLOT_BYTES, SLOTS } from '#protocol/sodium/primitives.ts';
import type { Sodium } from '../native/native.d.ts';

/** Bytes of slots 0-7. */
export const KEPT_BYTES = 8 * SLOT_BYTES;

/** Where the slots that survive are kept; or, in a store of its own, what the maker sets. */
export interface KeyStore {
  /** What was saved last, KEPT_BYTES of slots; null before the first save. */
  load(): Uint8Array | null;
  /** All of it or nothing, whenever the power is cut. */
  save(slots: Uint8Array): void;
}

/** Keys that live as long as the object. */
export function createMemoryKeys(): KeyStore {
  let kept: Uint8Array | null = null;
  return {
    load: () => kept,
    save: (slots) => {
      kept = slots.slice();
    },
  };
}

/** Keys in a file of `bytes` that only its owner may read. */
export function openKeyFile(path: string, bytes = KEPT_BYTES): KeyStore {
  return {
    load: () => {
      if (!existsSync(path)) return null;
      const slots = new Uint8Array(readFileSync(path));
      if (slots.length !== bytes) throw new Error(`${path} is not a key store`);
      return slots;
    },
    save: (slots) => {
      const next = openSync(`${path}.next`, 'w', 0o600);
      writeSync(next, slots);
      fsyncSync(next);
      closeSync(next);
      renameSync(`${path}.next`, path);
      const folder = openSync(dirname(path), 'r');
      fsyncSync(folder);
      closeSync(folder);
    },
  };
}

/** The module as one life of the toy sees it: slots 0-7 from the store, 8-15 empty. */
export function createSodium(store: KeyStore): Sodium {
  const slots = new Uint8Array(SLOTS * SLOT_BYTES);
  const kept = slots.subarray(0, KEPT_BYTES);
  kept.set(store.load() ?? new Uint8Array(KEPT_BYTES));
  const primitives = createPrimitives(undefined, slots);
  let saved = kept.slice();

  // Whatever a call has done to the slots that survive is kept before the program goes on.
  function keeping<A extends unknown[], R>(call: (...values: A) => R): (...values: A) => R {
    return (...values) => {
      const result = call(...values);
      if (kept.some((byte, i) => byte !== saved[i])) {
        saved = kept.slice();
        store.save(saved);
      }
      return result;
    };
  }

  return {
    ...primitives,
    load: keeping(primitives.load),
    generate: keeping(primitives.generate),
    copy: keeping(primitives.copy),
    clear: keeping(primitives.clear),
    dh: keeping(primitives.dh),
    derive: keeping(primitives.derive),
    mixKey: keeping(primitives.mixKey),
    mixKeyAndHash: keeping(primitives.mixKeyAndHash),
    split: keeping(primitives.split),
    rekey: keeping(primitives.rekey),
  };
}
