// How many messages a second the relay acknowledges, each signed, over HTTP, on disk; against what the disk itself can commit in groups.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { startRelay } from '#relay/main.ts';
import { openSqliteStore } from '#relay/sqlite.ts';
import { CONCURRENCY, MESSAGES, senderOfBench } from './relay-sender.ts';
import { type Row, row } from './row.ts';

const SENDER = fileURLToPath(new URL('relay-sender.ts', import.meta.url));
const MESSAGE_BYTES = 20_480;
const UNLIMITED = { burst: 1e9, perSecond: 1e9 };

/**
 * Four rows: messages a second against the disk's group commits of as many messages in the same run; the same without HTTP and
 * signatures, which says what those cost; CPU of the relay's process a message; and the time of one lone message. The sender is another process, and signs before the clock starts.
 */
export async function benchRelay(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-bench-'));
  try {
    const before = diskRate(directory);
    const relay = await measureRelay(directory);
    const store = await storeRate(directory);
    const disk = (before + diskRate(directory)) / 2;
    return [
      row('relay: signed 20 KB messages acknowledged', relay.rate, 'messages/s', disk, {
        of: 'ratio',
        atLeast: 0.25,
      }),
      row('relay: the same through the store alone', store, 'messages/s', disk, null),
      row('relay: CPU a message', relay.cpuUs, 'us', null, null),
      row('relay: a lone message, median', relay.loneMs, 'ms', null, null),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Messages a second when SQLite, as the relay sets it, does nothing but commit CONCURRENCY bodies at a time. */
function diskRate(directory: string): number {
  const path = join(directory, 'disk.sqlite3');
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO body (bytes) VALUES (?)');
  const body = Buffer.alloc(MESSAGE_BYTES, 0x5a);
  const commitGroup = database.transaction(() => {
    for (let i = 0; i < CONCURRENCY; i++) insert.run(body);
  });
  const groups = Math.ceil(MESSAGES / CONCURRENCY);
  const begun = performance.now();
  for (let i = 0; i < groups; i++) commitGroup.immediate();
  const seconds = (performance.now() - begun) / 1000;
  database.close();
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  return (groups * CONCURRENCY) / seconds;
}

/** Messages a second through the relay's store, as many at a time as the sender has under way. */
async function storeRate(directory: string): Promise<number> {
  const quota = { messages: 1e6, sizeBytes: 1e12 };
  const path = join(directory, 'store.sqlite3');
  const store = openSqliteStore({ path, quota, maxBytes: null, reserveBytes: 0 });
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const sender = { family: random(16), device: random(16) };
  const claim = () => ({ nonce: random(16), createdS: 1 });
  const members = [{ device: sender.device, key: random(32) }];
  await store.createFamily(claim(), {
    family: sender.family,
    entries: [random(300)],
    length: 1,
    head: random(32),
    members,
  });
  const recipients = [{ device: sender.device, front: random(1400) }];
  const body = random(MESSAGE_BYTES);
  let left = MESSAGES;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) {
        const message = { sender, message: random(16), hash: random(32), body, recipients, atS: 1 };
        await store.putMessage(claim(), message);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  return MESSAGES / seconds;
}

async function measureRelay(directory: string): Promise<{ rate: number; cpuUs: number; loneMs: number }> {
  const relay = await startRelay(
    {
      directory: join(directory, 'relay'),
      port: 0,
      quota: { messages: 1e6, sizeBytes: 1e12 },
      limits: { address: UNLIMITED, device: UNLIMITED, families: UNLIMITED },
    },
    { nowMs: Date.now, log: new Writable({ write: (_chunk, _encoding, done) => done() }) },
  );
  const sender = spawn(process.execPath, ['--import', 'tsx', SENDER, relay.url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({ input: sender.stdout })[Symbol.asyncIterator]();
    const said = async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error('the sender ended early');
      return Number(value);
    };
    await senderOfBench(relay.url).createFamily();
    sender.stdin.write('begin\n');
    const loneMs = await said();
    const cpu = process.cpuUsage();
    sender.stdin.write('go\n');
    const seconds = await said();
    const { user, system } = process.cpuUsage(cpu);
    return { rate: MESSAGES / seconds, cpuUs: (user + system) / MESSAGES, loneMs };
  } finally {
    sender.kill();
    await once(sender, 'close');
    await relay.close();
  }
}
