// Sealing: from a sealed body to the front that stands before it. The body comes first, because the header names its hash.
import { fault } from '../fault.ts';
import { signDigest } from '../sodium/sign.ts';
import type { BodyDraft, Random } from './body.ts';
import {
  compareIds,
  type EnvelopeHeader,
  encodeHeader,
  encodeUploaded,
  envelopeDigest,
  hashWrap,
  WRAPS_MAX,
  type Wrap,
} from './header.ts';
import { decodeBundle, prekeyAt } from './prekeys.ts';
import { commitTo, sealWrap } from './wrap.ts';

/** The device that seals. `secret` is its Ed25519 secret (64 bytes), `head` the newest roster entry it knows. */
export interface Sender {
  familyId: Uint8Array;
  deviceId: Uint8Array;
  secret: Uint8Array;
  headNumber: number;
  head: Uint8Array;
}

export interface Recipient {
  deviceId: Uint8Array;
  /** Ed25519, from the roster. */
  signKey: Uint8Array;
  /** As the relay has it; null if it has none. */
  bundle: Uint8Array | null;
  /** Next sequence from this sender to this device: from 1, durable before the envelope leaves. */
  sequence: number;
}

/** A recipient that got no wrap, and the code of the fault: `prekeys-form`, `prekeys-signature` or `prekeys-expired`. */
export interface Skipped {
  deviceId: Uint8Array;
  code: string;
}

export interface SealedFront {
  /** With its length; the envelope to upload is this and then the body. */
  front: Uint8Array;
  header: EnvelopeHeader;
  skipped: Skipped[];
}

/**
 * Wraps the body's key for each recipient with a fresh prekey and signs. A recipient without one is skipped and reported; an adult's
 * device sends it the message again when it has (protocol/README.md section 12).
 * Faults: `envelope-recipient` for no or too many recipients or a device named twice; `prekeys-expired` if all were skipped.
 */
export function sealEnvelope(
  draft: BodyDraft,
  sender: Sender,
  recipients: readonly Recipient[],
  nowS: number,
  random: Random,
): SealedFront {
  const ordered = [...recipients].sort((a, b) => compareIds(a.deviceId, b.deviceId));
  if (ordered.length === 0 || ordered.length > WRAPS_MAX || hasTwins(ordered))
    throw fault('envelope-recipient');
  const header: EnvelopeHeader = {
    messageId: draft.messageId,
    familyId: sender.familyId,
    senderId: sender.deviceId,
    headNumber: sender.headNumber,
    head: sender.head,
    bodyBytes: draft.bodyBytes,
    bodyHash: draft.bodyHash,
    commitment: commitTo(draft.key, draft.messageId),
  };
  const headerBytes = encodeHeader(header);
  const wraps: Wrap[] = [];
  const skipped: Skipped[] = [];
  for (const recipient of ordered) {
    const content = { key: draft.key, sequence: recipient.sequence };
    try {
      const prekey = freshPrekey(recipient, nowS);
      wraps.push(sealWrap(content, prekey, recipient.deviceId, { header, headerBytes }, random));
    } catch (error) {
      skipped.push({ deviceId: recipient.deviceId, code: codeOf(error) });
    }
  }
  if (wraps.length === 0) throw fault('prekeys-expired');
  const signature = signDigest(envelopeDigest(headerBytes, wraps.map(hashWrap)), sender.secret);
  return { front: encodeUploaded(headerBytes, signature, wraps), header, skipped };
}

function freshPrekey(recipient: Recipient, nowS: number) {
  if (recipient.bundle === null) throw fault('prekeys-expired');
  return prekeyAt(
    decodeBundle(recipient.bundle, { id: recipient.deviceId, signKey: recipient.signKey }),
    nowS,
  );
}

/** Only a fault about prekeys may pass over a recipient; anything else is ours and must not be hidden. */
function codeOf(error: unknown): string {
  if (error instanceof Error && error.message.startsWith('prekeys-')) return error.message;
  throw error;
}

function hasTwins(ordered: readonly Recipient[]): boolean {
  return ordered.some(
    (recipient, i) => i > 0 && compareIds(ordered[i - 1]!.deviceId, recipient.deviceId) === 0,
  );
}
