// The relay as one device reaches it: the protocol's client over axios, and the stream that says when something waits.
import axios from 'axios';
import {
  type RelayAnswer,
  type RelayClient,
  type RelayRequest,
  relayClient,
} from '#protocol/relay/client.ts';
import { wakeReader } from '#protocol/relay/events.ts';
import { HEARTBEAT_S, MESSAGE_MAX_BYTES, WAIT_MAX_S } from '#protocol/relay/limits.ts';
import type { RequestKey } from '#protocol/relay/signature.ts';

/** Longer than the longest answer that the relay may hold back. */
const TIMEOUT_MS = (WAIT_MAX_S + 15) * 1000;
/** A stream without a heartbeat for this long is dead, whatever TCP thinks. */
const SILENCE_MS = 3 * HEARTBEAT_S * 1000;

const NO_CONTENT = 204;

/** No relay answered. Nothing was lost by it; whoever asked tries again. */
export class RelayUnreachable extends Error {
  readonly advice: string;
  constructor(origin: string, cause: unknown) {
    // The library's own error carries the request with its headers and body: only its code may go further.
    super(`relay unreachable (${String((cause as { code?: unknown }).code ?? 'no answer')})`);
    this.name = 'RelayUnreachable';
    this.advice = `No relay answers at ${origin}. Is it running, and is this machine online?`;
  }
}

export interface Mailbox extends RelayClient {
  /** Calls `wake` each time the mailbox has grown, until the stream ends or `signal` aborts. Rejects with RelayUnreachable or a fault. */
  listen(after: number, wake: () => void, signal: AbortSignal): Promise<void>;
}

/** A request as it left, and how it was answered. */
export interface Exchange {
  method: string;
  /** Path and query, as sent. */
  path: string;
  body: Uint8Array;
  /** 0: no answer came. */
  status: number;
  /** Unix milliseconds. */
  atMs: number;
}

export interface MailboxParts {
  /** The relay's public address: `https://relay.example`. */
  origin: string;
  key: RequestKey;
  nowMs: () => number;
  /** Fills the bytes from a cryptographic generator. */
  random: (bytes: Uint8Array) => void;
  /** Called after each request: what a relay learns is what stands in them. */
  watch?: ((exchange: Exchange) => void) | undefined;
}

/** The library sends the buffer beneath a view, all of it. */
function whole(body: Uint8Array): Uint8Array {
  return body.length === body.buffer.byteLength ? body : new Uint8Array(body);
}

/** The relay for one signer. */
export function createMailbox(parts: MailboxParts): Mailbox {
  const http = axios.create({
    adapter: 'fetch',
    env: { fetch: fetchWhole },
    maxRedirects: 0,
    proxy: false,
    timeout: TIMEOUT_MS,
    responseType: 'arraybuffer',
    maxContentLength: 4 * MESSAGE_MAX_BYTES,
    validateStatus: () => true,
  });

  async function send(request: RelayRequest): Promise<RelayAnswer> {
    const { body, ...rest } = request;
    try {
      const answer = await http.request<ArrayBuffer>({
        ...rest,
        ...(body.length > 0 ? { data: whole(body) } : {}),
      });
      noted(request, answer.status);
      return { status: answer.status, body: new Uint8Array(answer.data) };
    } catch (error) {
      noted(request, 0);
      throw new RelayUnreachable(parts.origin, error);
    }
  }

  function noted({ method, url, body }: RelayRequest, status: number): void {
    parts.watch?.({ method, path: url.slice(parts.origin.length), body, status, atMs: parts.nowMs() });
  }

  const client = relayClient({
    origin: parts.origin,
    key: parts.key,
    send,
    nowS: () => Math.floor(parts.nowMs() / 1000),
    nonce: () => {
      const bytes = new Uint8Array(16);
      parts.random(bytes);
      return bytes;
    },
  });

  return {
    ...client,
    async listen(after, wake, signal) {
      const asked = await client.eventsRequest(after);
      const { body: _, ...request } = asked;
      const silence = new AbortController();
      let timer = setTimeout(() => silence.abort(), SILENCE_MS);
      try {
        const answer = await http.request<ReadableStream<Uint8Array>>({
          ...request,
          responseType: 'stream',
          timeout: 0,
          signal: AbortSignal.any([signal, silence.signal]),
        });
        noted(asked, answer.status);
        if (answer.status !== 200) {
          await answer.data.cancel();
          throw new RelayUnreachable(parts.origin, { code: `status ${answer.status}` });
        }
        const read = wakeReader(wake);
        // Not every browser iterates over a stream.
        const reader = answer.data.getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE_MS);
          read(value);
        }
      } catch (error) {
        if (signal.aborted) return;
        throw error instanceof RelayUnreachable ? error : new RelayUnreachable(parts.origin, error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** As `fetch`. Browsers give an answer without content a stream all the same, which the library puts into an answer that may have none. */
async function fetchWhole(...asked: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...asked);
  if (answer.status !== NO_CONTENT) return answer;
  return new Response(null, { status: answer.status, headers: answer.headers });
}
