// Messages and mailboxes in SQLite: a body once, and for each recipient a row with its own front.
import { same } from '#protocol/bytes.ts';
import { ID_BYTES, MESSAGE_TTL_S, OFFERED_GRACE_S } from '#protocol/relay/limits.ts';
import { type Ground, plain } from './sqlite-ground.ts';
import type { Delivery, NewMessage, PutOutcome, Quota, Store } from './store.ts';

/** Rows that one transaction of expiry looks at: bounds how long it holds the others up. */
const EXPIRE_ROWS = 200;

type MessageStore = Pick<
  Store,
  'putMessage' | 'listMailbox' | 'readMessage' | 'acknowledge' | 'isOffered' | 'newestCursor'
>;

interface Mailbox {
  id: number;
  cursor: number;
  messages: number;
  size_bytes: number;
}

interface StoredMessage {
  id: number;
  hash: Buffer;
  body_bytes: number;
  waiting: number;
  missed: Buffer | null;
}

/** The part of the store that holds messages. `emptyMailbox` is called inside a transaction. */
export function sqliteMessages(
  ground: Ground,
  quota: Quota,
): { store: MessageStore; emptyMailbox(memberId: number): void; expire(nowS: number): Promise<number> } {
  const { database, commit, claim, memberId, requireRoom } = ground;
  const selectMessage = database.prepare(
    'SELECT id, hash, body_bytes, waiting, missed FROM message WHERE sender_id = ? AND message = ?',
  );
  const insertMessage = database.prepare(
    `INSERT INTO message (sender_id, message, hash, body_bytes, waiting, missed, stored_s) VALUES (?, ?, ?, ?, 0, ?, ?)`,
  );
  const deleteMessage = database.prepare('DELETE FROM message WHERE id = ?');
  const setMissed = database.prepare('UPDATE message SET missed = ? WHERE id = ?');
  const addWaiting = database
    .prepare('UPDATE message SET waiting = waiting + ? WHERE id = ? RETURNING waiting')
    .pluck();
  const insertBody = database.prepare(
    'INSERT INTO body (message_id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const deleteBody = database.prepare('DELETE FROM body WHERE message_id = ?');
  const selectMailbox = database.prepare('SELECT id, cursor, messages, size_bytes FROM member WHERE id = ?');
  const growMailbox = database.prepare(
    'UPDATE member SET cursor = cursor + 1, messages = messages + 1, size_bytes = size_bytes + ? WHERE id = ?',
  );
  const shrinkMailbox = database.prepare(
    'UPDATE member SET messages = messages - 1, size_bytes = size_bytes - ? WHERE id = ?',
  );
  const insertDelivery = database.prepare(
    'INSERT INTO delivery (member_id, cursor, message_id, front) VALUES (?, ?, ?, ?)',
  );
  const selectDelivery = database.prepare(
    `SELECT message_id, length(front) + body_bytes AS size_bytes FROM delivery JOIN message ON message.id = message_id
     WHERE member_id = ? AND delivery.cursor = ?`,
  );
  const deleteDelivery = database.prepare('DELETE FROM delivery WHERE member_id = ? AND cursor = ?');
  const selectPage = database.prepare(
    `SELECT cursor, message, length(front) + body_bytes AS size_bytes, offered_s
     FROM delivery JOIN message ON message.id = message_id WHERE member_id = ? AND cursor > ? ORDER BY cursor LIMIT ?`,
  );
  const offer = database.prepare(
    'UPDATE delivery SET offered_s = ? WHERE member_id = ? AND cursor > ? AND cursor <= ? AND offered_s IS NULL',
  );
  const selectBytes = database.prepare(
    `SELECT front, bytes FROM delivery JOIN body USING (message_id) WHERE member_id = ? AND cursor = ?`,
  );
  const selectCursors = database.prepare('SELECT cursor FROM delivery WHERE member_id = ?').pluck();
  const selectExpired = database.prepare(
    `SELECT member_id, cursor FROM delivery JOIN message ON message.id = message_id
     WHERE offered_s <= ? AND stored_s <= ? LIMIT ?`,
  );
  const selectUnoffered = database.prepare(
    'SELECT 1 FROM delivery WHERE member_id = ? AND cursor = ? AND offered_s IS NULL',
  );
  const deleteDone = database.prepare(
    'DELETE FROM message WHERE id IN (SELECT id FROM message WHERE waiting = 0 AND stored_s <= ? LIMIT ?)',
  );

  /** Puts a message into those mailboxes that have room. */
  function deliver(
    messageId: number,
    message: NewMessage,
    mailboxes: readonly { device: Uint8Array; id: number }[],
  ) {
    const full: Uint8Array[] = [];
    const deliveries: Delivery[] = [];
    for (const { device, id } of mailboxes) {
      const front = message.recipients.find((recipient) => same(recipient.device, device))!.front;
      const sizeBytes = front.length + message.body.length;
      const box = selectMailbox.get(id) as Mailbox;
      if (box.messages >= quota.messages || box.size_bytes + sizeBytes > quota.sizeBytes) {
        full.push(device);
        continue;
      }
      growMailbox.run(sizeBytes, id);
      insertDelivery.run(id, box.cursor + 1, messageId, front);
      deliveries.push({ family: message.sender.family, device, cursor: box.cursor + 1 });
    }
    if (deliveries.length > 0) {
      insertBody.run(messageId, message.body);
      addWaiting.get(deliveries.length, messageId);
    }
    setMissed.run(full.length > 0 ? Buffer.concat(full) : null, messageId);
    return { full, deliveries };
  }

  function putNew(senderId: number, message: NewMessage): PutOutcome {
    const { family } = message.sender;
    const mailboxes: { device: Uint8Array; id: number }[] = [];
    for (const { device } of message.recipients) {
      const id = ground.findMember({ family, device });
      if (id === null) return { outcome: 'recipient', full: [], deliveries: [] };
      mailboxes.push({ device, id });
    }
    requireRoom(message.recipients.reduce((sum, { front }) => sum + front.length, message.body.length));
    const row = insertMessage.run(
      senderId,
      message.message,
      message.hash,
      message.body.length,
      null,
      message.atS,
    );
    const id = Number(row.lastInsertRowid);
    const { full, deliveries } = deliver(id, message, mailboxes);
    if (deliveries.length > 0) return { outcome: 'stored', full, deliveries };
    deleteMessage.run(id);
    return { outcome: 'full', full, deliveries };
  }

  /** The same upload again: only who was missed before is tried. */
  function putAgain(stored: StoredMessage, message: NewMessage): PutOutcome {
    if (!same(stored.hash, message.hash)) return { outcome: 'conflict', full: [], deliveries: [] };
    const missed = stored.missed === null ? [] : split(stored.missed);
    const mailboxes: { device: Uint8Array; id: number }[] = [];
    for (const device of missed) {
      const id = ground.findMember({ family: message.sender.family, device });
      if (id !== null) mailboxes.push({ device, id });
    }
    if (mailboxes.length > 0) requireRoom(message.body.length);
    return missed.length === 0
      ? { outcome: 'known', full: [], deliveries: [] }
      : { outcome: 'known', ...deliver(stored.id, message, mailboxes) };
  }

  /** Takes one message out of one mailbox; its body goes with the last one. False if it was not there. */
  function drop(member: number, cursor: number): boolean {
    const row = selectDelivery.get(member, cursor) as { message_id: number; size_bytes: number } | undefined;
    if (row === undefined) return false;
    deleteDelivery.run(member, cursor);
    shrinkMailbox.run(row.size_bytes, member);
    if (addWaiting.get(-1, row.message_id) === 0) deleteBody.run(row.message_id);
    return true;
  }

  return {
    emptyMailbox(id) {
      for (const cursor of selectCursors.all(id) as number[]) drop(id, cursor);
    },
    async expire(nowS) {
      let dropped = 0;
      for (let isMore = true; isMore; ) {
        isMore = await commit(() => {
          const rows = selectExpired.all(nowS - OFFERED_GRACE_S, nowS - MESSAGE_TTL_S, EXPIRE_ROWS);
          for (const { member_id, cursor } of rows as { member_id: number; cursor: number }[])
            drop(member_id, cursor);
          dropped += rows.length;
          const done = deleteDone.run(nowS - MESSAGE_TTL_S, EXPIRE_ROWS).changes;
          return rows.length === EXPIRE_ROWS || done === EXPIRE_ROWS;
        });
      }
      return dropped;
    },
    store: {
      putMessage: (wanted, message) =>
        commit(() => {
          claim(wanted);
          const senderId = memberId(message.sender);
          const stored = selectMessage.get(senderId, message.message) as StoredMessage | undefined;
          return stored === undefined ? putNew(senderId, message) : putAgain(stored, message);
        }),
      listMailbox: (wanted, reader, { after, limit, atS }) =>
        commit(() => {
          claim(wanted);
          const id = memberId(reader);
          const rows = selectPage.all(id, after, limit + 1) as {
            cursor: number;
            message: Buffer;
            size_bytes: number;
            offered_s: number | null;
          }[];
          const page = rows.slice(0, limit);
          if (page.some((row) => row.offered_s === null))
            offer.run(atS, id, after, page[page.length - 1]!.cursor);
          const items = page.map((row) => ({
            cursor: row.cursor,
            message: plain(row.message),
            sizeBytes: row.size_bytes,
          }));
          return { items, more: rows.length > limit };
        }),
      readMessage: (wanted, reader, cursor) =>
        commit(() => {
          claim(wanted);
          const row = selectBytes.get(memberId(reader), cursor) as
            | { front: Buffer; bytes: Buffer }
            | undefined;
          return row === undefined ? null : plain(Buffer.concat([row.front, row.bytes]));
        }),
      acknowledge: (wanted, reader, cursors) =>
        commit(() => {
          claim(wanted);
          const id = memberId(reader);
          return cursors.filter((cursor) => drop(id, cursor)).length;
        }),
      async isOffered({ family, device, cursor }) {
        const id = ground.findMember({ family, device });
        return id === null || selectUnoffered.get(id, cursor) === undefined;
      },
      newestCursor: (reader) => commit(() => (selectMailbox.get(memberId(reader)) as Mailbox).cursor),
    },
  };
}

function split(devices: Buffer): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let i = 0; i < devices.length; i += ID_BYTES) out.push(plain(devices.subarray(i, i + ID_BYTES)));
  return out;
}
