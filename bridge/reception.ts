// What a device does with each kind of message: one table for bridges, phones and devices without a screen.
import { validateStream } from '#protocol/audio/stream.ts';
import {
  APPROVAL,
  BEACON,
  CONSENT,
  decodeApproval,
  decodeGrant,
  decodeReceipt,
  ERRAND,
  GRANT,
  type Kind,
  POLICY,
  PROFILE,
  RECEIPT,
  VOICE_FROM_TOY,
  VOICE_TO_TOY,
} from '#protocol/envelope/content.ts';
import { ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { takeApproval, withApproval } from './approvals.ts';
import { takeBeacon } from './beacons.ts';
import { takeConsent } from './consents.ts';
import { isDelivered, keepWaiting, mayLink, takeReceipt, tellHeld } from './deliveries.ts';
import type { Device } from './device.ts';
import { receiveErrand } from './errand-talk.ts';
import { keepPolicy, takeGrant } from './grants.ts';
import type { News, Received, Reception } from './inbox.ts';
import { beginLetter, markLetter, requireOwnPlace } from './letters.ts';
import { takeProfile } from './profiles.ts';
import type { Change } from './store.ts';
import { keepVoice, type Voice } from './voices.ts';

type Receive = (device: Device, message: Received) => Promise<Reception>;

const RECEIVE: Readonly<Record<Kind, Receive>> = {
  [VOICE_FROM_TOY]: receiveFromToy,
  [VOICE_TO_TOY]: receiveForToy,
  [POLICY]: receivePolicy,
  [GRANT]: receiveGrant,
  [RECEIPT]: receiveReceipt,
  [APPROVAL]: receiveApproval,
  [PROFILE]: receiveProfile,
  [CONSENT]: receiveConsent,
  [BEACON]: receiveBeacon,
  [ERRAND]: async (device, message) => receiveErrand(device, message),
};

/** What this device makes of an opened message. Faults are the message's: it is refused and gone. */
export function receiveMessage(device: Device, message: Received): Promise<Reception> {
  return RECEIVE[message.content.kind](device, message);
}

/** A message that was taken before and is still at the relay: true if it may forget it. A bridge holds on to it until the toy has it. */
export async function isDone(device: Device, messageId: Uint8Array): Promise<boolean> {
  return device.keys.role !== ROLE_BRIDGE || (await isDelivered(device, messageId));
}

async function receiveFromToy(device: Device, message: Received): Promise<Reception> {
  const voice = voiceOf(message);
  if (device.keys.role === ROLE_BRIDGE) return NOTHING;
  await requireOwnPlace(device, voice, 'from-toy');
  const changes = [keepVoice(device.keys, 'inbox', voice), beginLetter(device, voice, 'from-toy')];
  return final(changes, { news: 'voice', voice });
}

async function receiveForToy(device: Device, message: Received): Promise<Reception> {
  const sent = { ...voiceOf(message), stamp: message.content.extra };
  const { role } = device.keys;
  if (role !== ROLE_BRIDGE && role !== ROLE_ADULT) return NOTHING;
  await requireOwnPlace(device, sent, 'to-toy');
  const begun = [
    beginLetter(device, sent, 'to-toy'),
    markLetter(device, sent.messageId, 'sent', sent.sentAt),
  ];
  const settled = await withApproval(device, sent);
  if (settled === null) {
    begun.push(markLetter(device, sent.messageId, 'rejected', device.nowS()));
    return final(begun, { news: 'letters' });
  }
  const { voice, isApproved } = settled;
  if (isApproved) begun.push(markLetter(device, voice.messageId, 'approved', device.nowS()));
  if (role === ROLE_ADULT) begun.push(keepVoice(device.keys, 'family', voice));
  const isWaiting = await mayLink(device, voice.toyId);
  if (isWaiting) begun.push(await keepWaiting(device, voice));
  return {
    changes: begun,
    isFinal: role !== ROLE_BRIDGE,
    news: { news: 'letters' },
    ...(isWaiting ? { afterwards: () => tellHeld(device, voice) } : {}),
  };
}

async function receivePolicy(device: Device, { content }: Received): Promise<Reception> {
  return final(await keepPolicy(device, content.toyId, content.extra), { news: 'family' });
}

async function receiveGrant(device: Device, { content }: Received): Promise<Reception> {
  return final(await takeGrant(device, content.toyId, decodeGrant(content.extra)), { news: 'family' });
}

async function receiveReceipt(device: Device, { content, sender }: Received): Promise<Reception> {
  const receipt = decodeReceipt(content.extra);
  return final(await takeReceipt(device, receipt, sender), { news: 'receipt', receipt });
}

async function receiveApproval(device: Device, { content }: Received): Promise<Reception> {
  return final(await takeApproval(device, decodeApproval(content.extra)), { news: 'letters' });
}

async function receiveProfile(device: Device, { content, sender }: Received): Promise<Reception> {
  return final(await takeProfile(device, sender, content.extra), { news: 'family' });
}

async function receiveConsent(device: Device, { content }: Received): Promise<Reception> {
  return final(takeConsent(device, content.toyId, content.extra), { news: 'family' });
}

async function receiveBeacon(device: Device, { content, sender }: Received): Promise<Reception> {
  return final(await takeBeacon(device, sender, content.extra), { news: 'family' });
}

/** Kept, and the relay may forget it; news only of what has changed something. */
function final(changes: Change[], news: News): Reception {
  return { changes, isFinal: true, news: changes.length === 0 ? null : news };
}

const NOTHING: Reception = { changes: [], isFinal: true };

function voiceOf({ content, packets: stream, messageId, sender }: Received): Voice {
  const { packets, durationMs } = validateStream(stream);
  const { toyId, sentAt } = content;
  const stamp = new Uint8Array(0);
  return { messageId, toyId, senderId: sender.id, sentAt, durationMs, packets, stamp, stream };
}
