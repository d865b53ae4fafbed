// The encrypted body: a content head and its packet stream, padded, cut into chunks of 16 KiB and sealed one after the other by
// secretstream (libsodium, XChaCha20-Poly1305). One chunk is held at a time, however long the clip.
import { putU32, u32 } from '../bytes.ts';
import { fault } from '../fault.ts';
import { framedKey } from '../sodium/hash.ts';
import { sodium } from '../sodium/ready.ts';
import {
  BODY_START_BYTES,
  CHUNK_BYTES,
  CHUNK_OVERHEAD_BYTES,
  encryptedBytes,
  padmeBytes,
  plaintextBytes,
} from './body-size.ts';
import { type ContentHead, checkHead, decodeHead, encodeHead, HEAD_BYTES_MAX } from './content.ts';

/** Fills its argument with random bytes. */
export type Random = (out: Uint8Array) => void;
/** Takes the next piece. It may be kept: nobody writes to it again. */
export type Sink = (piece: Uint8Array) => void | Promise<void>;

/** A sealed body, waiting for its envelope. Secret: it holds the message key. */
export interface BodyDraft {
  messageId: Uint8Array;
  key: Uint8Array;
  bodyBytes: number;
  bodyHash: Uint8Array;
}

/** The encrypted body, wherever it is kept. It is read twice: to check its hash, and to open it. */
export interface BodySource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A clip: pieces of any sizes, `sizeBytes` together. */
export interface Packets {
  sizeBytes: number;
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export const NO_PACKETS: Packets = { sizeBytes: 0, pieces: [] };

/** Bytes of the two lengths at the start of the plaintext: head, packet stream. */
const LENGTHS_BYTES = 8;
const READ_BYTES = CHUNK_BYTES + CHUNK_OVERHEAD_BYTES;

/** A body in memory as a source. */
export function bodyInMemory(bytes: Uint8Array): BodySource {
  return { sizeBytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/**
 * Seals head and packets into `sink`, piece by piece; what the sink got is the body. `messageId` is 16 random bytes, or the clip's id.
 * Fault `content-form` for a head that no reader would take, or packets of another size than told.
 */
export async function sealBody(
  messageId: Uint8Array,
  head: ContentHead,
  packets: Packets,
  sink: Sink,
  random: Random,
): Promise<BodyDraft> {
  const headBytes = encodeHead(head);
  checkHead(decodeHead(headBytes), messageId, packets.sizeBytes);
  const contentBytes = LENGTHS_BYTES + headBytes.length + packets.sizeBytes;
  const plainBytes = padmeBytes(contentBytes);
  const key = new Uint8Array(32);
  random(key);
  const start = new Uint8Array(BODY_START_BYTES);
  random(start);
  // secretstream's own init_push draws this header itself; init_pull makes the same state from one that is given
  // (crypto_secretstream in libsodium: both derive from key and header alone). So randomness stays injected.
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(start, bodyKey(key, messageId));
  const hash = sodium.crypto_generichash_init(null, 32);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  let sealed = 0;
  let given = 0;

  async function emit(piece: Uint8Array): Promise<void> {
    sodium.crypto_generichash_update(hash, piece);
    await sink(piece);
  }
  async function flush(): Promise<void> {
    sealed += filled;
    const isLast = sealed === plainBytes;
    const tag = isLast
      ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
      : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    const plain = chunk.subarray(0, filled);
    filled = 0;
    await emit(sodium.crypto_secretstream_xchacha20poly1305_push(state, plain, messageId, tag));
  }
  /** Waits only when a chunk is full: pieces are small, and a turn of the event loop for each costs more than sealing it. */
  function take(bytes: Uint8Array): Promise<void> | undefined {
    const count = Math.min(bytes.length, CHUNK_BYTES - filled);
    chunk.set(bytes.subarray(0, count), filled);
    filled += count;
    return filled === CHUNK_BYTES ? flushAndTake(bytes.subarray(count)) : undefined;
  }
  async function flushAndTake(rest: Uint8Array): Promise<void> {
    await flush();
    await take(rest);
  }
  function takePacket(piece: Uint8Array): Promise<void> | undefined {
    given += piece.length;
    if (given > packets.sizeBytes) throw fault('content-form');
    return take(piece);
  }

  await emit(start);
  await take(lengths(headBytes.length, packets.sizeBytes));
  await take(headBytes);
  if (Symbol.iterator in packets.pieces) {
    for (const piece of packets.pieces) {
      const full = takePacket(piece);
      if (full !== undefined) await full;
    }
  } else {
    for await (const piece of packets.pieces) await takePacket(piece);
  }
  if (given !== packets.sizeBytes) throw fault('content-form');
  await take(new Uint8Array(plainBytes - contentBytes));
  if (filled > 0) await flush();
  chunk.fill(0);
  const bodyHash = sodium.crypto_generichash_final(hash, 32);
  return { messageId, key, bodyBytes: encryptedBytes(plainBytes), bodyHash };
}

/** BLAKE2b-32 of a whole body, read chunk by chunk. */
export async function hashBody(source: BodySource): Promise<Uint8Array> {
  const hash = sodium.crypto_generichash_init(null, 32);
  for (let offset = 0; offset < source.sizeBytes; offset += READ_BYTES) {
    const piece = await source.read(offset, Math.min(READ_BYTES, source.sizeBytes - offset));
    sodium.crypto_generichash_update(hash, piece);
  }
  return sodium.crypto_generichash_final(hash, 32);
}

/**
 * Opens a body whose hash has been checked, giving the packet stream to `sink` as it comes; the head is the answer. `accept` sees the
 * head before the first packet and may throw. When this throws, what the sink got is to be thrown away.
 * Faults: `envelope-body`, `content-form`.
 */
export async function openBody(
  messageId: Uint8Array,
  key: Uint8Array,
  source: BodySource,
  sink: Sink,
  accept: (head: ContentHead) => void,
): Promise<ContentHead> {
  const plainBytes = plaintextBytes(source.sizeBytes);
  const start = await source.read(0, BODY_START_BYTES);
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(start, bodyKey(key, messageId));
  const reader = readContent(messageId, plainBytes, sink, accept);
  for (let offset = BODY_START_BYTES; offset < source.sizeBytes; offset += READ_BYTES) {
    const sealed = await source.read(offset, Math.min(READ_BYTES, source.sizeBytes - offset));
    const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, messageId);
    if (opened === false) throw fault('envelope-body');
    const isLast = offset + READ_BYTES >= source.sizeBytes;
    const isFinal = opened.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (isFinal !== isLast) throw fault('envelope-body');
    await reader.take(opened.message);
  }
  return reader.finish();
}

/** Cuts the plaintext into head, packets and padding. The head always fits into the first chunk. */
function readContent(
  messageId: Uint8Array,
  plainBytes: number,
  sink: Sink,
  accept: (head: ContentHead) => void,
) {
  let head: ContentHead | null = null;
  let position = 0;
  let packetsEnd = 0;

  return {
    async take(plain: Uint8Array): Promise<void> {
      let from = 0;
      if (head === null) {
        if (plain.length < LENGTHS_BYTES) throw fault('content-form');
        const headBytes = u32(plain, 0);
        const packetBytes = u32(plain, 4);
        from = LENGTHS_BYTES + headBytes;
        if (headBytes > HEAD_BYTES_MAX || from > plain.length) throw fault('content-form');
        packetsEnd = from + packetBytes;
        if (padmeBytes(packetsEnd) !== plainBytes) throw fault('content-form');
        head = decodeHead(plain.subarray(LENGTHS_BYTES, from));
        checkHead(head, messageId, packetBytes);
        accept(head);
      }
      const packetsHere = Math.max(from, Math.min(plain.length, packetsEnd - position));
      if (packetsHere > from) await sink(plain.subarray(from, packetsHere));
      if (plain.subarray(packetsHere).some((byte) => byte !== 0)) throw fault('content-form');
      position += plain.length;
    },
    finish(): ContentHead {
      if (head === null) throw fault('content-form');
      return head;
    },
  };
}

/** Context `pawpost1/body`. */
function bodyKey(key: Uint8Array, messageId: Uint8Array): Uint8Array {
  return framedKey(key, 'pawpost1/body', messageId);
}

function lengths(headBytes: number, packetBytes: number): Uint8Array {
  const bytes = new Uint8Array(LENGTHS_BYTES);
  putU32(bytes, 0, headBytes);
  putU32(bytes, 4, packetBytes);
  return bytes;
}
