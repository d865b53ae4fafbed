// Ogg Opus, what browsers and players read (RFC 3533, RFC 7845): made from a clip's packets where it is heard, and read from the
// app's recorder. Reading takes hostile bytes: it returns packets or throws `audio-ogg`, nothing else.

import { ascii, putU16, putU32, same, u16, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import {
  CONTINUED,
  concatenate,
  FIRST,
  FULL_SEGMENT_BYTES,
  LAST,
  readPage,
  SEGMENTS_PER_PAGE,
  writePage,
} from './ogg-page.ts';
import { parsePacket } from './packet.ts';
import { joinPackets, PRE_SKIP_SAMPLES, splitPackets } from './stream.ts';

/** Packets on one page: 3 s of voice; a page costs 27 bytes and one for each packet. */
const PACKETS_PER_PAGE = 50;
/** Bytes of a file that is read at all: one minute of the wasteful end of Opus. */
const MAX_FILE_BYTES = 1 << 20;
const HEAD = ascii('OpusHead');
const TAGS = ascii('OpusTags');
const VENDOR = ascii('pawpost');

/** What `readOgg` found. */
export interface OggOpus {
  channels: number;
  /** Samples of 48 kHz to drop at the start, as the file claims; see `streamFromOgg`. */
  preSkip: number;
  packets: Uint8Array[];
  /** Samples of 48 kHz to be heard, by the last page's granule position and the claimed pre-skip. */
  samples: number;
}

/**
 * Writes an Ogg Opus file of 16 kHz mono packets with a pre-skip of 312.
 * @param serial u32 of this stream; any value.
 * @param samples what is to be heard, in samples of 48 kHz, so that a player trims the end exactly; all there is if left out.
 * Faults: `audio-packet` for a packet that is none, `audio-long` if `samples` is more than the packets hold.
 */
export function writeOgg(packets: readonly Uint8Array[], serial: number, samples?: number): Uint8Array {
  const lengths = packets.map((packet) => parsePacket(packet).samples);
  const held = lengths.reduce((sum, length) => sum + length, 0);
  const heard = samples ?? Math.max(0, held - PRE_SKIP_SAMPLES);
  const end = heard + PRE_SKIP_SAMPLES;
  if (end > held && heard > 0) throw fault('audio-long');
  const pages = [writePage(FIRST, 0, serial, 0, [opusHead()]), writePage(0, 0, serial, 1, [opusTags()])];
  let granule = 0;
  let at = 0;
  for (;;) {
    const taken = takePackets(packets, at);
    let count = 0;
    // Of what would be trimmed whole, nothing is written: players warn of it.
    while (count < taken && granule < end) granule += lengths[at + count++]!;
    at += count;
    const isLast = granule >= end || at === packets.length;
    // RFC 7845 section 4.4: an end granule short of the packets' samples trims what lies beyond it.
    const position = isLast ? Math.min(granule, end) : granule;
    pages.push(writePage(isLast ? LAST : 0, position, serial, pages.length, packets.slice(at - count, at)));
    if (isLast) break;
  }
  return concatenate(pages);
}

/** `writeOgg` of a packet stream. Faults: also those of `splitPackets`. */
export function oggFromStream(stream: Uint8Array, serial: number, samples?: number): Uint8Array {
  return writeOgg(splitPackets(stream), serial, samples);
}

/**
 * The packet stream of an Ogg Opus file. Its claimed pre-skip is dropped on purpose: opus-recorder writes 3840 where its encoder
 * delays 312, which would cost the first 73 ms of speech; a packet stream always means 312. Not validated: see `validateStream`.
 */
export function streamFromOgg(file: Uint8Array): Uint8Array {
  return joinPackets(readOgg(file).packets);
}

/** Reads one Ogg Opus file with one logical stream, every checksum and page number in order. Faults: `audio-ogg`. */
export function readOgg(file: Uint8Array): OggOpus {
  if (file.length > MAX_FILE_BYTES) throw fault('audio-ogg');
  const whole: Uint8Array[] = [];
  let partial: Uint8Array[] = [];
  let granule = 0;
  let serial = -1;
  let ended = false;
  let at = 0;
  for (let number = 0; at < file.length; number++) {
    const found = readPage(file, at);
    if (number === 0) serial = found.serial;
    const isFirst = (found.flags & FIRST) !== 0;
    const continues = (found.flags & CONTINUED) !== 0;
    if (ended || found.serial !== serial || found.number !== number || isFirst !== (number === 0))
      throw bad();
    if (continues !== partial.length > 0) throw bad();
    for (const segment of found.segments) {
      partial.push(segment);
      if (segment.length === FULL_SEGMENT_BYTES) continue;
      whole.push(partial.length === 1 ? segment : concatenate(partial));
      partial = [];
    }
    if (found.granule >= 0) granule = found.granule;
    ended = (found.flags & LAST) !== 0;
    at = found.next;
  }
  if (!ended || partial.length > 0) throw bad();
  return opusOf(whole, granule);
}

function opusOf(whole: Uint8Array[], granule: number): OggOpus {
  const head = whole[0];
  const tags = whole[1];
  // RFC 7845 section 5.1: version 1, one or two channels, mapping family 0.
  if (head?.length !== 19 || !same(view(head, 0, 8), HEAD) || head[8] !== 1 || head[18] !== 0) throw bad();
  if (head[9] !== 1 && head[9] !== 2) throw bad();
  if (!tags || tags.length < 16 || !same(view(tags, 0, 8), TAGS)) throw bad();
  const preSkip = u16(head, 10);
  const packets = whole.slice(2);
  for (const packet of packets) if (packet.length === 0) throw bad();
  return { channels: head[9]!, preSkip, packets, samples: Math.max(0, granule - preSkip) };
}

// No packet spans two pages: each ends on the page it begins on.
function takePackets(packets: readonly Uint8Array[], at: number): number {
  let taken = 0;
  let segments = 0;
  while (taken < PACKETS_PER_PAGE && at + taken < packets.length) {
    segments += Math.floor(packets[at + taken]!.length / FULL_SEGMENT_BYTES) + 1;
    if (segments > SEGMENTS_PER_PAGE) break;
    taken++;
  }
  return taken;
}

function opusHead(): Uint8Array {
  const head = new Uint8Array(19);
  head.set(HEAD);
  head[8] = 1; // version
  head[9] = 1; // channels
  putU16(head, 10, PRE_SKIP_SAMPLES);
  putU32(head, 12, 16_000); // rate of what was recorded, for information only
  return head;
}

// A vendor and no comments: nothing in a file says who spoke or when.
function opusTags(): Uint8Array {
  const tags = new Uint8Array(16 + VENDOR.length);
  tags.set(TAGS);
  putU32(tags, 8, VENDOR.length);
  tags.set(VENDOR, 12);
  return tags;
}

function bad(): Error {
  return fault('audio-ogg');
}
