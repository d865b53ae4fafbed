// The relay: configuration in, a running server out. The only file here that knows all the others.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import { contactOf, type RelayConfig, type RelayConfigInput, readConfig } from './config.ts';
import { RelayError } from './error.ts';
import { createHttp } from './http.ts';
import { createLog } from './log.ts';
import { pushEndpoints } from './push-hosts.ts';
import { openPushKeys, PUSH_KEYS_NAME } from './push-keys.ts';
import { createPushes } from './pushes.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';
import { createWakes } from './wakes.ts';

/** The database's file in the data directory. */
export const DATABASE_NAME = 'relay.sqlite3';
const EXPIRE_EVERY_MS = 60_000;
/** How long a request that is under way may take to end when the relay closes. */
const GRACE_MS = 2_000;

/** What the relay has of the world besides its configuration. */
export interface World {
  /** Unix milliseconds. */
  nowMs(): number;
  log: DestinationStream;
}

export interface Relay {
  /** Where it listens, as clients sign for it. */
  url: string;
  /** Every byte it has stored, file by file: what someone gets who copies the whole cloud. */
  dump(): Promise<{ name: string; bytes: Uint8Array }[]>;
  /** Ends streams, finishes what is under way, closes the store. */
  close(): Promise<void>;
}

/**
 * Starts a relay. @throws RelayError: `config`, `insecure`, `store-damaged`, `store-version`, `store-locked`, `store-full`,
 * `store-failed`; its `exitCode` is for a process that can do nothing but end.
 */
export async function startRelay(input: RelayConfigInput, world: World = systemWorld()): Promise<Relay> {
  const config = readConfig(input);
  requirePrivate(config.directory);
  const log = createLog(world.log, world.nowMs);
  const store = openSqliteStore({
    path: join(config.directory, DATABASE_NAME),
    quota: config.quota,
    maxBytes: config.storeMaxBytes,
    reserveBytes: config.storeReserveBytes,
  });
  const pushKeys = await whileOpen(store, () => openPushKeys(config.directory));
  const wakes = createWakes(config.limits.sleepersPerDevice);
  const pushes = createPushes({
    store,
    isListening: (member) => wakes.hasSleeper(member),
    keys: pushKeys,
    subject: contactOf(config),
    readEndpoint: pushEndpoints(config.push.hosts),
    log,
    after(ms, action) {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
  });
  let url = config.publicUrl ?? '';
  const expire = () => store.expire(Math.floor(world.nowMs() / 1000)).catch((error) => log.failure(error));
  const timer = setInterval(expire, EXPIRE_EVERY_MS);
  try {
    const { nowMs } = world;
    const http = createHttp({ config, store, wakes, pushes, pushKeys, log, nowMs, origin: () => url });
    await http.listen({ host: config.host, port: config.port });
    if (config.publicUrl === null) url = boundUrl(config, http.server.address() as AddressInfo);
    log.logger.info('listening');
    let closed: Promise<void> | null = null;
    return {
      url,
      async dump() {
        const keys = readFileSync(join(config.directory, PUSH_KEYS_NAME));
        return [...(await store.dump()), { name: PUSH_KEYS_NAME, bytes: new Uint8Array(keys) }];
      },
      close: () => {
        closed ??= (async () => {
          clearInterval(timer);
          // A client's spare connection, opened and not yet used, counts as busy for Node and would be waited for.
          const end = setTimeout(() => http.server.closeAllConnections(), GRACE_MS);
          await http.close();
          clearTimeout(end);
          pushes.close();
          await store.close();
          log.logger.info('closed');
        })();
        return closed;
      },
    };
  } catch (error) {
    clearInterval(timer);
    pushes.close();
    await store.close();
    if (error instanceof RelayError) throw error;
    throw new RelayError('config', `The relay cannot listen on ${config.host}:${config.port}.`, error);
  }
}

/** Closes the store again if the next step throws. The store comes first: its lock keeps a second relay away from the other files. */
async function whileOpen<T>(store: Store, step: () => T): Promise<T> {
  try {
    return step();
  } catch (error) {
    await store.close();
    throw error;
  }
}

function systemWorld(): World {
  return { nowMs: Date.now, log: process.stdout };
}

/** Makes the data directory, or refuses one that others on this machine may look into. */
function requirePrivate(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new RelayError('config', `The data directory ${directory} cannot be made.`, error);
  }
  if ((statSync(directory).mode & 0o077) !== 0) {
    throw new RelayError(
      'insecure',
      `Others on this machine may look into ${directory}. Run: chmod 700 ${directory}`,
    );
  }
}

function boundUrl(config: RelayConfig, bound: AddressInfo): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls === null ? 'http' : 'https'}://${host}:${bound.port}`;
}
