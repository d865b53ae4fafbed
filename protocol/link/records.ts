// Records of an open link: numbered, sealed whole in the caller's buffer, never taken twice. No allocation per record.
import { NOTHING, putU32, u32 } from '../bytes.ts';
import { fault } from '../fault.ts';
import type { Primitives, Slot } from './primitives.ts';
import {
  SLOT_CHAIN,
  SLOT_EPHEMERAL,
  SLOT_HANDSHAKE,
  SLOT_RECEIVING,
  SLOT_SENDING,
  TAG_BYTES,
} from './primitives.ts';

/** Most bytes of plaintext in a record. */
export const RECORD_PLAIN_BYTES = 1024;
/** Bytes before the plaintext: the record's number. */
export const RECORD_NUMBER_BYTES = 4;
/** Bytes a record has over its plaintext. */
export const RECORD_EXTRA_BYTES = 20;
/** A side whose next record would have this number ends the link. */
export const RECORD_END = 0xffff0000;

/** An open link. Its keys are in SLOT_SENDING and SLOT_RECEIVING. */
export interface Link {
  primitives: Primitives;
  isOpen: boolean;
  /** Number of the next record to send, which is how many have been sent. */
  sending: number;
  /** Lowest number still taken: one above the last genuine record's. */
  receiving: number;
  /** How often SLOT_RECEIVING has been through REKEY. */
  receivingEpoch: number;
}

/**
 * Opens the link of a completed handshake (Noise Split) and forgets the handshake. Faults: link-closed if there is none.
 */
export function openLink(primitives: Primitives, isInitiator: boolean): Link {
  // A handshake under way still has its ephemeral; a failed one has lost its chain.
  if (!primitives.has(SLOT_CHAIN) || primitives.has(SLOT_EPHEMERAL) || primitives.has(SLOT_HANDSHAKE))
    throw fault('link-closed');
  if (isInitiator) primitives.split(SLOT_CHAIN, SLOT_SENDING, SLOT_RECEIVING);
  else primitives.split(SLOT_CHAIN, SLOT_RECEIVING, SLOT_SENDING);
  primitives.clear(SLOT_CHAIN);
  return { primitives: primitives, isOpen: true, sending: 0, receiving: 0, receivingEpoch: 0 };
}

/** Ends the link and forgets its keys. Closing twice is harmless. */
export function closeLink(link: Link): void {
  link.isOpen = false;
  link.primitives.clear(SLOT_SENDING);
  link.primitives.clear(SLOT_RECEIVING);
}

/** Takes the next number, writes it before the plaintext and brings the key to its epoch. */
function nextNumber(link: Link, buffer: Uint8Array, offset: number, length: number): number {
  if (!link.isOpen) throw fault('link-closed');
  if (length > RECORD_PLAIN_BYTES) throw fault('record-long');
  const number = link.sending;
  if (number >= RECORD_END) {
    closeLink(link);
    throw fault('link-exhausted');
  }
  if (number > 0 && (number & 0xffff) === 0) link.primitives.rekey(SLOT_SENDING);
  link.sending = number + 1;
  putU32(buffer, offset - RECORD_NUMBER_BYTES, number);
  return number;
}

/**
 * Seals buffer[offset, offset+length) as the next record: its number goes to the 4 bytes before `offset`, its tag to the 16 bytes
 * after. Returns the record's bytes, length + 20, which start at offset - 4. Faults: link-closed, record-long, link-exhausted.
 */
export function sealRecord(link: Link, buffer: Uint8Array, offset: number, length: number): number {
  const number = nextNumber(link, buffer, offset, length);
  link.primitives.seal(SLOT_SENDING, number, NOTHING, buffer, offset, length);
  return length + RECORD_EXTRA_BYTES;
}

/** As `sealRecord`, with the last 32 bytes of the plaintext taken from slot `secret`. Faults also: record-short below 32 bytes. */
export function sealSecretRecord(
  link: Link,
  buffer: Uint8Array,
  offset: number,
  length: number,
  secret: Slot,
): number {
  if (length < 32) throw fault('record-short');
  const number = nextNumber(link, buffer, offset, length);
  link.primitives.sealSecret(SLOT_SENDING, number, NOTHING, buffer, offset, length, secret);
  return length + RECORD_EXTRA_BYTES;
}

/**
 * Opens the record buffer[offset, offset+length), number first, in place. Returns the plaintext's bytes, which start at offset + 4;
 * -1 for anything not genuine, not newer than the last, or more than one REKEY ahead: the answer to that is silence. Never faults.
 */
export function openRecord(link: Link, buffer: Uint8Array, offset: number, length: number): number {
  const plain = length - RECORD_EXTRA_BYTES;
  if (!link.isOpen || plain < 0 || plain > RECORD_PLAIN_BYTES) return -1;
  const number = u32(buffer, offset);
  if (number < link.receiving || number >= RECORD_END) return -1;
  const primitives = link.primitives;
  const steps = (number >>> 16) - link.receivingEpoch;
  if (steps > 1) return -1;
  let key = SLOT_RECEIVING;
  if (steps === 1) {
    // On a copy, in a slot that an open link has no other use for: a forged number must not move the real key, nor anything else.
    primitives.copy(SLOT_RECEIVING, SLOT_HANDSHAKE);
    primitives.rekey(SLOT_HANDSHAKE);
    key = SLOT_HANDSHAKE;
  }
  const sealed = length - RECORD_NUMBER_BYTES;
  const isGenuine = primitives.open(key, number, NOTHING, buffer, offset + RECORD_NUMBER_BYTES, sealed);
  if (steps === 1) {
    if (isGenuine) {
      primitives.copy(SLOT_HANDSHAKE, SLOT_RECEIVING);
      link.receivingEpoch++;
    }
    primitives.clear(SLOT_HANDSHAKE);
  }
  if (!isGenuine) return -1;
  link.receiving = number + 1;
  return sealed - TAG_BYTES;
}
