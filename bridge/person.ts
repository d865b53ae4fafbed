// A device's work with the relay, whatever its role, and how a person says something to a toy. Without a screen it is `pawpost device`.
import { validateStream, withoutFilling } from '#protocol/audio/stream.ts';
import { CODEC_OPUS, type ContentHead, type Receipt, VOICE_TO_TOY } from '#protocol/envelope/content.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import { idText } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { encodeStamp, putStampSignature } from '#protocol/policy/encode.ts';
import { stampSigningBytes } from '#protocol/policy/stamp.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { keepBeaconFresh } from './beacons.ts';
import { payDebts } from './debts.ts';
import { keepWaiting, mayLink } from './deliveries.ts';
import { type Device, destroyPrekeys, keepPrekeysFresh, renewPrekeys, requireMember } from './device.ts';
import { keepPoliciesFresh, settleTies } from './guardian.ts';
import { emptyMailbox, type News } from './inbox.ts';
import { signWith } from './keys.ts';
import { beginLetter, forgetOldLetters, markLetter } from './letters.ts';
import { emptyOutbox, nextSequences, postMessage, type Sent } from './outbox.ts';
import { isDone, receiveMessage } from './reception.ts';
import { type RelayWork, runRelayWork } from './relay-work.ts';
import { keepSafe } from './safe.ts';
import { afterSending, sealRecordings } from './sealing.ts';
import type { Change } from './store.ts';
import { findVoice, forgetVoice, keepVoice, listVoices, type Voice } from './voices.ts';

/** What a device tells as it happens. */
export interface PersonEvents {
  /** A voice from the child is on this device's disk. */
  heard?(voice: Voice): void;
  /** The relay has a message of this device. */
  sent?(messageId: Uint8Array): void;
  receipt?(receipt: Receipt): void;
  refused?(messageId: Uint8Array, code: string): void;
  /** Something else of the history, or of the family, is not as it was. */
  changed?(what: 'letters' | 'family'): void;
}

/**
 * Says something to a toy: stamped and durable here when it resolves, and sealed and sent by the work with the relay. `stream` is a packet
 * stream. Returns the message's id. Faults: those of `validateStream` and `recipientsFor`.
 */
export async function speakToToy(device: Device, toyId: Uint8Array, stream: Uint8Array): Promise<Uint8Array> {
  const { packets, durationMs } = validateStream(stream);
  listenersOf(device, toyId);
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
  changes.push(keepVoice(device.keys, 'drafts', stamped), beginLetter(device, stamped, 'to-toy'));
  if (await mayLink(device, toyId)) changes.push(await keepWaiting(device, stamped));
  await device.store.write(changes);
  return voice.messageId;
}

/**
 * Sends what waits and takes what waits. Rejects as `emptyOutbox` and `emptyMailbox`, call again later; and with PutOut once the family's
 * chain says that this device is no member any more.
 */
export async function exchange(device: Device, events: PersonEvents): Promise<void> {
  requireMember(device);
  try {
    await exchangeAsMember(device, events);
  } catch (error) {
    requireMember(device);
    // What a relay that refuses a device says of its family is for the chain to prove.
    if ((error as Error).message === 'relay-refused') await device.family.refresh();
    requireMember(device);
    throw error;
  }
}

async function exchangeAsMember(device: Device, events: PersonEvents): Promise<void> {
  const head = device.family.roster.head;
  await keepPrekeysFresh(device);
  await payDebts(device);
  await keepPoliciesFresh(device);
  await settleTies(device);
  await keepBeaconFresh(device);
  await sealRecordings(device, (recording, code) => events.refused?.(recording.id, code));
  await postDrafts(device, events);
  // An envelope that came back, as somebody had left the family, is sealed again at once.
  if (await sendOutbox(device, events)) {
    await postDrafts(device, events);
    await sendOutbox(device, events);
  }
  await emptyMailbox(device, {
    receive: (message) => receiveMessage(device, message),
    isDone: (messageId) => isDone(device, messageId),
    refused: (messageId, code) => events.refused?.(messageId, code),
    kept: (news) => tellNews(news, events),
  });
  // What was taken may have been answered; two adults may have spoken at once.
  await settleTies(device);
  await sendOutbox(device, events);
  requireMember(device);
  await destroyPrekeys(device);
  await keepSafe(device);
  await forgetOldLetters(device);
  if (device.family.roster.head !== head) events.changed?.('family');
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

function tellNews(news: News, events: PersonEvents): void {
  if (news.news === 'voice') events.heard?.(news.voice);
  if (news.news === 'receipt') events.receipt?.(news.receipt);
  events.changed?.(news.news === 'family' ? 'family' : 'letters');
}

/** True if an envelope came back. */
async function sendOutbox(device: Device, events: PersonEvents): Promise<boolean> {
  let isBack = false;
  await emptyOutbox(device, async (sent) => {
    if (sent.result === 'rejected') isBack = true;
    else queueMicrotask(() => events.sent?.(sent.messageId));
    return [...(await afterSending(device, sent)), ...(await afterSpeaking(device, sent, events))];
  });
  return isBack;
}

/** What has become of something that a person said, as changes. What was rejected is sealed again from its draft. */
async function afterSpeaking(device: Device, sent: Sent, events: PersonEvents): Promise<Change[]> {
  const draft = await findVoice(device.store, device.keys, 'drafts', sent.messageId);
  if (draft === null || sent.result === 'rejected') return [];
  queueMicrotask(() => events.changed?.('letters'));
  return sentChanges(device, draft);
}

function sentChanges(device: Device, draft: Voice): Change[] {
  return [
    forgetVoice('drafts', draft),
    keepVoice(device.keys, 'sent', draft),
    markLetter(device, draft.messageId, 'sent', device.nowS()),
  ];
}

/** Seals what was said and has no envelope: it is new, or its envelope came back because somebody has left the family. */
async function postDrafts(device: Device, events: PersonEvents): Promise<void> {
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
  const to = listenersOf(device, toyId);
  // A family of one phone brings it to the toy itself.
  if (to.length === 0) return device.store.write(sentChanges(device, voice));
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

/** Who gets what is said to a toy. Faults as `recipientsFor`. */
function listenersOf(device: Device, toyId: Uint8Array): SigningMember[] {
  const senderId = device.member.id;
  return recipientsFor(device.family.roster, { kind: VOICE_TO_TOY, toyId, senderId, deviceId: null });
}
