// What is inside an envelope's body: a head that says what it is, and then the packet stream as it is on the link. Heads only
// grow at the end; a reader takes what it knows.
import { MAX_STREAM_BYTES } from '../audio/stream.ts';
import { putU32, same, u32 } from '../bytes.ts';
import { asArray, asBlob, asBytes, asInteger, type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import {
  POLICY_BYTES,
  STAMP_ADULT_AT,
  STAMP_BYTES,
  STAMP_MESSAGE_ID_AT,
  STAMP_TOY_ID_AT,
} from '../policy/layout.ts';
import { ID_BYTES } from '../relay/limits.ts';

export const CONTENT_VERSION = 1;

/** A clip that the toy recorded. */
export const VOICE_FROM_TOY = 1;
/** A clip for the toy; extra is its stamp. */
export const VOICE_TO_TOY = 2;
/** A policy for the toy; extra is the policy, no packets. */
export const POLICY = 3;
/** A toy's secrets for one device; extra is a grant. */
export const GRANT = 4;
/** What became of a message; extra is a receipt. */
export const RECEIPT = 5;
/** An adult's word on a message that needs one; extra is an approval. */
export const APPROVAL = 6;
/** A name and a picture; extra is a profile (protocol/family/profile.ts). About no toy: its toy id is zeros. */
export const PROFILE = 7;
/** That a toy may listen, or may not; extra is a consent (protocol/family/consent.ts). */
export const CONSENT = 8;
/** A step of pairing through a bridge; extra is an errand (protocol/envelope/errand.ts). About no toy of the family: its toy id is zeros. */
export const ERRAND = 9;
/** Which head an adult's device sees; extra is a beacon (protocol/family/beacon.ts). About no toy. */
export const BEACON = 10;
const KINDS = [
  VOICE_FROM_TOY,
  VOICE_TO_TOY,
  POLICY,
  GRANT,
  RECEIPT,
  APPROVAL,
  PROFILE,
  CONSENT,
  ERRAND,
  BEACON,
] as const;
export type Kind = (typeof KINDS)[number];

/** The toy id of a message about no toy. */
export const NO_TOY = new Uint8Array(ID_BYTES);

/** No packets. */
export const CODEC_NONE = 0;
/** Opus, SILK, 16 kHz mono, 60 ms packets, each after its length (protocol/README.md section 10). */
export const CODEC_OPUS = 1;

/** Whole encoded head, bytes. */
export const HEAD_BYTES_MAX = 4096;

const DURATION_MS_MAX = 3_600_000;
const U32_MAX = 0xffffffff;

export interface ContentHead {
  kind: Kind;
  /** The toy that this is from, for or about. */
  toyId: Uint8Array;
  /** Unix seconds, by the sender's clock. */
  sentAt: number;
  durationMs: number;
  /** How many packets follow. */
  packets: number;
  codec: number;
  /** By kind: stamp, policy, grant, receipt, approval, profile, consent or beacon; empty for a voice from a toy. */
  extra: Uint8Array;
}

export function encodeHead(head: ContentHead): Uint8Array {
  return encodeCbor([
    CONTENT_VERSION,
    head.kind,
    head.toyId,
    head.sentAt,
    head.durationMs,
    head.packets,
    head.codec,
    head.extra,
  ]);
}

/** Fault `content-form`. More fields than are known here are left unread. */
export function decodeHead(bytes: Uint8Array): ContentHead {
  if (bytes.length > HEAD_BYTES_MAX) throw fault('content-form');
  const fields = asArray(decodeCbor(bytes, 'content-form'), 8, 'content-form');
  if (fields[0] !== CONTENT_VERSION) throw fault('content-form');
  const head: ContentHead = {
    kind: asKind(fields[1]),
    toyId: asBytes(fields[2], ID_BYTES, 'content-form'),
    sentAt: asInteger(fields[3], 0, U32_MAX, 'content-form'),
    durationMs: asInteger(fields[4], 0, DURATION_MS_MAX, 'content-form'),
    packets: asInteger(fields[5], 0, 0xffff, 'content-form'),
    codec: asInteger(fields[6], 0, 255, 'content-form'),
    extra: asBlob(fields[7], HEAD_BYTES_MAX, 'content-form'),
  };
  if (!hasExtraOfItsKind(head)) throw fault('content-form');
  return head;
}

/**
 * Checks what head and envelope must agree on: only voices have packets, and a stamp is for this toy and this message.
 * `packetBytes` is the size of the packet stream. The stamp's signatures are the bridge's and the toy's to check.
 * Fault `content-form`.
 */
export function checkHead(head: ContentHead, messageId: Uint8Array, packetBytes: number): void {
  const isVoice = head.kind === VOICE_FROM_TOY || head.kind === VOICE_TO_TOY;
  if (packetBytes > MAX_STREAM_BYTES) throw fault('content-form');
  if (isVoice ? head.codec === CODEC_NONE : packetBytes !== 0 || head.packets !== 0)
    throw fault('content-form');
  if (head.kind !== VOICE_TO_TOY) return;
  const stampedToy = head.extra.subarray(STAMP_TOY_ID_AT, STAMP_TOY_ID_AT + ID_BYTES);
  const stampedMessage = head.extra.subarray(STAMP_MESSAGE_ID_AT, STAMP_MESSAGE_ID_AT + ID_BYTES);
  if (!same(stampedToy, head.toyId) || !same(stampedMessage, messageId)) throw fault('content-form');
}

/** A toy's secrets for one device. Only adults' devices get its root. */
export interface Grant {
  /** The device it is for. */
  deviceId: Uint8Array;
  /** Of the toy's root: a new one is made when an adult leaves. */
  generation: number;
  /** The link's secret between the toy and this device; null for a device that hosts no bridge. */
  linkPsk: Uint8Array | null;
  /** Recognises the toy's advertisements. */
  nearKey: Uint8Array;
  /** X25519 secret of the policy's clip key. */
  clipSecret: Uint8Array;
  toyRoot: Uint8Array | null;
}

export function encodeGrant(grant: Grant): Uint8Array {
  return encodeCbor([
    CONTENT_VERSION,
    grant.deviceId,
    grant.generation,
    grant.linkPsk,
    grant.nearKey,
    grant.clipSecret,
    grant.toyRoot,
  ]);
}

/** Fault `content-form`. */
export function decodeGrant(bytes: Uint8Array): Grant {
  const fields = asArray(decodeCbor(bytes, 'content-form'), 7, 'content-form');
  if (fields[0] !== CONTENT_VERSION) throw fault('content-form');
  return {
    deviceId: asBytes(fields[1], ID_BYTES, 'content-form'),
    generation: asInteger(fields[2], 0, U32_MAX, 'content-form'),
    linkPsk: fields[3] === null ? null : asBytes(fields[3], 32, 'content-form'),
    nearKey: asBytes(fields[4], 32, 'content-form'),
    clipSecret: asBytes(fields[5], 32, 'content-form'),
    toyRoot: fields[6] === null ? null : asBytes(fields[6], 32, 'content-form'),
  };
}

export const DELIVERED_TO_TOY = 1;
export const HEARD = 2;
/** The toy would not take it. */
export const REFUSED_BY_TOY = 3;
/** It waits for an adult's approval: told to a sender who cannot know the toy's policy. */
export const AWAITS_APPROVAL = 4;
const RECEIPT_BYTES = 21;

export interface Receipt {
  messageId: Uint8Array;
  state: typeof DELIVERED_TO_TOY | typeof HEARD | typeof REFUSED_BY_TOY | typeof AWAITS_APPROVAL;
  /** Unix seconds, by the bridge's clock. */
  at: number;
}

/** 21 bytes: message id, state, time as u32. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const bytes = new Uint8Array(RECEIPT_BYTES);
  bytes.set(receipt.messageId);
  bytes[ID_BYTES] = receipt.state;
  putU32(bytes, ID_BYTES + 1, receipt.at);
  return bytes;
}

/** Longer ones are read as far as known. Fault `content-form`. */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  if (bytes.length < RECEIPT_BYTES) throw fault('content-form');
  const state = asInteger(bytes[ID_BYTES], DELIVERED_TO_TOY, AWAITS_APPROVAL, 'content-form');
  return {
    messageId: bytes.slice(0, ID_BYTES),
    state: state as Receipt['state'],
    at: u32(bytes, ID_BYTES + 1),
  };
}

