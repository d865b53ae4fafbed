import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  chunkChange,
  completeRecording,
  doneChanges,
  openRecording,
  recordedAt,
  sealedChange,
  unsealedChanges,
  welcomeRecording,
  wholeRecordings,
} from '#bridge/recordings.ts';
import type { Store } from '#bridge/store.ts';
import { ascii } from '#protocol/bytes.ts';
import type { End } from '#protocol/clip/records.ts';
import { type Primitives, SLOT_CLIP, SLOT_EPHEMERAL, SLOT_SHARED } from '#protocol/link/primitives.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

const CHUNK = 992;
const NOTHING = new Uint8Array(0);
const clipSecret = new Uint8Array(32).fill(5);
const clipKey = sodium.crypto_scalarmult_base(clipSecret);
const toyId = new Uint8Array(16).fill(1);

/** A recording as the toy seals it (protocol/README.md section 8), by the primitives that the toy has. */
function recorded(stream: Uint8Array, seed: number) {
  const toy: Primitives = createPrimitives();
  const id = new Uint8Array(16).fill(seed);
  const ephemeralKey = new Uint8Array(32);
  toy.generate(SLOT_EPHEMERAL);
  toy.publicKey(SLOT_EPHEMERAL, ephemeralKey);
  toy.dh(SLOT_EPHEMERAL, clipKey, SLOT_SHARED);
  toy.derive(SLOT_CLIP, SLOT_SHARED, ascii('pawpost1/clip'), Buffer.concat([id, ephemeralKey, clipKey]));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += CHUNK) {
    const chunk = new Uint8Array(CHUNK + 16);
    chunk.set(stream.subarray(at, at + CHUNK));
    toy.seal(SLOT_CLIP, chunks.length, NOTHING, chunk, 0, CHUNK);
    chunks.push(chunk);
  }
  const hash = sodium.crypto_generichash(32, Buffer.concat(chunks), null);
  const end: End = {
    handle: 0,
    chunks: chunks.length,
    bytes: stream.length,
    packets: 3,
    durationMs: 180,
    hash,
  };
  return { offer: { id, toyId, ephemeralKey, recordedAtS: 1000 }, chunks, end };
}

describe('recordings on the bridge', () => {
  let store: Store;
  beforeEach(() => {
    store = createMemoryStore().open();
  });
  afterEach(() => store.close());

  const stream = Uint8Array.from({ length: 2500 }, (_, i) => i % 251);
  const { offer, chunks, end } = recorded(stream, 9);
  const { id } = offer;
  const keep = (indexes: number[]) =>
    store.write(indexes.map((index) => chunkChange(id, index, chunks[index]!)));

  it('are taken chunk by chunk, from where they were left, and opened to the same stream', async () => {
    expect(await welcomeRecording(store, offer)).toEqual({ firstMissing: 0 });
    await keep([0, 1]);
    expect(await welcomeRecording(store, offer)).toEqual({ firstMissing: 2 });
    await keep([2]);
    expect(await completeRecording(store, id, end)).toBe(true);
    const [recording] = await wholeRecordings(store);
    expect(recording).toMatchObject({ id, toyId, recordedAtS: 1000, chunks: 3, packets: 3, durationMs: 180 });
    expect(await openRecording(store, recording!, clipSecret)).toEqual(stream);
  });

  it('are thrown away and pulled again if they are not what the toy sent', async () => {
    await welcomeRecording(store, offer);
    await keep([0, 1]);
    await store.write([chunkChange(id, 2, chunks[1]!)]);
    expect(await completeRecording(store, id, end)).toBe(false);
    expect(await welcomeRecording(store, offer)).toEqual({ firstMissing: 0 });
    expect(await wholeRecordings(store)).toEqual([]);
  });

  it('stay closed to another key, and to a chunk in the wrong place', async () => {
    await welcomeRecording(store, offer);
    await keep([0, 1, 2]);
    await completeRecording(store, id, end);
    const [recording] = await wholeRecordings(store);
    await expect(openRecording(store, recording!, new Uint8Array(32).fill(6))).rejects.toThrow('clip-opened');
    await store.write([chunkChange(id, 0, chunks[1]!)]);
    await expect(openRecording(store, recording!, clipSecret)).rejects.toThrow('clip-opened');
  });

  it('are not taken twice, whole, sealed or sent; a rejected envelope puts them back', async () => {
    await welcomeRecording(store, offer);
    await keep([0, 1, 2]);
    await completeRecording(store, id, end);
    expect(await welcomeRecording(store, offer)).toBe('already-had');
    const [recording] = await wholeRecordings(store);
    await store.write([sealedChange(recording!)]);
    expect(await wholeRecordings(store)).toEqual([]);
    await store.write(await unsealedChanges(store, id));
    expect((await wholeRecordings(store)).length).toBe(1);
    await store.write([sealedChange(recording!)]);
    await store.write(await doneChanges(store, id));
    expect(await welcomeRecording(store, offer)).toBe('already-had');
    expect(await store.list('chunks', '')).toEqual([]);
    expect(await completeRecording(store, id, end)).toBe(true);
  });

  it('keep their id for the toy and key that began them', async () => {
    await welcomeRecording(store, offer);
    const stranger = { ...offer, toyId: new Uint8Array(16).fill(2) };
    expect(await welcomeRecording(store, stranger)).toBe('refused');
    expect(await welcomeRecording(store, { ...offer, ephemeralKey: new Uint8Array(32) })).toBe('refused');
  });

  it('know when they began only if the toy does', () => {
    expect(recordedAt(5000, 100, 0xffffffff)).toBe(4900);
    expect(recordedAt(5000, 0xffffffff, 0xffffffff)).toBe(0);
    expect(recordedAt(50, 100, 0xffffffff)).toBe(0);
  });
});
