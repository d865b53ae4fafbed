// Voices kept on a device: what waits for a toy on a bridge, what waits for a person on a phone, and what a person sent. One item each,
// sealed at rest.
import { asBlob, asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { idText } from '#protocol/family/member.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { DeviceKeys } from './keys.ts';
import type { Change, Store } from './store.ts';

export interface Voice {
  messageId: Uint8Array;
  toyId: Uint8Array;
  /** The device that sealed it: a bridge for what the child said. */
  senderId: Uint8Array;
  /** Unix seconds, by the sender's clock. */
  sentAt: number;
  durationMs: number;
  packets: number;
  /** 261 bytes for a toy; empty for a person. */
  stamp: Uint8Array;
  /** The packet stream. */
  stream: Uint8Array;
}

/** The boxes a voice can be in: waiting here, or sent from here and not yet on the relay. */
export type Box = 'inbox' | 'drafts';

/** The change that keeps a voice. Voices of one toy are kept in the order in which they were sent. */
export function keepVoice(keys: DeviceKeys, box: Box, voice: Voice): Change {
  const { messageId, toyId, senderId, sentAt, durationMs, packets, stamp, stream } = voice;
  const plain = encodeCbor([1, messageId, toyId, senderId, sentAt, durationMs, packets, stamp, stream]);
  return { collection: box, key: keyOf(voice), value: sealAtRest(keys, plain) };
}

/** The change that forgets it. */
export function forgetVoice(box: Box, voice: Voice): Change {
  return { collection: box, key: keyOf(voice), value: null };
}

/** The voices of a box, oldest first; those of one toy, or all. */
export async function listVoices(
  store: Store,
  keys: DeviceKeys,
  box: Box,
  toyId?: Uint8Array,
): Promise<Voice[]> {
  const items = await store.list(box, toyId === undefined ? '' : `${idText(toyId)}/`);
  return items.map(({ value }) => decodeVoice(openAtRest(keys, value)));
}

/** The voice of that message, or null. */
export async function findVoice(
  store: Store,
  keys: DeviceKeys,
  box: Box,
  messageId: Uint8Array,
): Promise<Voice | null> {
  const item = (await store.list(box, '')).find(({ key }) => key.endsWith(`/${idText(messageId)}`));
  return item === undefined ? null : decodeVoice(openAtRest(keys, item.value));
}

function keyOf(voice: Voice): string {
  return `${idText(voice.toyId)}/${String(voice.sentAt).padStart(10, '0')}/${idText(voice.messageId)}`;
}

function decodeVoice(plain: Uint8Array): Voice {
  const code = 'clip-opened';
  const fields = asTuple(decodeCbor(plain, code), 9, code);
  return {
    messageId: asBytes(fields[1], 16, code),
    toyId: asBytes(fields[2], 16, code),
    senderId: asBytes(fields[3], 16, code),
    sentAt: asInteger(fields[4], 0, 0xffffffff, code),
    durationMs: asInteger(fields[5], 0, 0xffffffff, code),
    packets: asInteger(fields[6], 0, 0xffff, code),
    stamp: asBlob(fields[7], 261, code),
    stream: asBlob(fields[8], 1 << 18, code),
  };
}
