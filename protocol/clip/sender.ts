// The sending half of a clip transfer, on the toy and on the bridge alike (protocol/README.md section 7).
import { same } from '../bytes.ts';
import {
  AGE_UNKNOWN,
  type ClipEnd,
  DATA_HEAD_BYTES,
  decodeAck,
  decodePull,
  encodeDataHead,
  encodeEnd,
  encodeOffer,
} from './records.ts';

/** An OFFER is due when nothing was sent and nothing heard for this long. */
export const OFFER_REPEAT_MS = 2000;

export interface SenderHost {
  /** Puts chunk `index` (the sender's `chunkBytes`) at `out[offset]`. Only indexes below the clip's `chunks` are asked for. */
  readChunk: (index: number, out: Uint8Array, offset: number) => void;
  /** The other side answered for good: ACK_STORED, ACK_ALREADY_HAD or ACK_REFUSED. The clip may be forgotten. */
  acknowledged: (code: number) => void;
}

export interface OutgoingClip {
  id: Uint8Array;
  meta: Uint8Array;
  /** Chunks that can be read so far; grows while recording. */
  chunks: number;
  /** Null while the clip is being recorded. */
  end: ClipEnd | null;
  /** When the recording began, on the clock of `nowMs`; -1 if that is not known. */
  beganMs: number;
}

export interface Sender {
  host: SenderHost;
  chunkBytes: number;
  clip: OutgoingClip | null;
  handle: number;
  /** Next chunk to send, and the first one for which there is no credit. */
  next: number;
  until: number;
  isEndDue: boolean;
  offerAtMs: number;
}

/** A sender without a clip. `chunkBytes`: CHUNK_FROM_TOY_BYTES or CHUNK_TO_TOY_BYTES. */
export function createSender(host: SenderHost, chunkBytes: number): Sender {
  return {
    host: host,
    chunkBytes: chunkBytes,
    clip: null,
    handle: 0,
    next: 0,
    until: 0,
    isEndDue: false,
    offerAtMs: 0,
  };
}

/** Begins again on a new connection: offers the clip, if there is one, at once and under a new handle. */
export function resumeSender(sender: Sender, nowMs: number): void {
  sender.handle = (sender.handle + 1) & 255;
  sender.next = 0;
  sender.until = 0;
  sender.isEndDue = false;
  sender.offerAtMs = nowMs;
}

/** Offers `clip`, which the sender keeps and `growClip` and `endClip` change. One at a time: call only while `sender.clip` is null. */
export function startClip(sender: Sender, clip: OutgoingClip, nowMs: number): void {
  sender.clip = clip;
  resumeSender(sender, nowMs);
}

/** Stops offering and forgets the clip without an answer: it was deleted here. */
export function dropClip(sender: Sender): void {
  sender.clip = null;
}

/** The clip being recorded has `chunks` chunks now. */
export function growClip(sender: Sender, chunks: number): void {
  if (sender.clip) sender.clip.chunks = chunks;
}

/** The recording is whole. */
export function endClip(sender: Sender, end: ClipEnd): void {
  const clip = sender.clip;
  if (!clip) return;
  clip.end = end;
  // Before the first PULL nobody asked: the OFFER, now with its numbers, comes first.
  if (sender.until > 0 && sender.next === clip.chunks) sender.isEndDue = true;
}

/** Takes a PULL record. One for another handle, or for a chunk that does not exist, is ignored. Faults: as `decodePull`. */
export function takePull(sender: Sender, record: Uint8Array, nowMs: number): void {
  const pull = decodePull(record);
  const clip = sender.clip;
  if (!clip || pull.handle !== sender.handle || pull.chunk > clip.chunks) return;
  const chunk = pull.chunk;
  const until = chunk + pull.credits;
  sender.offerAtMs = nowMs + OFFER_REPEAT_MS;
  if (pull.isRewind) {
    sender.next = chunk;
    sender.until = until;
    sender.isEndDue = false;
  } else {
    sender.next = Math.max(sender.next, chunk);
    sender.until = Math.max(sender.until, until);
  }
  if (clip.end && chunk === clip.chunks) sender.isEndDue = true;
}

/** Takes an ACK record: ends the transfer if it names the clip. Faults: as `decodeAck`. */
export function takeAck(sender: Sender, record: Uint8Array): void {
  const ack = decodeAck(record);
  if (!sender.clip || !same(ack.id, sender.clip.id)) return;
  sender.clip = null;
  sender.host.acknowledged(ack.code);
}

function isDataDue(sender: Sender, clip: OutgoingClip): boolean {
  return sender.next < sender.until && sender.next < clip.chunks;
}

/** True if `writeFromSender` would write a record: what `startFrame` wants to know. */
export function senderHasRecord(sender: Sender, nowMs: number): boolean {
  const clip = sender.clip;
  return clip !== null && (sender.isEndDue || isDataDue(sender, clip) || nowMs >= sender.offerAtMs);
}

function writeOffer(sender: Sender, clip: OutgoingClip, nowMs: number, out: Uint8Array, at: number): number {
  const end = clip.end;
  return encodeOffer(
    {
      handle: sender.handle,
      id: clip.id,
      chunks: end ? clip.chunks : 0,
      bytes: end ? end.bytes : 0,
      durationMs: end ? end.durationMs : 0,
      ageS: clip.beganMs < 0 ? AGE_UNKNOWN : Math.floor((nowMs - clip.beganMs) / 1000),
      meta: clip.meta,
    },
    out,
    at,
  );
}

/** Writes the record that is due (OFFER, DATA or END) at `out[offset]` and returns its length; 0 when none is. Call until 0, on every event and tick. */
export function writeFromSender(sender: Sender, nowMs: number, out: Uint8Array, offset: number): number {
  const clip = sender.clip;
  if (!clip) return 0;
  if (isDataDue(sender, clip)) {
    encodeDataHead(sender.handle, sender.next, out, offset);
    sender.host.readChunk(sender.next, out, offset + DATA_HEAD_BYTES);
    sender.next++;
    if (clip.end && sender.next === clip.chunks) sender.isEndDue = true;
    sender.offerAtMs = nowMs + OFFER_REPEAT_MS;
    return DATA_HEAD_BYTES + sender.chunkBytes;
  }
  if (sender.isEndDue && clip.end) {
    sender.isEndDue = false;
    sender.offerAtMs = nowMs + OFFER_REPEAT_MS;
    return encodeEnd(sender.handle, clip.chunks, clip.end, out, offset);
  }
  if (nowMs < sender.offerAtMs) return 0;
  sender.offerAtMs = nowMs + OFFER_REPEAT_MS;
  return writeOffer(sender, clip, nowMs, out, offset);
}
