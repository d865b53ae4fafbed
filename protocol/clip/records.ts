// The records that move a clip (protocol/README.md section 7). A record has exactly the length of its table.
import { checkRecord, OP_ACK, OP_DATA, OP_END, OP_OFFER, OP_PULL } from '../ble/records.ts';
import { putU16, putU32, u16, u32 } from '../bytes.ts';
import { fault } from '../fault.ts';

/** Bytes of a chunk from the toy: 992 of packet stream, sealed. */
export const CHUNK_FROM_TOY_BYTES = 1008;
/** Bytes of a chunk to the toy: packet stream, the last chunk filled with zeros. */
export const CHUNK_TO_TOY_BYTES = 992;
/** Meta of an OFFER from the toy: the recording's ephemeral X25519 key. */
export const META_FROM_TOY_BYTES = 32;
/** Meta of an OFFER to the toy: the stamp. */
export const META_TO_TOY_BYTES = 261;
export const CLIP_ID_BYTES = 16;
export const CLIP_HASH_BYTES = 32;

/** OFFER without its meta. */
export const OFFER_HEAD_BYTES = 32;
export const PULL_BYTES = 6;
/** DATA without its chunk. */
export const DATA_HEAD_BYTES = 4;
export const END_BYTES = 46;
export const ACK_BYTES = 19;

/** Bit 0 of PULL's flags. */
export const PULL_REWIND = 1;
/** OFFER's age when it is not known. */
export const AGE_UNKNOWN = 0xffffffff;
/** ACK codes. */
export const ACK_STORED = 0;
export const ACK_ALREADY_HAD = 1;
export const ACK_REFUSED = 2;

export interface Offer {
  handle: number;
  /** 16 random bytes. */
  id: Uint8Array;
  /** The next three are 0 while the clip is still being recorded. */
  chunks: number;
  /** Bytes of packet stream. */
  bytes: number;
  durationMs: number;
  /** Seconds since the recording began, or AGE_UNKNOWN. */
  ageS: number;
  /** META_FROM_TOY_BYTES or META_TO_TOY_BYTES long. */
  meta: Uint8Array;
}

export interface Pull {
  handle: number;
  /** The receiver has every chunk below this one. */
  chunk: number;
  /** Chunks that may be sent from there on. */
  credits: number;
  isRewind: boolean;
}

/** What is known once a clip is whole. */
export interface ClipEnd {
  /** Bytes of packet stream, without filling. */
  bytes: number;
  packets: number;
  durationMs: number;
  /** BLAKE2b-32: over all chunks as sent from the toy, over the packet stream to the toy. */
  hash: Uint8Array;
}

export interface End extends ClipEnd {
  handle: number;
  chunks: number;
}

export interface Ack {
  handle: number;
  id: Uint8Array;
  /** ACK_STORED, ACK_ALREADY_HAD or ACK_REFUSED. */
  code: number;
}

/** Writes OFFER; returns its length. */
export function encodeOffer(offer: Offer, out: Uint8Array, offset: number): number {
  out[offset] = OP_OFFER;
  out[offset + 1] = offer.handle;
  out.set(offer.id, offset + 2);
  putU16(out, offset + 18, offer.chunks);
  putU32(out, offset + 20, offer.bytes);
  putU32(out, offset + 24, offer.durationMs);
  putU32(out, offset + 28, offer.ageS);
  out.set(offer.meta, offset + OFFER_HEAD_BYTES);
  return OFFER_HEAD_BYTES + offer.meta.length;
}

/** Reads OFFER; `id` and `meta` are views. Faults: record-short, record-long, record-op; so do all decoders here. */
export function decodeOffer(record: Uint8Array, metaBytes: number): Offer {
  checkRecord(record, OP_OFFER, OFFER_HEAD_BYTES + metaBytes);
  return {
    handle: record[1]!,
    id: record.subarray(2, 18),
    chunks: u16(record, 18),
    bytes: u32(record, 20),
    durationMs: u32(record, 24),
    ageS: u32(record, 28),
    meta: record.subarray(OFFER_HEAD_BYTES),
  };
}

/** Writes PULL; returns its length. */
export function encodePull(pull: Pull, out: Uint8Array, offset: number): number {
  out[offset] = OP_PULL;
  out[offset + 1] = pull.handle;
  putU16(out, offset + 2, pull.chunk);
  out[offset + 4] = pull.credits;
  out[offset + 5] = pull.isRewind ? PULL_REWIND : 0;
  return PULL_BYTES;
}

/** Also faults record-field for unknown flags. */
export function decodePull(record: Uint8Array): Pull {
  checkRecord(record, OP_PULL, PULL_BYTES);
  const flags = record[5]!;
  if (flags > PULL_REWIND) throw fault('record-field');
  return {
    handle: record[1]!,
    chunk: u16(record, 2),
    credits: record[4]!,
    isRewind: flags === PULL_REWIND,
  };
}

/** Writes DATA up to its chunk, which the caller puts at `offset + DATA_HEAD_BYTES`; returns DATA_HEAD_BYTES. */
export function encodeDataHead(handle: number, chunk: number, out: Uint8Array, offset: number): number {
  out[offset] = OP_DATA;
  out[offset + 1] = handle;
  putU16(out, offset + 2, chunk);
  return DATA_HEAD_BYTES;
}

/** Faults unless `record` is a DATA with a chunk of `chunkBytes`. Then: handle at 1, chunk u16 at 2, bytes from DATA_HEAD_BYTES. */
export function checkData(record: Uint8Array, chunkBytes: number): void {
  checkRecord(record, OP_DATA, DATA_HEAD_BYTES + chunkBytes);
}

/** Writes END; returns its length. */
export function encodeEnd(
  handle: number,
  chunks: number,
  end: ClipEnd,
  out: Uint8Array,
  offset: number,
): number {
  out[offset] = OP_END;
  out[offset + 1] = handle;
  putU16(out, offset + 2, chunks);
  putU32(out, offset + 4, end.bytes);
  putU16(out, offset + 8, end.packets);
  putU32(out, offset + 10, end.durationMs);
  out.set(end.hash, offset + 14);
  return END_BYTES;
}

/** Reads END; `hash` is a view. */
export function decodeEnd(record: Uint8Array): End {
  checkRecord(record, OP_END, END_BYTES);
  return {
    handle: record[1]!,
    chunks: u16(record, 2),
    bytes: u32(record, 4),
    packets: u16(record, 8),
    durationMs: u32(record, 10),
    hash: record.subarray(14),
  };
}

/** Writes ACK; returns its length. */
export function encodeAck(ack: Ack, out: Uint8Array, offset: number): number {
  out[offset] = OP_ACK;
  out[offset + 1] = ack.handle;
  out.set(ack.id, offset + 2);
  out[offset + 18] = ack.code;
  return ACK_BYTES;
}

/** Reads ACK; `id` is a view. Also faults record-field for an unknown code. */
export function decodeAck(record: Uint8Array): Ack {
  checkRecord(record, OP_ACK, ACK_BYTES);
  const code = record[18]!;
  if (code > ACK_REFUSED) throw fault('record-field');
  return { handle: record[1]!, id: record.subarray(2, 18), code: code };
}
