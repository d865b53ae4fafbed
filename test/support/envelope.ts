// Sealing and opening in memory, for tests: prekey stores, replay tables, a clip, and an envelope as the relay would hand it out.

import { type BodyDraft, bodyInMemory, NO_PACKETS, type Packets, sealBody } from '#protocol/envelope/body.ts';
import { CODEC_OPUS, type ContentHead, VOICE_FROM_TOY } from '#protocol/envelope/content.ts';
import { decodeDelivered, decodeUploaded, trimFor } from '#protocol/envelope/header.ts';
import { type Opened, openEnvelope, type ReplayTable } from '#protocol/envelope/open.ts';
import { type PrekeyStore, publishPrekeys } from '#protocol/envelope/prekeys.ts';
import { NOTHING_TAKEN, type ReplayState } from '#protocol/envelope/replay.ts';
import { type Recipient, type Sender, type Skipped, sealEnvelope } from '#protocol/envelope/seal.ts';
import type { Roster } from '#protocol/family/chain.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import { idText } from '#protocol/family/member.ts';
import type { EntrySigner } from '#protocol/family/sign.ts';
import { draw, seeded } from './seeded.ts';

/** 2026-03-01T12:00:00Z in unix seconds, in the middle of a window. */
export const NOON_S = 1772366400;

export function memoryPrekeys(): PrekeyStore {
  const kept = new Map<number, Uint8Array>();
  return {
    get: async (window) => kept.get(window) ?? null,
    put: async (window, secret) => void kept.set(window, secret),
    windows: async () => [...kept.keys()],
    remove: async (window) => void kept.delete(window),
  };
}

export interface MemoryReplays extends ReplayTable {
  keep(opened: Opened): void;
}

export function memoryReplays(): MemoryReplays {
  const states = new Map<string, ReplayState>();
  const messages = new Set<string>();
  return {
    stateOf: async (senderId) => states.get(idText(senderId)) ?? NOTHING_TAKEN,
    hasMessage: async (senderId, messageId) => messages.has(`${idText(senderId)}/${idText(messageId)}`),
    keep(opened) {
      states.set(idText(opened.sender.id), opened.replay);
      messages.add(`${idText(opened.sender.id)}/${idText(opened.messageId)}`);
    },
  };
}

/** A device that receives: its store and its published bundle. */
export async function receiver(
  device: { member: SigningMember; signer: EntrySigner },
  roster: Roster,
  nowS = NOON_S,
) {
  const prekeys = memoryPrekeys();
  const random = seeded(`prekeys ${idText(device.member.id)}`);
  const signer = { deviceId: device.member.id, secret: device.signer.secret };
  const bundle = await publishPrekeys(prekeys, signer, roster, nowS, random);
  return { device, prekeys, bundle, replays: memoryReplays() };
}

export type Receiver = Awaited<ReturnType<typeof receiver>>;

export function recipientOf(to: Receiver, sequence = 1): Recipient {
  const { id, signKey } = to.device.member;
  return { deviceId: id, signKey, bundle: to.bundle, sequence };
}

export function senderOf(device: { signer: EntrySigner }, roster: Roster): Sender {
  const { id, secret } = device.signer;
  return { familyId: roster.familyId, deviceId: id, secret, headNumber: roster.number, head: roster.head };
}

/** The head of a clip from a toy. */
export function voiceHead(toyId: Uint8Array, durationMs: number): ContentHead {
  const packets = Math.ceil(durationMs / 60);
  const extra = new Uint8Array(0);
  return { kind: VOICE_FROM_TOY, toyId, sentAt: NOON_S, durationMs, packets, codec: CODEC_OPUS, extra };
}

export async function bodyOf(
  messageId: Uint8Array,
  head: ContentHead,
  packets: Packets = NO_PACKETS,
  random = seeded(`body ${idText(messageId)}`),
): Promise<{ draft: BodyDraft; body: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  const draft = await sealBody(messageId, head, packets, (piece) => void pieces.push(piece), random);
  return { draft, body: joined(pieces) };
}

/** A whole envelope as uploaded. */
export function upload(
  sealed: { draft: BodyDraft; body: Uint8Array },
  sender: Sender,
  recipients: Recipient[],
  nowS = NOON_S,
): { uploaded: Uint8Array; skipped: Skipped[] } {
  const random = seeded(`wraps ${idText(sealed.draft.messageId)}`);
  const { front, skipped } = sealEnvelope(sealed.draft, sender, recipients, nowS, random);
  return { uploaded: joined([front, sealed.body]), skipped };
}

/** What the relay hands to one device. */
export function deliver(uploaded: Uint8Array, deviceId: Uint8Array): Uint8Array {
  const envelope = decodeUploaded(uploaded);
  return joined([trimFor(envelope, deviceId), envelope.body]);
}

/** Opens a delivered envelope whole; the packet stream comes back joined. Takes nothing into the replay table. */
export async function open(
  delivered: Uint8Array,
  to: Receiver,
  roster: Roster,
): Promise<{ opened: Opened; packets: Uint8Array }> {
  const envelope = decodeDelivered(delivered);
  const opener = { deviceId: to.device.member.id, roster, prekeys: to.prekeys, replays: to.replays };
  const pieces: Uint8Array[] = [];
  const opened = await openEnvelope(
    envelope,
    bodyInMemory(envelope.body),
    opener,
    (piece) => void pieces.push(piece),
  );
  return { opened, packets: joined(pieces) };
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** `length` random bytes in pieces of 992, as a clip comes from the toy. */
export function clipOf(seed: string, length: number): { bytes: Uint8Array; packets: Packets } {
  const bytes = draw(seeded(seed), length);
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < length; offset += 992) pieces.push(bytes.subarray(offset, offset + 992));
  return { bytes, packets: { sizeBytes: length, pieces } };
}