/** The end of a stamp: the adult's Ed25519 key, then the signature. */
export const COUNTERSIGNATURE_BYTES: number = STAMP_BYTES - STAMP_ADULT_AT;

export interface Approval {
  messageId: Uint8Array;
  /** 96 bytes as they stand at the end of the stamp; null where the adult said no. */
  countersignature: Uint8Array | null;
}

export function encodeApproval({ messageId, countersignature }: Approval): Uint8Array {
  return encodeCbor([CONTENT_VERSION, messageId, countersignature !== null, countersignature]);
}

/** Fault `content-form`. The countersignature is the bridge's and the toy's to check. */
export function decodeApproval(bytes: Uint8Array): Approval {
  const fields = asArray(decodeCbor(bytes, 'content-form'), 4, 'content-form');
  const isApproved = fields[2];
  if (fields[0] !== CONTENT_VERSION || isApproved !== (fields[3] !== null)) throw fault('content-form');
  return {
    messageId: asBytes(fields[1], ID_BYTES, 'content-form'),
    countersignature: isApproved ? asBytes(fields[3], COUNTERSIGNATURE_BYTES, 'content-form') : null,
  };
}

function asKind(value: Cbor | undefined): Kind {
  const kind = KINDS.find((known) => known === value);
  if (kind === undefined) throw fault('content-form');
  return kind;
}

function hasExtraOfItsKind(head: ContentHead): boolean {
  const length = head.extra.length;
  if (head.kind === VOICE_FROM_TOY) return true;
  if (head.kind === VOICE_TO_TOY) return length === STAMP_BYTES;
  if (head.kind === POLICY) return length === POLICY_BYTES;
  return length > 0;
}
