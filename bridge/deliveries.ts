// What the family says to toys, kept on every device that may link with them until the toy has it; and what is told of it.
import { same } from '#protocol/bytes.ts';
import {
  AWAITS_APPROVAL,
  DELIVERED_TO_TOY,
  encodeReceipt,
  HEARD,
  RECEIPT,
  REFUSED_BY_TOY,
  type Receipt,
} from '#protocol/envelope/content.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { fault } from '#protocol/fault.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { isHeld } from './approvals.ts';
import type { Device } from './device.ts';
import { grantOf, policyOf } from './grants.ts';
import { beginLetter, type LetterStep, markLetter } from './letters.ts';
import { postNote } from './outbox.ts';
import type { Change } from './store.ts';
import type { Delivery } from './toy-session.ts';
import { noteUnheard } from './unheard.ts';
import { findVoice, forgetVoice, keepVoice, listVoices, type Voice } from './voices.ts';

/** Each state of a receipt as the history has it. */
export const STEP_OF: Readonly<Record<Receipt['state'], LetterStep>> = {
  [DELIVERED_TO_TOY]: 'toy',
  [HEARD]: 'heard',
  [REFUSED_BY_TOY]: 'refused',
  [AWAITS_APPROVAL]: 'approval',
};

/** True if this device may open the link of a toy: a bridge, or an adult's phone that was granted it. */
export async function mayLink(device: Device, toyId: Uint8Array): Promise<boolean> {
  if (device.keys.linkSecret === null) return false;
  if (device.keys.role === ROLE_BRIDGE) return true;
  return ((await grantOf(device, toyId))?.linkPsk ?? null) !== null;
}

/** The change that lets a voice wait for its toy. Fault `envelope-replay` if another message waits under its id: that keeps its place. */
export async function keepWaiting(device: Device, voice: Voice): Promise<Change> {
  const waiting = await findVoice(device.store, device.keys, 'waiting', voice.messageId);
  if (waiting !== null && !same(waiting.stamp, voice.stamp) && !isSameMessage(waiting, voice))
    throw fault('envelope-replay');
  return keepVoice(device.keys, 'waiting', voice);
}

/** Tells the sender that an adult must approve the message first, who cannot know it otherwise. Lost, it is only a courtesy. */
export async function tellHeld(device: Device, voice: Voice): Promise<void> {
  const { roster } = device.family;
  if (memberOf(roster, voice.senderId)?.role !== ROLE_RELATIVE) return;
  // One of the two tells: where a family has bridges, they do.
  const hasBridge = [...roster.members.values()].some(({ role }) => role === ROLE_BRIDGE);
  if (hasBridge && device.keys.role !== ROLE_BRIDGE) return;
  if (!isHeld(await policyOf(device, voice.toyId), voice)) return;
  await tellReceipt(
    device,
    voice,
    { messageId: voice.messageId, state: AWAITS_APPROVAL, at: device.nowS() },
    [],
  );
}

/** True if a message that was taken no longer waits for its toy. */
export async function isDelivered(device: Device, messageId: Uint8Array): Promise<boolean> {
  return (await findVoice(device.store, device.keys, 'waiting', messageId)) === null;
}

/** The oldest voice for a toy that it may be given: what an adult must still approve waits on. */
export async function nextDelivery(device: Device, toyId: Uint8Array): Promise<Delivery | null> {
  const policy = await policyOf(device, toyId);
  const voices = await listVoices(device.store, device.keys, 'waiting', toyId);
  const voice = voices.find((waiting) => !isHeld(policy, waiting));
  if (voice === undefined) return null;
  const { messageId: id, stamp, stream, packets, durationMs } = voice;
  const hash = sodium.crypto_generichash(32, stream, null);
  return { id, stamp, packets: stream, end: { bytes: stream.length, packets, durationMs, hash } };
}

/** The toy has it, or would not take it: forgets it and tells the family, in one write. A second time is no error. */
export async function markDelivered(
  device: Device,
  messageId: Uint8Array,
  isRefused: boolean,
): Promise<void> {
  const voice = await findVoice(device.store, device.keys, 'waiting', messageId);
  if (voice === null) return;
  const receipt: Receipt = {
    messageId,
    state: isRefused ? REFUSED_BY_TOY : DELIVERED_TO_TOY,
    at: device.nowS(),
  };
  await tellReceipt(device, voice, receipt, [forgetVoice('waiting', voice)]);
}

/** What a receipt changes here: who can open a toy's link may say what became of a message, and nobody else. */
export async function takeReceipt(
  device: Device,
  receipt: Receipt,
  sender: { role: number },
): Promise<Change[]> {
  if (sender.role === ROLE_RELATIVE) return [];
  const { messageId, state, at } = receipt;
  // Who has the policy knows better.
  if (state === AWAITS_APPROVAL && device.keys.role !== ROLE_RELATIVE) return [];
  const changes = [
    markLetter(device, messageId, STEP_OF[state], at),
    ...noteUnheard(messageId, STEP_OF[state], at),
  ];
  if (state === DELIVERED_TO_TOY || state === HEARD) {
    const waiting = await findVoice(device.store, device.keys, 'waiting', messageId);
    if (waiting !== null) changes.push(forgetVoice('waiting', waiting));
  }
  return changes;
}

/** Moves what older bridges kept for their toys in `inbox`, where people keep what the child said. */
export async function moveOldWaiting(device: Device): Promise<void> {
  if (device.keys.role !== ROLE_BRIDGE) return;
  for (const voice of await listVoices(device.store, device.keys, 'inbox'))
    await device.store.write([
      forgetVoice('inbox', voice),
      keepVoice(device.keys, 'waiting', voice),
      beginLetter(device, voice, 'to-toy'),
    ]);
}

/** Writes `changes` and how far the message has come, and with them, in one write, the receipt for the family: so it is told once. */
export async function tellReceipt(
  device: Device,
  about: Pick<Voice, 'toyId' | 'senderId'>,
  receipt: Receipt,
  changes: Change[],
): Promise<void> {
  const { roster } = device.family;
  const { messageId, at } = receipt;
  const step = STEP_OF[receipt.state];
  const all = [...changes, markLetter(device, messageId, step, at), ...noteUnheard(messageId, step, at)];
  const { toyId, senderId } = about;
  try {
    const to = recipientsFor(roster, {
      kind: RECEIPT,
      toyId,
      senderId: device.member.id,
      deviceId: memberOf(roster, senderId) === undefined ? null : senderId,
    });
    await postNote(device, { kind: RECEIPT, toyId, extra: encodeReceipt(receipt) }, to, all);
  } catch {
    // A receipt is a courtesy: without prekeys to seal it, or when the toy has left the family, what happened still counts.
    await device.store.write(all);
  }
}

/** The same words by the same sender: they differ by an adult's countersignature at most. */
function isSameMessage(a: Voice, b: Voice): boolean {
  return same(a.senderId, b.senderId) && same(a.stamp.subarray(0, 164), b.stamp.subarray(0, 164));
}
