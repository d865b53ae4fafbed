// Voices kept on a device: what the child said, what the family said, and what waits for a toy. One item each, sealed at rest.
import { asBlob, asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { idText } from '#protocol/family/member.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { DeviceKeys } from './keys.ts';
import type { Change, Collection, Store } from './store.ts';

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

/**
 * The boxes a voice can be in. For a person: `inbox` is what the child said, `drafts` and `sent` what this device said before and after
 * the relay had it, `family` what others said to the toy. `waiting`: for the toy, wherever its link can be opened.
 */
export type Box = 'inbox' | 'drafts' | 'sent' | 'family' | 'waiting';

const COLLECTIONS: Readonly<Record<Box, Collection>> = {
  inbox: 'inbox',
  drafts: 'drafts',
  sent: 'sent',
  family: 'said',
  waiting: 'waiting',
};

/** Where a voice is within its box. */
export type Place = Pick<Voice, 'messageId' | 'toyId' | 'sentAt'>;

/** The change that keeps a voice. Voices of one toy are kept in the order in which they were sent. */
export function keepVoice(keys: DeviceKeys, box: Box, voice: Voice): Change {
  const { messageId, toyId, senderId, sentAt, durationMs, packets, stamp, stream } = voice;
  const plain = encodeCbor([1, messageId, toyId, senderId, sentAt, durationMs, packets, stamp, stream]);
  return { collection: COLLECTIONS[box], key: keyOf(voice), value: sealAtRest(keys, plain) };
}

/** The change that forgets it. */
export function forgetVoice(box: Box, place: Place): Change {
  return { collection: COLLECTIONS[box], key: keyOf(place), value: null };
}

/** The voices of a box, oldest first; those of one toy, or all. */
export async function listVoices(
  store: Store,
  keys: DeviceKeys,
  box: Box,
  toyId?: Uint8Array,
): Promise<Voice[]> {
  const items = await store.list(COLLECTIONS[box], toyId === undefined ? '' : `${idText(toyId)}/`);
  return items.map(({ value }) => decodeVoice(openAtRest(keys, value)));
}

/** The voice that is kept at a place, or null. */
export async function voiceAt(store: Store, keys: DeviceKeys, box: Box, place: Place): Promise<Voice | null> {
  const value = await store.get(COLLECTIONS[box], keyOf(place));
  return value === undefined ? null : decodeVoice(openAtRest(keys, value));
}

/** The voice of that message, or null. Reads the whole box: for the small ones, drafts and what waits. */
export async function findVoice(
  store: Store,
  keys: DeviceKeys,
  box: Box,
  messageId: Uint8Array,
): Promise<Voice | null> {
  const items = await store.list(COLLECTIONS[box], '');
  const item = items.find(({ key }) => key.endsWith(`/${idText(messageId)}`));
  return item === undefined ? null : decodeVoice(openAtRest(keys, item.value));
}

function keyOf(place: Place): string {
  return `${idText(place.toyId)}/${String(place.sentAt).padStart(10, '0')}/${idText(place.messageId)}`;
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
