// From recordings to envelopes: opens what the toy sealed, checks that it is voice, and seals it for the family.
import { validateStream } from '#protocol/audio/stream.ts';
import { CODEC_OPUS, type ContentHead, VOICE_FROM_TOY } from '#protocol/envelope/content.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import type { Device } from './device.ts';
import { grantOf } from './grants.ts';
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

async function sealRecording(device: Device, recording: Recording, clipSecret: Uint8Array): Promise<void> {
  const stream = await openRecording(device.store, recording, clipSecret);
  const { packets, durationMs } = validateStream(stream);
  const { toyId } = recording;
  const to = recipientsFor(device.family.roster, {
    kind: VOICE_FROM_TOY,
    toyId,
    senderId: device.member.id,
    deviceId: null,
  });
  const head: ContentHead = {
    kind: VOICE_FROM_TOY,
    toyId,
    sentAt: recording.recordedAtS || device.nowS(),
    durationMs,
    packets,
    codec: CODEC_OPUS,
    extra: new Uint8Array(0),
  };
  const body = { sizeBytes: stream.length, pieces: [stream] };
  await postMessage(device, { id: recording.id, head, packets: body }, to, [sealedChange(recording)]);
}
