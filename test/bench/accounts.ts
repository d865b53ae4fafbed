// Whether the relay slows down with as many accounts as CloudPets had when its database was copied: families, relatives and messages.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteStore } from '#relay/sqlite.ts';
import type { Store } from '#relay/store.ts';
import { type Row, row } from './row.ts';

const FAMILIES = 821_396;
const RELATIVES = 371_970;
const MESSAGES = 2_182_337;
/** Of the rows that only fill the disk: with 20 KB they would be 43 GB. Rows and indices are as many. */
const FILLING_BODY_BYTES = 200;
const BODY_BYTES = 20_480;
const OPERATIONS = 2_000;
/** The two take turns; the median counts. */
const ROUNDS = 7;
const CONCURRENCY = 16;
const NOW_S = 1_800_000_000;

/** One row: p99 of putting a 20 KB message into a full relay against an empty one. `scale`, 0-1, is the share of CloudPets' numbers. */
export async function benchAccounts(scale: number): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-bench-accounts-'));
  const empty = await openAt(join(directory, 'empty.sqlite3'), 0);
  const full = await openAt(join(directory, 'full.sqlite3'), scale);
  try {
    const p99Ms = { empty: [] as number[], full: [] as number[] };
    for (let round = -1; round < ROUNDS; round++) {
      const [ofEmpty, ofFull] = [await measure(empty), await measure(full)];
      // The first round warms up.
      if (round >= 0) p99Ms.empty.push(ofEmpty);
      if (round >= 0) p99Ms.full.push(ofFull);
    }
    const name = `relay: p99 of a message with ${Math.round(FAMILIES * scale).toLocaleString('en')} families`;
    return [row(name, median(p99Ms.full), 'ms', median(p99Ms.empty), { of: 'ratio', atMost: 1.5 })];
  } finally {
    await empty.close();
    await full.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const claim = () => ({ nonce: random(16), createdS: NOW_S });

async function openAt(path: string, scale: number): Promise<Store> {
  const open = () =>
    openSqliteStore({ path, quota: { messages: 1e6, sizeBytes: 1e12 }, maxBytes: null, reserveBytes: 0 });
  if (scale === 0) return open();
  await open().close();
  fill(path, scale);
  return open();
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Rows straight into the tables, in one transaction: through the relay's own door it would take hours. */
function fill(path: string, scale: number): void {
  const [families, relatives, messages] = [FAMILIES, RELATIVES, MESSAGES].map((count) =>
    Math.round(count * scale),
  );
  const database = new Database(path);
  database.pragma('synchronous = OFF');
  const counting = (count: number) =>
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  database.exec(`BEGIN;
    INSERT INTO family (id, family, length, head) ${counting(families!)} SELECT i, randomblob(16), 1, randomblob(32) FROM n;
    INSERT INTO entry (family_id, number, bytes) SELECT id, 0, randomblob(300) FROM family;
    INSERT INTO member (family, device, key, active) SELECT family, randomblob(16), randomblob(32), 1 FROM family;
    INSERT INTO member (family, device, key, active)
      SELECT family, randomblob(16), randomblob(32), 1 FROM family WHERE id <= ${relatives};
    INSERT INTO message (id, sender_id, message, hash, body_bytes, waiting, stored_s)
      ${counting(messages!)} SELECT i, 1 + i % ${families}, randomblob(16), randomblob(32), ${FILLING_BODY_BYTES}, 1, ${NOW_S} FROM n;
    INSERT INTO body (message_id, bytes) SELECT id, randomblob(${FILLING_BODY_BYTES}) FROM message;
    INSERT INTO delivery (member_id, cursor, message_id, front)
      SELECT sender_id, 1 + id / ${families}, id, randomblob(1400) FROM message;
    UPDATE member SET cursor = 10, messages = 3;
    COMMIT`);
  database.close();
}

/** The slowest of a hundred puts, by families that come to this relay now. */
async function measure(store: Store): Promise<number> {
  const senders = Array.from({ length: CONCURRENCY }, () => ({ family: random(16), device: random(16) }));
  for (const { family, device } of senders) {
    const members = [{ device, key: random(32) }];
    await store.createFamily(claim(), {
      family,
      entries: [random(300)],
      length: 1,
      head: random(32),
      members,
    });
  }
  const takenMs: number[] = [];
  await Promise.all(
    senders.map(async (sender) => {
      for (let i = 0; i < OPERATIONS / CONCURRENCY; i++) {
        const recipients = [{ device: sender.device, front: random(1400) }];
        const message = {
          sender,
          message: random(16),
          hash: random(32),
          body: random(BODY_BYTES),
          recipients,
          atS: NOW_S,
        };
        const begunMs = performance.now();
        await store.putMessage(claim(), message);
        takenMs.push(performance.now() - begunMs);
      }
    }),
  );
  return takenMs.sort((a, b) => a - b)[Math.floor(takenMs.length * 0.99)]!;
}
