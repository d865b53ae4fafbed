// A person's device: takes what the child said, and says something to the toy. Without a screen it is `pawpost device`; with one, the app.
import { validateStream, withoutFilling } from '#protocol/audio/stream.ts';
import {
  CODEC_OPUS,
  type ContentHead,
  decodeGrant,
  decodeReceipt,
  GRANT,
  POLICY,
  RECEIPT,
  type Receipt,
  VOICE_FROM_TOY,
  VOICE_TO_TOY,
} from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { encodeStamp, putStampSignature } from '#protocol/policy/encode.ts';
import { stampSigningBytes } from '#protocol/policy/stamp.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { type Device, destroyPrekeys, keepPrekeysFresh, renewPrekeys } from './device.ts';
import { keepGrant, keepPolicy } from './grants.ts';
import { keepPoliciesFresh, payDebts } from './guardian.ts';
import { emptyMailbox, type Received, type Reception } from './inbox.ts';
import { signWith } from './keys.ts';
import { emptyOutbox, nextSequences, postMessage } from './outbox.ts';
import { type RelayWork, runRelayWork } from './relay-work.ts';
import { findVoice, forgetVoice, keepVoice, listVoices, type Voice } from './voices.ts';

/** What a person's device tells as it happens. */
export interface PersonEvents {
  /** A voice from the child is on this device's disk. */
  heard?(voice: Voice): void;
  /** The relay has a message of this device. */
  sent?(messageId: Uint8Array): void;
  receipt?(receipt: Receipt): void;
  refused?(messageId: Uint8Array, code: string): void;
}

/**
 * Says something to a toy: stamps, seals and puts it into the outbox; durable when it resolves. `stream` is a packet stream.
 * Returns the message's id. Faults: those of `validateStream`, `recipientsFor`, `postMessage`.
 */
export async function speakToToy(device: Device, toyId: Uint8Array, stream: Uint8Array): Promise<Uint8Array> {
  const { packets, durationMs } = validateStream(stream);
  const { numbers, changes } = await nextSequences(device, [`toy/${idText(toyId)}`]);
  const voice: Voice = {
    messageId: sodium.randombytes_buf(16),
    toyId,
    senderId: device.member.id,
    sentAt: device.nowS(),
    durationMs,
    packets,
    stamp: new Uint8Array(0),
    stream: withoutFilling(stream),
  };
  const stamp = encodeStamp({
    toyId,
    messageId: voice.messageId,
    sender: device.member.signKey!,
    sequence: numbers[0]!,
    hash: sodium.crypto_generichash(32, voice.stream, null),
  });
  putStampSignature(stamp, signWith(device.keys, stampSigningBytes(stamp)));
  const stamped = { ...voice, stamp };
  await device.store.write([...changes, keepVoice(device.keys, 'drafts', stamped)]);
  await post(device, stamped);
  return voice.messageId;
}

/** Sends what waits and takes what waits. Rejects as `emptyOutbox` and `emptyMailbox`; call again later. */
export async function exchange(device: Device, events: PersonEvents): Promise<void> {
  await keepPrekeysFresh(device);
  await payDebts(device);
  await keepPoliciesFresh(device);
  await emptyOutbox(device, async ({ messageId, result }) => {
    if (result === 'stored') queueMicrotask(() => events.sent?.(messageId));
    const draft = await findVoice(device.store, device.keys, 'drafts', messageId);
    if (draft === null) return [];
    if (result === 'stored') return [forgetVoice('drafts', draft)];
    return [];
  });
  await postStrandedDrafts(device, events);
  await emptyMailbox(device, {
    receive: (message) => receive(device, message, events),
    isDone: async () => true,
    refused: (messageId, code) => events.refused?.(messageId, code),
  });
  await destroyPrekeys(device);
}

/** Exchanges whenever something changes on either side, until `signal` aborts. */
export function runPerson(
  device: Device,
  events: PersonEvents & { trouble?(error: unknown): void },
  random: () => number,
  signal: AbortSignal,
): RelayWork {
  return runRelayWork(
    {
      device,
      random,
      begin: () => renewPrekeys(device),
      work: () => exchange(device, events),
      trouble: (error) => events.trouble?.(error),
    },
    signal,
  );
}

/** Drafts without an envelope: the relay sent it back because somebody has left the family, or the power went between two writes. */
async function postStrandedDrafts(device: Device, events: PersonEvents): Promise<void> {
  for (const draft of await listVoices(device.store, device.keys, 'drafts')) {
    if ((await device.store.get('outbox', idText(draft.messageId))) !== undefined) continue;
    try {
      await post(device, draft);
    } catch (error) {
      // What cannot be sent yet, or to a toy that has left, must not keep from what has come.
      const code = (error as Error).message;
      if (!/^(prekeys|roster)-/.test(code)) throw error;
      events.refused?.(draft.messageId, code);
    }
  }
}

async function post(device: Device, voice: Voice): Promise<void> {
  const { messageId: id, toyId, sentAt, durationMs, packets, stamp, stream } = voice;
  const to = recipientsFor(device.family.roster, {
    kind: VOICE_TO_TOY,
    toyId,
    senderId: device.member.id,
    deviceId: null,
  });
  const head: ContentHead = {
    kind: VOICE_TO_TOY,
    toyId,
    sentAt,
    durationMs,
    packets,
    codec: CODEC_OPUS,
    extra: stamp,
  };
  await postMessage(device, { id, head, packets: { sizeBytes: stream.length, pieces: [stream] } }, to);
}

async function receive(device: Device, message: Received, events: PersonEvents): Promise<Reception> {
  const { content, packets, messageId, sender } = message;
  if (content.kind === VOICE_FROM_TOY) {
    const summary = validateStream(packets);
    const voice: Voice = {
      messageId,
      toyId: content.toyId,
      senderId: sender.id,
      sentAt: content.sentAt,
      durationMs: summary.durationMs,
      packets: summary.packets,
      stamp: new Uint8Array(0),
      stream: packets,
    };
    queueMicrotask(() => events.heard?.(voice));
    return { changes: [keepVoice(device.keys, 'inbox', voice)], isFinal: true };
  }
  if (content.kind === GRANT) {
    return { changes: [keepGrant(device, content.toyId, decodeGrant(content.extra))], isFinal: true };
  }
  if (content.kind === POLICY) {
    return { changes: await keepPolicy(device, content.toyId, content.extra), isFinal: true };
  }
  if (content.kind === RECEIPT) {
    const receipt = decodeReceipt(content.extra);
    queueMicrotask(() => events.receipt?.(receipt));
  }
  return { changes: [], isFinal: true };
}
