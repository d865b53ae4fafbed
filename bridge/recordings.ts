// Recordings on their way from toys: chunk by chunk to disk as they come, sealed as the toy sealed them, until the family has them.
import { ascii, same } from '#protocol/bytes.ts';
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import {
  CHUNK_TO_TOY_BYTES,
  CLIP_HASH_BYTES,
  CLIP_ID_BYTES,
  type End,
  META_FROM_TOY_BYTES,
} from '#protocol/clip/records.ts';
import { idText } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { blake2b } from '#protocol/sodium/hkdf.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Change, Store } from './store.ts';

/** Chunks in a slot of the toy: nothing longer can come. */
export const CHUNKS_MAX = 124;

const CONTEXT_CLIP = ascii('pawpost1/clip');
const ARRIVING = 0;
const WHOLE = 1;
const SEALED = 2;
const DONE = 3;
const RECORDED_AT_UNKNOWN = 0;

export interface Recording {
  id: Uint8Array;
  toyId: Uint8Array;
  /** X25519, of this recording alone. */
  ephemeralKey: Uint8Array;
  /** Unix seconds; 0 where the toy lost its sense of time in between. */
  recordedAtS: number;
  state: typeof ARRIVING | typeof WHOLE | typeof SEALED | typeof DONE;
  /** Known once it is whole. */
  chunks: number;
  bytes: number;
  packets: number;
  durationMs: number;
}

/** What an offer is answered with. */
export type Welcome = { firstMissing: number } | 'already-had' | 'refused';

/** Takes an offered recording, or goes on with one that was interrupted. Durable when it resolves. */
export async function welcomeRecording(
  store: Store,
  offer: Pick<Recording, 'id' | 'toyId' | 'ephemeralKey' | 'recordedAtS'>,
): Promise<Welcome> {
  const known = await readRecording(store, offer.id);
  if (known === null) {
    const fresh: Recording = {
      ...copyOf(offer),
      state: ARRIVING,
      chunks: 0,
      bytes: 0,
      packets: 0,
      durationMs: 0,
    };
    await store.write([keep(fresh)]);
    return { firstMissing: 0 };
  }
  if (!same(known.toyId, offer.toyId) || !same(known.ephemeralKey, offer.ephemeralKey)) return 'refused';
  if (known.state !== ARRIVING) return 'already-had';
  return { firstMissing: (await chunksOf(store, offer.id)).length };
}

/** The change that keeps chunk `index` of a recording. */
export function chunkChange(id: Uint8Array, index: number, chunk: Uint8Array): Change {
  return { collection: 'chunks', key: chunkKey(id, index), value: chunk.slice() };
}

/** Checks that all of it is here and marks it whole. False: what is here is not what the toy sent; it was thrown away. */
export async function completeRecording(store: Store, id: Uint8Array, end: End): Promise<boolean> {
  const recording = await readRecording(store, id);
  if (recording === null) return false;
  if (recording.state !== ARRIVING) return true;
  const chunks = await chunksOf(store, id);
  const hash = sodium.crypto_generichash_init(null, CLIP_HASH_BYTES);
  for (const { value } of chunks) sodium.crypto_generichash_update(hash, value);
  const isWhole =
    chunks.length === end.chunks && same(sodium.crypto_generichash_final(hash, CLIP_HASH_BYTES), end.hash);
  if (!isWhole) {
    await store.write(chunks.map(({ key }) => ({ collection: 'chunks', key, value: null })));
    return false;
  }
  const { bytes, packets, durationMs } = end;
  await store.write([keep({ ...recording, state: WHOLE, chunks: end.chunks, bytes, packets, durationMs })]);
  return true;
}

/** Recordings that are whole and not yet sealed for the family. */
export async function wholeRecordings(store: Store): Promise<Recording[]> {
  const all = await store.list('clips', '');
  return all.map(({ value }) => decodeRecording(value)).filter((recording) => recording.state === WHOLE);
}

/**
 * The packet stream of a whole recording, opened with the family's clip secret (X25519, 32 bytes). Fault `clip-opened` if it was
 * sealed to another key or is not genuine.
 */
