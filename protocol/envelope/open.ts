// Opening: nothing is decrypted before everything about it has been checked, in the order of what a liar could gain.
import { same } from '../bytes.ts';
import type { Roster } from '../family/chain.ts';
import { judgeSender } from '../family/judge.ts';
import type { Member } from '../family/member.ts';
import { maySend } from '../family/recipients.ts';
import { fault } from '../fault.ts';
import { type BodySource, hashBody, openBody, type Sink } from './body.ts';
import type { ContentHead } from './content.ts';
import { type DeliveredFront, verifyEnvelope } from './header.ts';
import type { PrekeyStore } from './prekeys.ts';
import { type ReplayState, takeSequence } from './replay.ts';
import { openWrap } from './wrap.ts';

/** What a device remembers of what it has taken. */
export interface ReplayTable {
  /** The state kept for this sender's device. */
  stateOf(senderId: Uint8Array): Promise<ReplayState>;
  /** True if a message of this sender's device with this id was taken before. */
  hasMessage(senderId: Uint8Array, messageId: Uint8Array): Promise<boolean>;
}

/** The device that opens. */
export interface Opener {
  deviceId: Uint8Array;
  /** As of the newest head it knows. */
  roster: Roster;
  prekeys: PrekeyStore;
  replays: ReplayTable;
}

export interface Opened {
  sender: Member;
  messageId: Uint8Array;
  sequence: number;
  content: ContentHead;
  /** To be kept for the sender's device in the same transaction as the message: before it the message has not been taken. */
  replay: ReplayState;
}

/**
 * Checks the sender against the roster, the signature, the wrap, the commitment, replays and the whole body's hash, and only then
 * decrypts, giving the packet stream to `sink`. When it throws, what the sink got is to be thrown away. Not to be called for two
 * messages of one sender at once: both would take the same replay state.
 * Faults: `envelope-sender`, `envelope-head` (fetch the chain, try again), `envelope-signature`, `envelope-recipient`,
 * `envelope-window` (the prekey is gone), `envelope-commitment`, `envelope-replay`, `envelope-body`, `content-form`.
 */
export async function openEnvelope(
  front: DeliveredFront,
  body: BodySource,
  opener: Opener,
  sink: Sink,
): Promise<Opened> {
  const { header, wrap } = front;
  const sender = judgeSender(opener.roster, header);
  verifyEnvelope(front, sender.signKey);
  if (!same(wrap.deviceId, opener.deviceId)) throw fault('envelope-recipient');
  const secret = await opener.prekeys.get(wrap.window);
  if (secret === null) throw fault('envelope-window');
  const { key, sequence } = openWrap(wrap, secret, front);
  const replay = takeSequence(await opener.replays.stateOf(header.senderId), sequence);
  if (await opener.replays.hasMessage(header.senderId, header.messageId)) throw fault('envelope-replay');
  if (body.sizeBytes !== header.bodyBytes) throw fault('envelope-body');
  if (!same(await hashBody(body), header.bodyHash)) throw fault('envelope-body');
  const accept = (head: ContentHead) => {
    if (!maySend(sender.role, head.kind)) throw fault('envelope-sender');
  };
  const content = await openBody(header.messageId, key, body, sink, accept);
  key.fill(0);
  return { sender, messageId: header.messageId, sequence, content, replay };
}
