// Messages that an adult must approve: held on every bridge until a countersignature comes, which the toy itself checks.
import { same } from '#protocol/bytes.ts';
import { APPROVAL, type Approval, decodeApproval, encodeApproval } from '#protocol/envelope/content.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { idText, ROLE_ADULT } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { fault } from '#protocol/fault.ts';
import { putCountersignature } from '#protocol/policy/encode.ts';
import { KEY_BYTES } from '#protocol/policy/layout.ts';
import { checkStamp, countersignSigningBytes } from '#protocol/policy/stamp.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { verifySignature } from '#protocol/sodium/sign.ts';
import { joined } from './bytes.ts';
import type { Device } from './device.ts';
import { signWith } from './keys.ts';
import { hasStep, letterVoice, markLetter } from './letters.ts';
import { postNote } from './outbox.ts';
import type { Change } from './store.ts';
import { findVoice, forgetVoice, keepVoice, type Voice } from './voices.ts';

/**
 * True for a voice that the toy would refuse for want of an adult's countersignature, by the policy that it obeys or is about to be
 * given. Without a policy nothing can be told, and the toy judges.
 */
export function isHeld(policy: Uint8Array | null, voice: Pick<Voice, 'stamp' | 'toyId'>): boolean {
  if (policy === null) return false;
  try {
    checkStamp(createPrimitives(), voice.stamp, policy, voice.toyId);
    return false;
  } catch (error) {
    return (error as Error).message === 'stamp-approval';
  }
}

/**
 * Approves or rejects a message to a toy, for the whole family; durable here when it resolves. Nothing happens where the message is
 * unknown or settled. Faults as `recipientsFor` and `postMessage`; only an adult's device may.
 */
export async function approveLetter(
  device: Device,
  messageId: Uint8Array,
  isApproved: boolean,
): Promise<void> {
  const voice = await voiceForToy(device, messageId);
  if (voice === null) return;
  const { toyId, senderId, stamp } = voice;
  const signature = signWith(device.keys, countersignSigningBytes(stamp));
  const countersignature = isApproved ? joined([device.member.signKey!, signature]) : null;
  const approval = { messageId, countersignature };
  const { roster } = device.family;
  const to = recipientsFor(roster, {
    kind: APPROVAL,
    toyId,
    senderId: device.member.id,
    deviceId: memberOf(roster, senderId) === undefined ? null : senderId,
  });
  const changes = await takeApproval(device, approval);
  if (changes.length === 0) return;
  try {
    await postNote(device, { kind: APPROVAL, toyId, extra: encodeApproval(approval) }, to, changes);
  } catch (error) {
    // Nobody else could be told for want of prekeys: what this phone brings to the toy itself counts all the same.
    if (!(error as Error).message.startsWith('prekeys-')) throw error;
    await device.store.write(changes);
  }
}

/**
 * What an adult's word changes here; nothing where it is settled already. It may come before the message: then it waits for it.
 * Fault `stamp-approval` for a countersignature that is not an adult's, or not of this message.
 */
export async function takeApproval(device: Device, approval: Approval): Promise<Change[]> {
  const { messageId, countersignature } = approval;
  const before = await approvalOf(device, messageId);
  // A no stands; a yes may still be taken back as long as the toy has not got the message.
  if (before !== null && before.countersignature === null) return [];
  if ((await hasStep(device, messageId, 'toy')) || (await hasStep(device, messageId, 'heard'))) return [];
  const keep: Change = {
    collection: 'approvals',
    key: idText(messageId),
    value: encodeApproval(approval),
  };
  const voice = await voiceForToy(device, messageId);
  if (voice === null) return [keep];
  if (countersignature === null) {
    return [
      keep,
      markLetter(device, messageId, 'rejected', device.nowS()),
      forgetVoice('waiting', voice),
      forgetVoice('family', voice),
    ];
  }
  const stamp = countersigned(device, voice.stamp, countersignature);
  const changes = [keep, markLetter(device, messageId, 'approved', device.nowS())];
  const waiting = await findVoice(device.store, device.keys, 'waiting', messageId);
  if (waiting !== null) changes.push(keepVoice(device.keys, 'waiting', { ...waiting, stamp }));
  return changes;
}

/** A voice for a toy as an adult's word that came before it has left it; null: it was rejected. */
export async function withApproval(
  device: Device,
  voice: Voice,
): Promise<{ voice: Voice; isApproved: boolean } | null> {
  const approval = await approvalOf(device, voice.messageId);
  if (approval === null) return { voice, isApproved: false };
  if (approval.countersignature === null) return null;
  try {
    const stamp = countersigned(device, voice.stamp, approval.countersignature);
    return { voice: { ...voice, stamp }, isApproved: true };
  } catch {
    // What came first was no approval of this message.
    return { voice, isApproved: false };
  }
}

/** A copy of the stamp with the countersignature in it. Fault `stamp-approval` unless it is one, by an adult of the newest roster. */
function countersigned(device: Device, stamp: Uint8Array, countersignature: Uint8Array): Uint8Array {
  const adult = countersignature.subarray(0, KEY_BYTES);
  const signature = countersignature.subarray(KEY_BYTES);
  const isAdult = [...device.family.roster.members.values()].some(
    ({ role, signKey }) => role === ROLE_ADULT && signKey !== null && same(signKey, adult),
  );
  if (!isAdult || !verifySignature(signature, countersignSigningBytes(stamp), adult))
    throw fault('stamp-approval');
  const copy = stamp.slice();
  putCountersignature(copy, adult, signature);
  return copy;
}

async function approvalOf(device: Device, messageId: Uint8Array): Promise<Approval | null> {
  const value = await device.store.get('approvals', idText(messageId));
  return value === undefined ? null : decodeApproval(value);
}

/** The stamped voice of a message to a toy, wherever it is on this device. */
async function voiceForToy(device: Device, messageId: Uint8Array): Promise<Voice | null> {
  const waiting = await findVoice(device.store, device.keys, 'waiting', messageId);
  const voice = waiting ?? (await letterVoice(device, messageId));
  return voice === null || voice.stamp.length === 0 ? null : voice;
}
