// The public part of an envelope: who sent which bytes to which devices, as anyone who carries it may read it. No keys here,
// and nothing that could open anything: this is the one file of the envelope that the relay imports.
import { putU32, u32 } from '../bytes.ts';
import { asArray, asBlob, asBytes, asInteger, asTuple, type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { ID_BYTES } from '../relay/limits.ts';
import { framedHash } from '../sodium/hash.ts';
import { verifySignature } from '../sodium/sign.ts';
import { plaintextBytes } from './body-size.ts';

export const ENVELOPE_VERSION = 1;
/** Recipients of one envelope. */
export const WRAPS_MAX = 64;
/** Whole encoded front (header, signature, wraps), bytes. */
export const FRONT_BYTES_MAX = 90112;
/** Encrypted body, bytes: 60 s of voice with room to spare. */
export const BODY_BYTES_MAX = 163840;
/** X-Wing ciphertext (draft-connolly-cfrg-xwing-kem), bytes. */
export const WRAP_CIPHERTEXT_BYTES = 1120;
/** Message key and sequence, sealed, bytes. */
export const WRAP_SEALED_BYTES = 52;

const FORM_UPLOADED = 1;
const FORM_DELIVERED = 2;
const U32_MAX = 0xffffffff;

export interface EnvelopeHeader {
  messageId: Uint8Array;
  familyId: Uint8Array;
  /** The device that signed. */
  senderId: Uint8Array;
  /** Number and hash of the newest roster entry that the sender knew. */
  headNumber: number;
  head: Uint8Array;
  /** Size of the encrypted body. */
  bodyBytes: number;
  /** BLAKE2b-32 of the encrypted body, unframed and without a context, so that it can be checked with any tool. */
  bodyHash: Uint8Array;
  /** Commits to the message key. */
  commitment: Uint8Array;
}

/** The message key for one device. `window` names the prekey. */
export interface Wrap {
  deviceId: Uint8Array;
  window: number;
  ciphertext: Uint8Array;
  sealed: Uint8Array;
}

export interface WrapHash {
  deviceId: Uint8Array;
  hash: Uint8Array;
}

/** What every form of an envelope has. `headerBytes` is what was signed. */
export interface SignedHeader {
  header: EnvelopeHeader;
  headerBytes: Uint8Array;
  signature: Uint8Array;
  /** One for each recipient, device ids rising. */
  wrapHashes: readonly WrapHash[];
}

export interface UploadedEnvelope extends SignedHeader {
  wraps: readonly Wrap[];
  body: Uint8Array;
}

/** What one recipient gets, up to the body. */
export interface DeliveredFront extends SignedHeader {
  wrap: Wrap;
}

export interface DeliveredEnvelope extends DeliveredFront {
  body: Uint8Array;
}

export function encodeHeader(header: EnvelopeHeader): Uint8Array {
  return encodeCbor([
    ENVELOPE_VERSION,
    header.messageId,
    header.familyId,
    header.senderId,
    header.headNumber,
    header.head,
    header.bodyBytes,
    header.bodyHash,
    header.commitment,
  ]);
}

/** Faults: `envelope-version`, `envelope-form`. */
export function decodeHeader(bytes: Uint8Array): EnvelopeHeader {
  const fields = asArray(decodeCbor(bytes, 'envelope-form'), 1, 'envelope-form');
  if (fields[0] !== ENVELOPE_VERSION) throw fault('envelope-version');
  asTuple(fields, 9, 'envelope-form');
  const header = {
    messageId: asBytes(fields[1], ID_BYTES, 'envelope-form'),
    familyId: asBytes(fields[2], ID_BYTES, 'envelope-form'),
    senderId: asBytes(fields[3], ID_BYTES, 'envelope-form'),
    headNumber: asInteger(fields[4], 0, U32_MAX, 'envelope-form'),
    head: asBytes(fields[5], 32, 'envelope-form'),
    bodyBytes: asInteger(fields[6], 0, BODY_BYTES_MAX, 'envelope-form'),
    bodyHash: asBytes(fields[7], 32, 'envelope-form'),
    commitment: asBytes(fields[8], 32, 'envelope-form'),
  };
  // Throws for a size that no padded body has.
  plaintextBytes(header.bodyBytes);
  return header;
}

/** What the hash list says of a wrap. Context `pawpost1/wrap-hash`. */
export function hashWrap(wrap: Wrap): WrapHash {
  const window = new Uint8Array(4);
  putU32(window, 0, wrap.window);
  return {
    deviceId: wrap.deviceId,
    hash: framedHash('pawpost1/wrap-hash', wrap.deviceId, window, wrap.ciphertext, wrap.sealed),
  };
}

/** What the sender signs: the header and the hashes of all wraps. Context `pawpost1/envelope`. */
export function envelopeDigest(headerBytes: Uint8Array, wrapHashes: readonly WrapHash[]): Uint8Array {
  return framedHash(
    'pawpost1/envelope',
    headerBytes,
    encodeCbor(wrapHashes.map((entry) => [entry.deviceId, entry.hash])),
  );
}

/** Checks the signature against the sender's Ed25519 key, which the caller took from a roster. Fault `envelope-signature`. */
export function verifyEnvelope(envelope: SignedHeader, senderKey: Uint8Array): void {
  const digest = envelopeDigest(envelope.headerBytes, envelope.wrapHashes);
  if (!verifySignature(envelope.signature, digest, senderKey)) throw fault('envelope-signature');
}

/** The front of an envelope as uploaded, with its length: what stands before the body. Wraps by rising device id. */
export function encodeUploaded(
  headerBytes: Uint8Array,
  signature: Uint8Array,
  wraps: readonly Wrap[],
): Uint8Array {
  return framed([ENVELOPE_VERSION, FORM_UPLOADED, headerBytes, signature, wraps.map(wrapFields)]);
}

/**
 * A whole envelope as uploaded. The body is a view. Checks form, sizes and the order of the wraps; not the signature, nor the
 * body's hash. Faults: `envelope-version`, `envelope-form`.
 */
export function decodeUploaded(bytes: Uint8Array): UploadedEnvelope {
  const { fields, rest } = unframed(bytes, FORM_UPLOADED, 5);
  const wraps = asArray(fields[4], 1, 'envelope-form').map(decodeWrap);
  const signed = decodeSigned(fields, wraps.map(hashWrap));
  if (rest.length !== signed.header.bodyBytes) throw fault('envelope-form');
  return { ...signed, wraps, body: rest };
}

/** The front that `deviceId` gets, with its length; the delivered envelope is this and then the body. Fault `envelope-recipient`. */
export function trimFor(envelope: UploadedEnvelope, deviceId: Uint8Array): Uint8Array {
  const wrap = envelope.wraps.find((candidate) => compareIds(candidate.deviceId, deviceId) === 0);
  if (wrap === undefined) throw fault('envelope-recipient');
  const hashes = envelope.wrapHashes.map((entry) => [entry.deviceId, entry.hash]);
  return framed([
    ENVELOPE_VERSION,
    FORM_DELIVERED,
    envelope.headerBytes,
    envelope.signature,
    hashes,
    wrapFields(wrap),
  ]);
}

/**
 * How many bytes stand before the body of an envelope that begins with `start` (at least 4 bytes), the length itself included.
 * Fault `envelope-form`.
 */
export function frontBytes(start: Uint8Array): number {
  if (start.length < 4 || u32(start, 0) > FRONT_BYTES_MAX) throw fault('envelope-form');
  return 4 + u32(start, 0);
}

/**
 * The front of a delivered envelope, exactly its `frontBytes`. The wrap is the one that the hash list names, or this throws.
 * Faults: `envelope-version`, `envelope-form`, `envelope-recipient`.
 */
export function decodeDeliveredFront(bytes: Uint8Array): DeliveredFront {
  const { fields, rest } = unframed(bytes, FORM_DELIVERED, 6);
  if (rest.length !== 0) throw fault('envelope-form');
  return decodeDeliveredFields(fields);
}

/** A whole delivered envelope; the body is a view. Faults as `decodeDeliveredFront`. */
export function decodeDelivered(bytes: Uint8Array): DeliveredEnvelope {
  const { fields, rest } = unframed(bytes, FORM_DELIVERED, 6);
  const front = decodeDeliveredFields(fields);
  if (rest.length !== front.header.bodyBytes) throw fault('envelope-form');
  return { ...front, body: rest };
}

/** Order of ids as byte strings: negative, 0, positive. */
export function compareIds(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < ID_BYTES; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

function decodeDeliveredFields(fields: readonly Cbor[]): DeliveredFront {
  const wrapHashes = asArray(fields[4], 1, 'envelope-form').map((entry) => {
    const [deviceId, hash] = asTuple(entry, 2, 'envelope-form');
    return {
      deviceId: asBytes(deviceId, ID_BYTES, 'envelope-form'),
      hash: asBytes(hash, 32, 'envelope-form'),
    };
  });
  const wrap = decodeWrap(fields[5]!);
  const own = hashWrap(wrap);
  const listed = wrapHashes.find((entry) => compareIds(entry.deviceId, wrap.deviceId) === 0);
  if (listed === undefined || own.hash.some((byte, i) => byte !== listed.hash[i]))
    throw fault('envelope-recipient');
  return { ...decodeSigned(fields, wrapHashes), wrap };
}

function decodeSigned(fields: readonly Cbor[], wrapHashes: readonly WrapHash[]): SignedHeader {
  if (wrapHashes.length > WRAPS_MAX) throw fault('envelope-form');
  // One order only, which also says that no device is named twice.
  for (let i = 1; i < wrapHashes.length; i++) {
    if (compareIds(wrapHashes[i - 1]!.deviceId, wrapHashes[i]!.deviceId) >= 0) throw fault('envelope-form');
  }
  const headerBytes = asBlob(fields[2], FRONT_BYTES_MAX, 'envelope-form');
  const signature = asBytes(fields[3], 64, 'envelope-form');
  return { header: decodeHeader(headerBytes), headerBytes, signature, wrapHashes };
}

function wrapFields(wrap: Wrap): Cbor[] {
  return [wrap.deviceId, wrap.window, wrap.ciphertext, wrap.sealed];
}

function decodeWrap(value: Cbor): Wrap {
  const [deviceId, window, ciphertext, sealed] = asTuple(value, 4, 'envelope-form');
  return {
    deviceId: asBytes(deviceId, ID_BYTES, 'envelope-form'),
    window: asInteger(window, 0, U32_MAX, 'envelope-form'),
    ciphertext: asBytes(ciphertext, WRAP_CIPHERTEXT_BYTES, 'envelope-form'),
    sealed: asBytes(sealed, WRAP_SEALED_BYTES, 'envelope-form'),
  };
}

function framed(fields: readonly Cbor[]): Uint8Array {
  const front = encodeCbor(fields);
  const bytes = new Uint8Array(4 + front.length);
  putU32(bytes, 0, front.length);
  bytes.set(front, 4);
  return bytes;
}

function unframed(
  bytes: Uint8Array,
  form: number,
  count: number,
): { fields: readonly Cbor[]; rest: Uint8Array } {
  const end = frontBytes(bytes);
  if (bytes.length < end) throw fault('envelope-form');
  const fields = asArray(decodeCbor(bytes.subarray(4, end), 'envelope-form'), 2, 'envelope-form');
  if (fields[0] !== ENVELOPE_VERSION) throw fault('envelope-version');
  if (fields[1] !== form || fields.length !== count) throw fault('envelope-form');
  return { fields, rest: bytes.subarray(end) };
}
