// Wakes devices that listen to nothing, through the push services of their browsers: one empty request, which says only "look".
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import webPush from 'web-push';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import type { RelayLog } from './log.ts';
import type { PushKeys } from './push-keys.ts';
import type { Delivery, Member, Store } from './store.ts';

/** Least time between two pushes to one device, in milliseconds. */
export const PUSH_REST_MS = 5_000;
/** How long a device that listens has to look into its mailbox before it is pushed all the same, in milliseconds. */
export const PUSH_GRACE_MS = 10_000;
/** A push that failed is tried again after a rest four times as long each time, up to this, in milliseconds, */
const REST_MAX_MS = 300_000;
/** and so often: then the next message begins anew. */
export const PUSH_TRIES = 8;
/** Longest time a push service may take, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Most bytes of its answer that are taken in. */
const ANSWER_MAX_BYTES = 16_384;
const SOCKETS_PER_HOST = 16;
/** How long a push service keeps a push for a device that is off, in seconds. */
const TTL_S = 86_400;
/** One for all: a newer push takes the place of one that was not delivered yet. */
const TOPIC = 'wake';

export interface Pushes {
  /** Sees to it that a device hears of a message. Returns at once and throws nothing. */
  announce(delivery: Delivery): void;
  /** Ends what is under way; nothing is sent any more. */
  close(): void;
}

export interface PushParts {
  store: Pick<Store, 'pushEndpoint' | 'forgetPush' | 'isOffered'>;
  /** True while the device has an event stream or a long poll open. */
  isListening(member: Member): boolean;
  keys: PushKeys;
  /** Who runs this relay, for the push services: a `mailto:` or `https:` URL. */
  subject: string;
  /** The URL of an endpoint, or null if it may not be called. */
  readEndpoint(text: string): URL | null;
  log: RelayLog;
  /** Runs an action after some milliseconds; the function given back calls it off. */
  after(ms: number, action: () => void): () => void;
}

/** What is known of a device for a few seconds. */
interface Waiting {
  /** True after a push; false while the device listens and is given time to look. */
  isResting: boolean;
  /** The newest message that it has not been pushed for. */
  newest: Delivery | null;
  /** Pushes in a row that did not get through. */
  failures: number;
  callOff(): void;
}

function restMs(failures: number): number {
  return Math.min(PUSH_REST_MS * 4 ** failures, REST_MAX_MS);
}

export function createPushes(parts: PushParts): Pushes {
  const waiting = new Map<string, Waiting>();
  const underWay = new Set<ClientRequest>();
  const agents = {
    'http:': new HttpAgent({ keepAlive: false, maxSockets: SOCKETS_PER_HOST }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS_PER_HOST }),
  };
  let isClosed = false;

  function announce(delivery: Delivery, failures = 0): void {
    if (isClosed) return;
    const key = encodeKeyId(delivery);
    const known = waiting.get(key);
    if (known !== undefined && (known.isResting || parts.isListening(delivery))) {
      known.newest = delivery;
      return;
    }
    known?.callOff();
    if (parts.isListening(delivery)) waitFor(key, PUSH_GRACE_MS, false, delivery, 0);
    else pushNow(key, delivery, failures);
  }

  function waitFor(
    key: string,
    ms: number,
    isResting: boolean,
    newest: Delivery | null,
    failures: number,
  ): Waiting {
    const callOff = parts.after(ms, () => void over(key).catch((error) => parts.log.failure(error)));
    const entry = { isResting, newest, failures, callOff };
    waiting.set(key, entry);
    return entry;
  }

  /** The time of a device is over: is there still something that it has not seen? */
  async function over(key: string): Promise<void> {
    const { isResting, newest, failures } = waiting.get(key)!;
    waiting.delete(key);
    if (isClosed || newest === null || (await parts.store.isOffered(newest))) return;
    // Phones fall asleep without closing their streams: whoever does not look is no longer believed to listen.
    if (isResting) announce(newest, failures);
    else if (!waiting.has(key)) pushNow(key, newest, 0);
  }

  function pushNow(key: string, delivery: Delivery, failures: number): void {
    const rest = waitFor(key, restMs(failures), true, null, 0);
    push(delivery)
      .then((isThrough) => {
        if (isThrough || isClosed || failures + 1 >= PUSH_TRIES) return;
        rest.failures = failures + 1;
        rest.newest ??= delivery;
        // The push took longer than the rest, and nothing came in between.
        if (!waiting.has(key)) waitFor(key, restMs(failures + 1), true, rest.newest, failures + 1);
      })
      .catch((error) => parts.log.failure(error));
  }

  /** False if it is worth another try. */
  async function push(member: Member): Promise<boolean> {
    const endpoint = await parts.store.pushEndpoint(member);
    if (endpoint === null || isClosed) return true;
    const url = parts.readEndpoint(endpoint);
    // Not allowed any more counts as gone. What the services say of an endpoint is logged without it.
    const status = url === null ? 410 : await post(url);
    if (isClosed) return true;
    if (status === 404 || status === 410) await parts.store.forgetPush(member, endpoint);
    else if (typeof status === 'string') parts.log.logger.warn({ code: status }, 'push failed');
    else if (status >= 300) parts.log.logger.warn({ status }, 'push refused');
    return typeof status === 'number' && status !== 429 && status < 500;
  }

  /** The status, or the code of the error if there was no answer. Redirects are answers like any other. */
  function post(url: URL): Promise<number | string> {
    const { keys, subject } = parts;
    const { headers } = webPush.generateRequestDetails(
      { endpoint: url.href } as webPush.PushSubscription,
      null,
      {
        vapidDetails: { subject, ...keys },
        TTL: TTL_S,
        urgency: 'high',
        topic: TOPIC,
      },
    );
    return new Promise((resolve) => {
      const isPlain = url.protocol === 'http:';
      const send = isPlain ? httpRequest : httpsRequest;
      const agent = agents[isPlain ? 'http:' : 'https:'];
      const request = send(url, { method: 'POST', headers, agent }, (answer) => {
        let taken = 0;
        answer.on('data', (chunk: Buffer) => {
          taken += chunk.length;
          if (taken > ANSWER_MAX_BYTES) request.destroy();
        });
        answer.on('error', () => {});
        resolve(answer.statusCode!);
      });
      underWay.add(request);
      const timer = setTimeout(() => request.destroy(), TIMEOUT_MS);
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
      request.on('close', () => {
        clearTimeout(timer);
        underWay.delete(request);
        resolve('closed');
      });
      request.end();
    });
  }

  return {
    announce: (delivery) => announce(delivery),
    close() {
      isClosed = true;
      for (const { callOff } of waiting.values()) callOff();
      waiting.clear();
      for (const request of underWay) request.destroy();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
