// One message of the bridge's to two adults, and what a carrier may do with its pieces: the ground that the studies' attacks stand on.
import { decodeUploaded, encodeUploaded, type UploadedEnvelope } from '#protocol/envelope/header.ts';
import {
  bodyOf,
  clipOf,
  deliver,
  joined,
  open,
  type Receiver,
  receiver,
  recipientOf,
  senderOf,
  upload,
  voiceHead,
} from '#test/support/envelope.ts';
import { wholeFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

/** Every refusal of an envelope. */
export const FAULT = /^(envelope|content)-[a-z]+$/;

/** `seed` names the message; `bytes` is the length of its clip. */
export async function sample(seed = 'message', bytes = 2_000) {
  const whole = wholeFamily();
  const { family, mum, dad, bridge, toy } = whole;
  const clip = clipOf(seed, bytes);
  const messageId = draw(seeded(seed), 16);
  const sealed = await bodyOf(messageId, voiceHead(toy.id, 1_000), clip.packets);
  const toMum = await receiver(mum, family.roster);
  const toDad = await receiver(dad, family.roster);
  const recipients = [recipientOf(toMum), recipientOf(toDad)];
  const { uploaded } = upload(sealed, senderOf(bridge, family.roster), recipients);
  return { ...whole, clip, messageId, sealed, toMum, toDad, uploaded, envelope: decodeUploaded(uploaded) };
}

export type Sample = Awaited<ReturnType<typeof sample>>;

/** An envelope of the same parts with some exchanged, encoded without any check. */
export function rebuilt(envelope: UploadedEnvelope, change: Partial<UploadedEnvelope>): Uint8Array {
  const { headerBytes, signature, wraps, body } = { ...envelope, ...change };
  return joined([encodeUploaded(headerBytes, signature, wraps), body]);
}

/** What comes of an uploaded envelope that mum gets: the fault's code, or `opened` and the packets. */
export async function outcome(uploaded: Uint8Array, { family, toMum }: Sample): Promise<string> {
  return outcomeOf(deliver(uploaded, toMum.device.member.id), toMum, family.roster);
}

/** The same of a delivered one. */
export async function outcomeOf(
  delivered: Uint8Array,
  to: Receiver,
  roster: Sample['family']['roster'],
): Promise<string> {
  try {
    return `opened ${(await open(delivered, to, roster)).packets.length}`;
  } catch (error) {
    return (error as Error).message;
  }
}