export async function openRecording(
  store: Store,
  recording: Recording,
  clipSecret: Uint8Array,
): Promise<Uint8Array> {
  const key = clipKey(recording, clipSecret);
  const chunks = await chunksOf(store, recording.id);
  const plain = new Uint8Array(chunks.length * CHUNK_TO_TOY_BYTES);
  for (const [index, { value }] of chunks.entries()) {
    plain.set(openChunk(key, index, value), index * CHUNK_TO_TOY_BYTES);
  }
  if (recording.bytes > plain.length) throw fault('clip-opened');
  return plain.subarray(0, recording.bytes);
}

/** The change that marks a recording as sealed in the outbox. Its chunks stay until the relay has it. */
export function sealedChange(recording: Recording): Change {
  return keep({ ...recording, state: SEALED });
}

/** The change that puts a recording back: its envelope was rejected. */
export async function unsealedChanges(store: Store, id: Uint8Array): Promise<Change[]> {
  const recording = await readRecording(store, id);
  return recording === null || recording.state !== SEALED ? [] : [keep({ ...recording, state: WHOLE })];
}

/** The changes after which a recording is the relay's: its chunks go, its id stays so that it is never taken twice. */
export async function doneChanges(store: Store, id: Uint8Array): Promise<Change[]> {
  const recording = await readRecording(store, id);
  if (recording === null) return [];
  const chunks = await chunksOf(store, recording.id);
  return [
    keep({ ...recording, state: DONE }),
    ...chunks.map(({ key }): Change => ({ collection: 'chunks', key, value: null })),
  ];
}

function clipKey(recording: Recording, clipSecret: Uint8Array): Uint8Array {
  const clipPublic = sodium.crypto_scalarmult_base(clipSecret);
  const shared = sodium.crypto_scalarmult(clipSecret, recording.ephemeralKey);
  const bound = new Uint8Array(CLIP_ID_BYTES + 64);
  bound.set(recording.id);
  bound.set(recording.ephemeralKey, CLIP_ID_BYTES);
  bound.set(clipPublic, CLIP_ID_BYTES + 32);
  return blake2b(32, shared, CONTEXT_CLIP, bound);
}

function openChunk(key: Uint8Array, index: number, sealed: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(4, index, true);
  try {
    return sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, null, nonce, key);
  } catch {
    throw fault('clip-opened');
  }
}

async function chunksOf(store: Store, id: Uint8Array): Promise<{ key: string; value: Uint8Array }[]> {
  return store.list('chunks', `${idText(id)}/`);
}

function chunkKey(id: Uint8Array, index: number): string {
  return `${idText(id)}/${String(index).padStart(5, '0')}`;
}

async function readRecording(store: Store, id: Uint8Array): Promise<Recording | null> {
  const bytes = await store.get('clips', idText(id));
  return bytes === undefined ? null : decodeRecording(bytes);
}

function keep(recording: Recording): Change {
  const { id, toyId, ephemeralKey, recordedAtS, state, chunks, bytes, packets, durationMs } = recording;
  const value = encodeCbor([
    1,
    id,
    toyId,
    ephemeralKey,
    recordedAtS,
    state,
    chunks,
    bytes,
    packets,
    durationMs,
  ]);
  return { collection: 'clips', key: idText(id), value };
}

function decodeRecording(value: Uint8Array): Recording {
  const code = 'clip-opened';
  const fields = asTuple(decodeCbor(value, code), 10, code);
  const count = (i: number) => asInteger(fields[i], 0, 0xffffffff, code);
  return {
    id: asBytes(fields[1], CLIP_ID_BYTES, code),
    toyId: asBytes(fields[2], 16, code),
    ephemeralKey: asBytes(fields[3], META_FROM_TOY_BYTES, code),
    recordedAtS: count(4),
    state: asInteger(fields[5], ARRIVING, DONE, code) as Recording['state'],
    chunks: count(6),
    bytes: count(7),
    packets: count(8),
    durationMs: count(9),
  };
}

function copyOf<T extends { id: Uint8Array; toyId: Uint8Array; ephemeralKey: Uint8Array }>(offer: T): T {
  return {
    ...offer,
    id: offer.id.slice(),
    toyId: offer.toyId.slice(),
    ephemeralKey: offer.ephemeralKey.slice(),
  };
}

/** Seconds since 1970 when a recording began that the toy says is `ageS` old; 0 if the toy does not know. */
export function recordedAt(nowS: number, ageS: number, ageUnknown: number): number {
  return ageS === ageUnknown ? RECORDED_AT_UNKNOWN : Math.max(0, nowS - ageS);
}
