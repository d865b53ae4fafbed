// What the family sends to toys, kept on the bridge until the toy has it.
import { validateStream } from '#protocol/audio/stream.ts';
import { same } from '#protocol/bytes.ts';
import { NO_PACKETS } from '#protocol/envelope/body.ts';
import {
  CODEC_NONE,
  type ContentHead,
  DELIVERED_TO_TOY,
  decodeGrant,
  encodeReceipt,
  GRANT,
  POLICY,
  RECEIPT,
  VOICE_TO_TOY,
} from '#protocol/envelope/content.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { fault } from '#protocol/fault.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Device } from './device.ts';
import { keepGrant, keepPolicy } from './grants.ts';
import type { Received, Reception } from './inbox.ts';
import { postMessage } from './outbox.ts';
import type { Delivery } from './toy-session.ts';
import { findVoice, forgetVoice, keepVoice, listVoices } from './voices.ts';

/** Keeps what a bridge is sent: voices until their toy has them, grants and policies for good. */
export async function receiveForToys(device: Device, message: Received): Promise<Reception> {
  const { content, packets: stream, messageId, sender } = message;
  const { toyId, sentAt } = content;
  if (content.kind === VOICE_TO_TOY) {
    const { packets, durationMs } = validateStream(stream);
    const waiting = await findVoice(device.store, device.keys, 'inbox', messageId);
    // Another sender's message under the same id must not take the place of one that waits.
    if (waiting !== null && !same(waiting.stamp, content.extra)) throw fault('envelope-replay');
    const voice = {
      messageId,
      toyId,
      senderId: sender.id,
      sentAt,
      durationMs,
      packets,
      stamp: content.extra,
      stream,
    };
    return { changes: [keepVoice(device.keys, 'inbox', voice)], isFinal: false };
  }
  if (content.kind === GRANT) {
    return { changes: [keepGrant(device, toyId, decodeGrant(content.extra))], isFinal: true };
  }
  if (content.kind === POLICY) {
    return { changes: await keepPolicy(device, toyId, content.extra), isFinal: true };
  }
  return { changes: [], isFinal: true };
}

/** True if a message that was taken no longer waits for its toy. */
export async function isDelivered(device: Device, messageId: Uint8Array): Promise<boolean> {
  return (await findVoice(device.store, device.keys, 'inbox', messageId)) === null;
}

/** The oldest voice that waits for a toy. */
export async function nextDelivery(device: Device, toyId: Uint8Array): Promise<Delivery | null> {
  const [voice] = await listVoices(device.store, device.keys, 'inbox', toyId);
  if (voice === undefined) return null;
  const { messageId: id, stamp, stream, packets, durationMs } = voice;
  const hash = sodium.crypto_generichash(32, stream, null);
  return { id, stamp, packets: stream, end: { bytes: stream.length, packets, durationMs, hash } };
}

/** The toy has it: forgets it and tells the sender, in one write. A second time is no error. */
export async function markDelivered(
  device: Device,
  messageId: Uint8Array,
  isRefused: boolean,
): Promise<void> {
  const voice = await findVoice(device.store, device.keys, 'inbox', messageId);
  if (voice === null) return;
  const forget = [forgetVoice('inbox', voice)];
  const { roster } = device.family;
  const { toyId, senderId } = voice;
  if (isRefused || memberOf(roster, senderId) === undefined) return device.store.write(forget);
  const at = device.nowS();
  const head: ContentHead = {
    kind: RECEIPT,
    toyId,
    sentAt: at,
    durationMs: 0,
    packets: 0,
    codec: CODEC_NONE,
    extra: encodeReceipt({ messageId, state: DELIVERED_TO_TOY, at }),
  };
  const to = recipientsFor(roster, { kind: RECEIPT, toyId, senderId: device.member.id, deviceId: senderId });
  const id = sodium.randombytes_buf(16);
  try {
    await postMessage(device, { id, head, packets: NO_PACKETS }, to, forget);
  } catch {
    // A receipt is a courtesy: without prekeys to seal it, the delivery still counts.
    await device.store.write(forget);
  }
}
