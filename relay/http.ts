// The relay's HTTP face: Fastify with nothing left open, and the routes of section 14 behind the check of who asks.
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { MESSAGE_MAX_BYTES } from '#protocol/relay/limits.ts';
import { refusalOf, refuse } from './answer.ts';
import { checkAskers } from './asker.ts';
import { addressKey, createBuckets } from './buckets.ts';
import { contactOf, networks, type RelayConfig } from './config.ts';
import { RelayError } from './error.ts';
import { serveEvents } from './events.ts';
import { createFamilies } from './families.ts';
import { serveInvitations } from './invitations.ts';
import type { RelayLog } from './log.ts';
import { isLoopback } from './loopback.ts';
import { serveMailbox } from './mailbox.ts';
import { serveMessages } from './messages.ts';
import { servePrekeys } from './prekeys.ts';
import { servePush } from './push.ts';
import { pushEndpoints } from './push-hosts.ts';
import type { PushKeys } from './push-keys.ts';
import type { Pushes } from './pushes.ts';
import { serveSafe } from './safe.ts';
import { serveSecurityTxt } from './security-txt.ts';
import type { Delivery, Store } from './store.ts';
import type { Wakes } from './wakes.ts';

/** Longest time for a whole request to come in, in milliseconds: a message over a slow line. */
const REQUEST_TIMEOUT_MS = 60_000;
/** How long an idle connection is kept, in milliseconds: longer than proxies keep theirs. */
const KEEP_ALIVE_MS = 75_000;
const PREFLIGHT_MAX_AGE_S = 7200;

export interface HttpParts {
  config: RelayConfig;
  store: Store;
  wakes: Wakes;
  pushes: Pushes;
  pushKeys: PushKeys;
  log: RelayLog;
  nowMs(): number;
  /** The origin that clients sign for; known once the relay listens. */
  origin(): string;
}

/** The server, not listening yet. @throws RelayError `config` if the certificate cannot be read. */
export function createHttp(parts: HttpParts): FastifyInstance {
  const { config, store, wakes, pushes, log, nowMs, origin } = parts;
  const https = readTls(config);
  const http = fastify({
    https,
    logger: false,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies, 'loopback'] : false,
    bodyLimit: MESSAGE_MAX_BYTES,
    exposeHeadRoutes: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: 0,
    // Long polls end by themselves; what else is under way at closing is finished first.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 64, ignoreTrailingSlash: false },
  } as { logger: false }) as FastifyInstance;

  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.setErrorHandler((error, _request, reply) => {
    const reason = refusalOf(error);
    if (reason === 'failed') log.failure(error);
    return refuse(reply, reason);
  });
  http.setNotFoundHandler((_request, reply) => refuse(reply, 'missing'));
  http.addHook('onResponse', async (request, reply) => {
    const { url } = request.routeOptions;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    log.logger.info({
      who: log.who(request.ip),
      method: request.method,
      route: url ?? 'none',
      status: reply.statusCode,
      ms,
    });
  });

  const addressOf = (request: FastifyRequest) => addressKey(request.ip);
  // Before anything is refused: a page that may call must be able to read that it asks too often.
  allowOrigins(http, config.appOrigins);
  checkAddresses(http, config, nowMs, addressOf);
  const families = createFamilies(store, wakes, nowMs);
  checkAskers(http, {
    origin,
    memberKey: (member) => store.memberKey(member),
    rootKey: families.rootKey,
    doorKey: (place) => store.doorKey(place, Math.floor(nowMs() / 1000)),
    deviceBuckets: createBuckets(config.limits.device, nowMs),
    familyBuckets: createBuckets(config.limits.families, nowMs),
    addressOf,
    nowMs,
  });
  families.serve(http);
  const announce = (delivery: Delivery) => {
    pushes.announce(delivery);
    wakes.wake(delivery);
  };
  serveMessages(http, store, announce, nowMs);
  serveMailbox(http, store, wakes, nowMs);
  servePrekeys(http, store);
  serveSafe(http, store, families);
  serveInvitations(http, { store, families, sleepersPerPart: config.limits.sleepersPerDevice, nowMs });
  servePush(http, store, parts.pushKeys, pushEndpoints(config.push.hosts));
  serveSecurityTxt(http, contactOf(config), origin, nowMs);
  serveEvents(http, store, wakes, config.heartbeatMs);
  // Streams have no end of their own, and closing waits for all answers.
  http.addHook('preClose', async () => wakes.close());
  return http;
}

/** Who may connect at all, and how often. */
function checkAddresses(
  http: FastifyInstance,
  config: RelayConfig,
  nowMs: () => number,
  addressOf: (request: FastifyRequest) => string,
): void {
  const isProxy = networks(config.trustedProxies);
  const buckets = createBuckets(config.limits.address, nowMs);
  const admitted = new WeakSet<Socket>();
  // Without TLS of our own, only this machine and the proxies that end it may speak to us.
  function isAdmitted(socket: Socket): boolean {
    if (config.tls !== null || admitted.has(socket)) return true;
    const peer = socket.remoteAddress ?? '';
    if (!isLoopback(peer) && !isProxy(peer)) return false;
    admitted.add(socket);
    return true;
  }
  http.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isAdmitted(request.socket)) return refuse(reply, 'forbidden');
    const waitS = buckets.take(addressOf(request));
    if (waitS > 0) return refuse(reply.header('retry-after', waitS), 'busy');
  });
}

/** CORS for the app's pages, which are served elsewhere on purpose: who stores must not be who serves the code. */
function allowOrigins(http: FastifyInstance, origins: readonly string[]): void {
  http.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin;
    if (origin === undefined || !origins.includes(origin)) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('vary', 'origin');
    reply.header('access-control-expose-headers', 'date, retry-after');
  });
  http.options('*', async (_request, reply) => {
    if (reply.getHeader('access-control-allow-origin') === undefined) return refuse(reply, 'forbidden');
    reply.header('access-control-allow-methods', 'GET, PUT, POST');
    reply.header('access-control-allow-headers', 'content-type, content-digest, signature-input, signature');
    reply.header('access-control-max-age', PREFLIGHT_MAX_AGE_S);
    return reply.code(204).send();
  });
}

function readTls(config: RelayConfig): { cert: Buffer; key: Buffer } | null {
  if (config.tls === null) return null;
  try {
    return { cert: readFileSync(config.tls.certPath), key: readFileSync(config.tls.keyPath) };
  } catch (error) {
    throw new RelayError('config', 'The TLS certificate or its key cannot be read.', error);
  }
}
