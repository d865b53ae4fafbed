// From recordings to envelopes: opens what the toy sealed, checks that it is voice, and seals it for the family.
import { validateStream } from '#protocol/audio/stream.ts';
import { CODEC_OPUS, type ContentHead, VOICE_FROM_TOY } from '#protocol/envelope/content.ts';
import { ROLE_BRIDGE } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import type { Device } from './device.ts';
import { grantOf, policyOf } from './grants.ts';
import { hasRecording, ownTaking } from './inbox.ts';
import { beginLetter } from './letters.ts';
import { postMessage, type Sent } from './outbox.ts';
import {
  doneChanges,
  openRecording,
  type Recording,
  sealedChange,
  unsealedChanges,
  wholeRecordings,
} from './recordings.ts';
import type { Change } from './store.ts';
import { keepVoice, type Voice } from './voices.ts';

/** A recording that cannot be sealed now; it stays where it is. */
export type Unsealed = (recording: Recording, code: string) => void;

/** Seals every whole recording into the outbox. RelayUnreachable where nobody's prekeys are known yet. */
export async function sealRecordings(device: Device, unsealed: Unsealed): Promise<void> {
  for (const recording of await wholeRecordings(device.store)) {
    const grant = await grantOf(device, recording.toyId);
    if (grant === null) continue;
    try {
      await sealRecording(device, recording, grant.clipSecret);
    } catch (error) {
      // A fault is about this recording alone; the relay or the disk is everybody's trouble.
      const code = (error as Error).message;
      if (!/^(audio|clip|roster|prekeys|envelope)-/.test(code)) throw error;
      unsealed(recording, code);
    }
  }
}

/** What a recording's own envelope has come to, as changes. */
export async function afterSending(device: Device, sent: Sent): Promise<Change[]> {
  if (sent.result === 'rejected') return unsealedChanges(device.store, sent.messageId);
  return doneChanges(device.store, sent.messageId);
}

/**
 * On an adult's phone, whose own link brought the recordings: keeps those that are whole in its own inbox, before anybody else can have
 * them. What cannot be opened is told when it is sealed.
 */
export async function hearRecordings(device: Device): Promise<void> {
  for (const recording of await wholeRecordings(device.store)) {
    const grant = await grantOf(device, recording.toyId);
    if (grant === null) continue;
    const voice = await voiceOf(device, recording, grant.clipSecret).catch(() => null);
    if (voice !== null) await device.store.write(await ownChanges(device, voice));
  }
}

/** What keeps a recording in this device's own inbox, as nobody sends a message to itself; nothing on a bridge, or if it is there. */
async function ownChanges(device: Device, voice: Voice): Promise<Change[]> {
  if (device.keys.role === ROLE_BRIDGE || (await hasRecording(device, voice.messageId))) return [];
  return [
    keepVoice(device.keys, 'inbox', voice),
    beginLetter(device, voice, 'from-toy'),
    ownTaking(device, voice.messageId),
  ];
}

async function voiceOf(device: Device, recording: Recording, clipSecret: Uint8Array): Promise<Voice> {
  const stream = await openRecording(device.store, recording, clipSecret);
  const { packets, durationMs } = validateStream(stream);
  return {
    messageId: recording.id,
    toyId: recording.toyId,
    senderId: device.member.id,
    sentAt: recording.recordedAtS || device.nowS(),
    durationMs,
    packets,
    stamp: new Uint8Array(0),
    stream,
  };
}

async function sealRecording(device: Device, recording: Recording, clipSecret: Uint8Array): Promise<void> {
  const voice = await voiceOf(device, recording, clipSecret);
  const { toyId, sentAt, durationMs, packets, stream, stamp: extra } = voice;
  const to = recipientsFor(device.family.roster, {
    kind: VOICE_FROM_TOY,
    toyId,
    senderId: device.member.id,
    deviceId: null,
    policy: await policyOf(device, toyId),
  });
  const own = await ownChanges(device, voice);
  // A family of one phone: whoever was to hear it has it.
  if (to.length === 0)
    return device.store.write([...own, ...(await doneChanges(device.store, recording.id))]);
  const head: ContentHead = {
    kind: VOICE_FROM_TOY,
    toyId,
    sentAt,
    durationMs,
    packets,
    codec: CODEC_OPUS,
    extra,
  };
  const body = { sizeBytes: stream.length, pieces: [stream] };
  await postMessage(device, { id: recording.id, head, packets: body }, to, [...own, sealedChange(recording)]);
}
