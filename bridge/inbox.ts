// Messages from the family: fetched, opened once, and kept before the relay may forget them.
import { same } from '#protocol/bytes.ts';
import { asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { bodyInMemory } from '#protocol/envelope/body.ts';
import { type Kind, type Receipt, VOICE_FROM_TOY } from '#protocol/envelope/content.ts';
import { type DeliveredFront, decodeDeliveredFront, frontBytes } from '#protocol/envelope/header.ts';
import { type Opened, openEnvelope } from '#protocol/envelope/open.ts';
import { decodeReplay, encodeReplay, NOTHING_TAKEN } from '#protocol/envelope/replay.ts';
import { idText } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { MAILBOX_PAGE } from '#protocol/relay/limits.ts';
import { joined } from './bytes.ts';
import type { Device } from './device.ts';
import type { Change } from './store.ts';
import type { Voice } from './voices.ts';

/** An opened message. */
export interface Received extends Opened {
  /** Its place in the mailbox, by which it is acknowledged. */
  cursor: number;
  /** The packet stream. */
  packets: Uint8Array;
}

/** What the device makes of a message. */
export interface Reception {
  /** Kept in the same write that marks the message as taken. */
  changes: Change[];
  /** True: the relay may forget it now. False: the device acknowledges it later. */
  isFinal: boolean;
  /** What somebody who looks on would like to hear of it, once it is kept. */
  news?: News | null;
  /** Done once it is kept; what fails in it is only a courtesy. */
  afterwards?(): Promise<void>;
}

/** What a message has brought: something that the child said, what became of one's own words, another change of the history or of the family. */
export type News =
  | { news: 'voice'; voice: Voice }
  | { news: 'receipt'; receipt: Receipt }
  | { news: 'letters' }
  | { news: 'family' };

export interface ReceptionHost {
  receive(message: Received): Promise<Reception>;
  /** A message that was taken before and is still in the mailbox: true if the relay may forget it. */
  isDone(messageId: Uint8Array): Promise<boolean>;
  /** A message that no honest member could have sent; `code` is the fault. It is acknowledged and gone. */
  refused(messageId: Uint8Array, code: string): void;
  /** A message is on disk. */
  kept?(news: News): void;
}

/** Takes everything that waits. Rejects with RelayUnreachable, StoreError, faults of the relay or of the chain; call again later. */
export async function emptyMailbox(device: Device, host: ReceptionHost): Promise<void> {
  await device.family.refresh();
  let after = 0;
  for (;;) {
    const before = after;
    const page = await device.mailbox.listMailbox(after, MAILBOX_PAGE);
    const done: number[] = [];
    for (const { cursor, message } of page.items) {
      after = cursor;
      if (await isTakenHere(device, message, cursor)) {
        if (await host.isDone(message)) done.push(cursor);
      } else if (await take(device, host, cursor, message)) done.push(cursor);
    }
    if (done.length > 0) await device.mailbox.acknowledge(done);
    // A relay that always promises more could keep us asking for ever.
    if (!page.more || page.items.length === 0 || after <= before) return;
  }
}

/** Opens and keeps one message; true if the relay may forget it. */
async function take(
  device: Device,
  host: ReceptionHost,
  cursor: number,
  messageId: Uint8Array,
): Promise<boolean> {
  const bytes = await device.mailbox.readMessage(cursor);
  const pieces: Uint8Array[] = [];
  let front: DeliveredFront | null = null;
  let opened: Opened;
  let reception: Reception;
  try {
    const end = frontBytes(bytes);
    front = decodeDeliveredFront(bytes.subarray(0, end));
    opened = await openEnvelope(
      front,
      bodyInMemory(bytes.subarray(end)),
      {
        deviceId: device.member.id,
        roster: device.family.roster,
        prekeys: device.prekeys,
        replays: {
          stateOf: async (senderId) => {
            const state = await device.store.get('replays', idText(senderId));
            return state === undefined ? NOTHING_TAKEN : decodeReplay(state);
          },
          hasMessage: async (senderId, id) => (await takingsOf(device, id)).some(isBy(senderId)),
        },
      },
      (piece) => void pieces.push(piece.slice()),
    );
    // The relay's list is only a list: what was signed says which message it is.
    if (!same(opened.messageId, messageId)) throw fault('envelope-form');
    // Two bridges may both hold one recording of the toy: it is heard once. Only bridges and adults may send this kind.
    const { kind } = opened.content;
    reception =
      kind === VOICE_FROM_TOY && (await hasRecording(device, messageId))
        ? { changes: [], isFinal: true }
        : await host.receive({ ...opened, cursor, packets: joined(pieces) });
  } catch (error) {
    const code = (error as Error).message;
    // Signed on a head that the relay did not serve us: it waits.
    if (code === 'envelope-head') return false;
    // The same message at another place of the mailbox, as after a relay was restored: nothing to report.
    if (code === 'envelope-replay' && front !== null && same(front.header.messageId, messageId)) {
      if ((await takingsOf(device, messageId)).some(isBy(front.header.senderId)))
        return host.isDone(messageId);
    }
    if (!/^(envelope|content|roster|audio|stamp|policy)-/.test(code)) throw error;
    host.refused(messageId, code);
    return true;
  }
  await device.store.write([
    takingOf(messageId, opened.sender.id, cursor, opened.content.kind),
    { collection: 'replays', key: idText(opened.sender.id), value: encodeReplay(opened.replay) },
    ...reception.changes,
  ]);
  if (reception.news) host.kept?.(reception.news);
  await reception.afterwards?.().catch(() => {});
  return reception.isFinal;
}

/** True if this device has what the child said under that id, from whichever bridge, or has had it. */
export async function hasRecording(device: Device, messageId: Uint8Array): Promise<boolean> {
  return (await takingsOf(device, messageId)).some(({ kind }) => kind === VOICE_FROM_TOY);
}

/** The change that marks a recording of this device's own link as taken: copies of other bridges are not taken again. */
export function ownTaking(device: Device, messageId: Uint8Array): Change {
  return takingOf(messageId, device.member.id, NO_CURSOR, VOICE_FROM_TOY);
}

/** Cursors of a mailbox begin with 1. */
const NO_CURSOR = 0;

function takingOf(messageId: Uint8Array, senderId: Uint8Array, cursor: number, kind: Kind): Change {
  const key = `${idText(messageId)}/${idText(senderId)}`;
  return { collection: 'seen', key, value: encodeCbor([cursor, kind]) };
}

/** A message that was taken. By its sender too: who learns the id of a message must not be able to send another in its place. */
interface Taking {
  /** Hex. */
  sender: string;
  cursor: number;
  kind: number;
}

async function takingsOf(device: Device, messageId: Uint8Array): Promise<Taking[]> {
  const prefix = `${idText(messageId)}/`;
  return (await device.store.list('seen', prefix)).map(({ key, value }) => {
    const [cursor, kind] = asTuple(decodeCbor(value, 'replay-lost'), 2, 'replay-lost');
    return {
      sender: key.slice(prefix.length),
      cursor: asInteger(cursor, 0, Number.MAX_SAFE_INTEGER, 'replay-lost'),
      kind: asInteger(kind, 0, 255, 'replay-lost'),
    };
  });
}

/** True for what was taken from this very place of the mailbox: it need not be fetched again to know whose it is. */
async function isTakenHere(device: Device, messageId: Uint8Array, cursor: number): Promise<boolean> {
  return (await takingsOf(device, messageId)).some((taking) => taking.cursor === cursor);
}

function isBy(senderId: Uint8Array): (taking: Taking) => boolean {
  const sender = idText(senderId);
  return (taking) => taking.sender === sender;
}
