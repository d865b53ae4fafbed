// One page of an Ogg file (RFC 3533 section 6): its head, its segments, its checksum.

import { ascii, putU32, same, u32, view } from '../bytes.ts';
import { fault } from '../fault.ts';

/** A page begins with the rest of a packet of the page before. */
export const CONTINUED = 1;
/** The first page of a stream. */
export const FIRST = 2;
/** The last page of a stream. */
export const LAST = 4;
/** Segments on a page, at most. */
export const SEGMENTS_PER_PAGE = 255;
/** Bytes of a segment that a packet goes on after. */
export const FULL_SEGMENT_BYTES = 255;

const HEAD_BYTES = 27;
const CHECKSUM_OFFSET = 22;
const CAPTURE = ascii('OggS');
const POLYNOMIAL = 0x04c11db7;
const TABLE = makeTable();

/** One page as read. */
export interface Page {
  flags: number;
  /** -1 where no packet ends on the page. */
  granule: number;
  serial: number;
  number: number;
  segments: Uint8Array[];
  next: number;
}

/** Reads the page at `at`. Faults: `audio-ogg` for anything that is not a whole page with its own checksum. */
export function readPage(file: Uint8Array, at: number): Page {
  if (at + HEAD_BYTES > file.length || !same(view(file, at, 4), CAPTURE) || file[at + 4] !== 0)
    throw fault('audio-ogg');
  const count = file[at + 26]!;
  let next = at + HEAD_BYTES + count;
  if (next > file.length) throw fault('audio-ogg');
  const segments: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const length = file[at + HEAD_BYTES + i]!;
    if (next + length > file.length) throw fault('audio-ogg');
    segments.push(view(file, next, length));
    next += length;
  }
  if (checksum(view(file, at, next - at)) !== u32(file, at + 22)) throw fault('audio-ogg');
  const low = u32(file, at + 6);
  const high = u32(file, at + 10);
  const isNone = low === 0xffffffff && high === 0xffffffff;
  if (!isNone && high !== 0) throw fault('audio-ogg'); // over a day of sound
  const granule = isNone ? -1 : low;
  return {
    flags: file[at + 5]!,
    granule,
    serial: u32(file, at + 14),
    number: u32(file, at + 18),
    segments,
    next,
  };
}

/** Writes one page of whole packets, at most 255 segments of them. */
export function writePage(
  flags: number,
  granule: number,
  serial: number,
  number: number,
  packets: Uint8Array[],
): Uint8Array {
  const lacing = packets.flatMap((packet) => [
    ...new Array(Math.floor(packet.length / 255)).fill(255),
    packet.length % 255,
  ]);
  const head = new Uint8Array(HEAD_BYTES + lacing.length);
  head.set(CAPTURE);
  head[5] = flags;
  putU32(head, 6, granule);
  putU32(head, 14, serial);
  putU32(head, 18, number);
  head[26] = lacing.length;
  head.set(lacing, HEAD_BYTES);
  const out = concatenate([head, ...packets]);
  putU32(out, 22, checksum(out));
  return out;
}

// With its own field as zero.
function checksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + 4 ? 0 : page[i]!;
    crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}

function makeTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    table[i] = crc;
  }
  return table;
}

/** These parts as one buffer. */
export function concatenate(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
