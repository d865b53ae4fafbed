// Messages on their way to the family: sealed, kept on disk, and sent until the relay has them on its own.
import { putU32, u32 } from '#protocol/bytes.ts';
import { NO_PACKETS, type Packets, sealBody } from '#protocol/envelope/body.ts';
import { CODEC_NONE, type ContentHead } from '#protocol/envelope/content.ts';
import { type Skipped, sealEnvelope } from '#protocol/envelope/seal.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import { idText } from '#protocol/family/member.ts';
import { PREKEYS_MAX_DEVICES } from '#protocol/relay/limits.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { bytesOfHex, joined } from './bytes.ts';
import { type Device, nameOf } from './device.ts';
import type { Change, Store } from './store.ts';

/** What happened to an envelope that was sent. */
export interface Sent {
  messageId: Uint8Array;
  /** `rejected`: somebody it was sealed for has left the family; it must be sealed again from what it was made of. */
  result: 'stored' | 'rejected';
}

/**
 * Seals a message for `recipients` and puts it into the outbox together with `changes`: all of it is durable, or none, when this
 * resolves. Those without fresh prekeys are skipped and named. Faults as `sealEnvelope`; RelayUnreachable where no prekeys are known yet.
 */
export async function postMessage(
  device: Device,
  message: { id: Uint8Array; head: ContentHead; packets: Packets },
  recipients: readonly SigningMember[],
  changes: Change[] = [],
): Promise<Skipped[]> {
  const bundles = await bundlesOf(device, recipients);
  return inTurn(device.store, async () => {
    const sealed = await seal(device, message, recipients, bundles);
    await device.store.write([
      { collection: 'outbox', key: idText(message.id), value: sealed.envelope },
      ...sealed.changes,
      ...changes,
    ]);
    return sealed.skipped;
  });
}

/**
 * Seals a note that is of use only now and gives it to the relay: it is never on this disk, and lost with the power. Rejects as
 * `postMessage`, or with a fault of the relay; the same `send` may be tried again.
 */
export async function sealNote(
  device: Device,
  note: Pick<ContentHead, 'kind' | 'toyId' | 'extra'>,
  recipients: readonly SigningMember[],
): Promise<{ send(): Promise<void> }> {
  const head = { ...note, sentAt: device.nowS(), durationMs: 0, packets: 0, codec: CODEC_NONE };
  const id = sodium.randombytes_buf(16);
  const bundles = await bundlesOf(device, recipients);
  const { envelope } = await inTurn(device.store, async () => {
    const sealed = await seal(device, { id, head, packets: NO_PACKETS }, recipients, bundles);
    await device.store.write(sealed.changes);
    return sealed;
  });
  return { send: () => device.mailbox.putMessage(id, envelope).then(() => {}) };
}

interface Sealed {
  envelope: Uint8Array;
  skipped: Skipped[];
  /** What must be on disk before the envelope leaves: which sequences are used up. */
  changes: Change[];
}

async function seal(
  device: Device,
  message: { id: Uint8Array; head: ContentHead; packets: Packets },
  recipients: readonly SigningMember[],
  bundles: readonly (Uint8Array | null)[],
): Promise<Sealed> {
  const sequences = await nextSequences(device, recipients.map(nameOf));
  const body: Uint8Array[] = [];
  const draft = await sealBody(
    message.id,
    message.head,
    message.packets,
    (piece) => void body.push(piece),
    device.random,
  );
  const { front, skipped } = sealEnvelope(
    draft,
    device.asSender(),
    recipients.map((member, i) => ({
      deviceId: member.id,
      signKey: member.signKey,
      bundle: bundles[i]!,
      sequence: sequences.numbers[i]!,
    })),
    device.nowS(),
    device.random,
  );
  return { envelope: joined([front, ...body]), skipped, changes: sequences.changes };
}

/**
 * Posts a message without packets, said now, together with `changes`; where there is nobody to tell, the changes alone. Rejects as
 * `postMessage`: nothing was changed then.
 */
export async function postNote(
  device: Device,
  note: Pick<ContentHead, 'kind' | 'toyId' | 'extra'>,
  recipients: readonly SigningMember[],
  changes: Change[],
): Promise<void> {
  if (recipients.length === 0) return device.store.write(changes);
  const head = { ...note, sentAt: device.nowS(), durationMs: 0, packets: 0, codec: CODEC_NONE };
  const message = { id: sodium.randombytes_buf(16), head, packets: NO_PACKETS };
  await postMessage(device, message, recipients, changes);
}

/**
 * Sends what waits, oldest id first; tells of each envelope that has found its end and forgets it in the same write as the changes
 * that come back. Stops at the first failure that may pass: RelayUnreachable, or a fault of the relay.
 */
export async function emptyOutbox(device: Device, sent: (outcome: Sent) => Promise<Change[]>): Promise<void> {
  for (const { key, value } of await device.store.list('outbox', '')) {
    const messageId = bytesOfHex(key);
    const result = await putOnce(device, messageId, value);
    const changes = await sent({ messageId, result });
    await device.store.write([{ collection: 'outbox', key, value: null }, ...changes]);
  }
}

async function putOnce(device: Device, messageId: Uint8Array, envelope: Uint8Array): Promise<Sent['result']> {
  try {
    await device.mailbox.putMessage(messageId, envelope);
    return 'stored';
  } catch (error) {
    const code = (error as Error).message;
    // Only this device can have stored something under its own id: an earlier sealing whose answer was lost.
    if (code === 'relay-conflict') return 'stored';
    if (code !== 'relay-recipient') throw error;
    await device.family.refresh();
    return 'rejected';
  }
}

const turns = new WeakMap<Store, Promise<unknown>>();

/** One message after the other: between reading a sequence and writing that it is used, nobody else may read it. */
function inTurn<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(store) ?? Promise.resolve()).then(work);
  turns.set(
    store,
    turn.catch(() => {}),
  );
  return turn;
}

/** The prekey bundles of some members, fresh if the relay can be reached, else as last seen. */
async function bundlesOf(device: Device, members: readonly SigningMember[]): Promise<(Uint8Array | null)[]> {
  try {
    const changes: Change[] = [];
    for (let from = 0; from < members.length; from += PREKEYS_MAX_DEVICES) {
      const ids = members.slice(from, from + PREKEYS_MAX_DEVICES).map((member) => member.id);
      for (const { device: id, bundle } of await device.mailbox.readPrekeys(ids)) {
        changes.push({ collection: 'bundles', key: idText(id), value: bundle });
      }
    }
    await device.store.write(changes);
  } catch (error) {
    const known = await Promise.all(members.map((member) => device.store.get('bundles', nameOf(member))));
    if (known.every((bundle) => bundle === undefined)) throw error;
  }
  const kept = members.map(async (member) => (await device.store.get('bundles', nameOf(member))) ?? null);
  return Promise.all(kept);
}

/** The next number of each row, and the changes that use it up. A number that was used is never used again, even if its message was not sent. */
export async function nextSequences(
  device: Pick<Device, 'store'>,
  names: readonly string[],
): Promise<{ numbers: number[]; changes: Change[] }> {
  const numbers: number[] = [];
  const changes: Change[] = [];
  for (const name of names) {
    const last = await device.store.get('sequences', name);
    const number = (last === undefined ? 0 : u32(last, 0)) + 1;
    const value = new Uint8Array(4);
    putU32(value, 0, number);
    numbers.push(number);
    changes.push({ collection: 'sequences', key: name, value });
  }
  return { numbers, changes };
}
