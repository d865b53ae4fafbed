// The relay as one device sees it: signed requests over axios, each idempotent, so that any of them may be sent again.
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { createParser } from 'eventsource-parser';
import type { z } from 'zod';
import {
  ackedSchema,
  type ChainHead,
  type ChainPage,
  chainHeadSchema,
  chainPageSchema,
  chainPostSchema,
  type MailboxPage,
  mailboxPageSchema,
  type PrekeysPage,
  prekeysPageSchema,
  type Refusal,
  refusalSchema,
  type Stored,
  storedSchema,
  wakeSchema,
} from '#protocol/relay/answers.ts';
import { MAILBOX_PAGE, MESSAGE_MAX_BYTES, NONCE_BYTES, WAIT_MAX_S } from '#protocol/relay/limits.ts';
import {
  chainPath,
  eventsPath,
  FAMILIES,
  MAILBOX_ACK,
  mailboxItemPath,
  mailboxPath,
  messagePath,
  PREKEYS,
  prekeysPath,
} from '#protocol/relay/paths.ts';
import { type RequestKey, signRequest } from '#protocol/relay/signature.ts';

const TIMEOUT_MS = 30_000;
const NOTHING = new Uint8Array(0);

/** The relay said no, or nothing. `isPassing`: the same request may work later. */
export class MailboxError extends Error {
  readonly refusal: Refusal | 'unreachable' | 'nonsense';
  readonly isPassing: boolean;
  readonly advice: string;
  constructor(refusal: MailboxError['refusal'], advice: string, isPassing: boolean, cause?: unknown) {
    super(`relay: ${refusal}`, { cause });
    this.name = 'MailboxError';
    this.refusal = refusal;
    this.isPassing = isPassing;
    this.advice = advice;
  }
}

export interface Mailbox {
  /** Creates the family with its first entries; signed by the root key. Creating it again is no error. */
  createFamily(entries: Uint8Array[]): Promise<ChainHead>;
  /** Entries after the first `after` ones; one page. */
  readChain(after: number): Promise<ChainPage>;
  /** Appends by compare-and-set. `isAppended` is false where another entry was there first: read, sign again on the new head. */
  appendChain(entries: Uint8Array[]): Promise<{ isAppended: boolean; head: ChainHead }>;
  /** Stores an envelope for all its recipients; resolves when it is on the relay's disk. */
  putMessage(message: Uint8Array, envelope: Uint8Array): Promise<Stored>;
  /** What waits after `cursor`; holds the answer back up to `waitS` seconds while nothing does. */
  list(cursor: number, waitS?: number): Promise<MailboxPage>;
  fetch(cursor: number): Promise<Uint8Array>;
  /** From here on the relay may forget them. */
  acknowledge(cursors: number[]): Promise<void>;
  putPrekeys(bundle: Uint8Array): Promise<void>;
  readPrekeys(devices: Uint8Array[]): Promise<PrekeysPage>;
  /** Calls `wake` whenever something new waits, until the stream ends, breaks or `signal` aborts; then resolves or rejects. */
  listen(cursor: number, wake: () => void, signal: AbortSignal): Promise<void>;
}

export interface MailboxOptions {
  /** Address of the relay, as it calls itself: `https://relay.example`. */
  url: string;
  family: Uint8Array;
  key: RequestKey;
  random: (bytes: Uint8Array) => void;
  nowMs: () => number;
}

/** A client of the relay for one signer. */
export function createMailbox(options: MailboxOptions): Mailbox {
  const http: AxiosInstance = axios.create({
    adapter: 'fetch',
    maxRedirects: 0,
    proxy: false,
    timeout: TIMEOUT_MS,
    responseType: 'arraybuffer',
    maxContentLength: 4 * MESSAGE_MAX_BYTES,
    validateStatus: () => true,
  });

  async function request(
    method: string,
    path: string,
    body: Uint8Array,
    contentType: string,
    extra: { timeout?: number; signal?: AbortSignal; responseType?: 'stream' } = {},
  ): Promise<AxiosResponse> {
    const url = new URL(path, options.url).href;
    const nonce = new Uint8Array(NONCE_BYTES);
    options.random(nonce);
    const signed = await signRequest(
      { method, url, body },
      options.key,
      nonce,
      Math.floor(options.nowMs() / 1000),
    );
    const hasBody = body.length > 0;
    try {
      return await http.request({
        method,
        url,
        headers: { ...signed, ...(hasBody ? { 'content-type': contentType } : {}) },
        ...(hasBody ? { data: body } : {}),
        ...extra,
      });
    } catch (error) {
      throw new MailboxError(
        'unreachable',
        `No relay answers at ${new URL(options.url).origin}. Nothing is lost; it is tried again.`,
        true,
        // The library's error carries the request, headers and body: only its code may go on.
        (error as { code?: unknown }).code,
      );
    }
  }

  async function ask(method: string, path: string, json?: unknown, waitS = 0): Promise<Uint8Array> {
    const body = json === undefined ? NOTHING : new TextEncoder().encode(JSON.stringify(json));
    return accepted(
      await request(method, path, body, 'application/json', { timeout: TIMEOUT_MS + waitS * 1000 }),
    );
  }

  async function send(path: string, body: Uint8Array): Promise<Uint8Array> {
    return accepted(await request('PUT', path, body, 'application/octet-stream'));
  }

  return {
    createFamily: async (entries) =>
      parse(chainHeadSchema, await ask('POST', FAMILIES, chainPostSchema.encode({ entries }))),
    readChain: async (after) => parse(chainPageSchema, await ask('GET', chainPath(options.family, after))),
    appendChain: async (entries) => {
      const body = new TextEncoder().encode(JSON.stringify(chainPostSchema.encode({ entries })));
      const answer = await request('POST', chainPath(options.family), body, 'application/json');
      if (answer.status === 409) {
        return { isAppended: false, head: parse(chainHeadSchema, new Uint8Array(answer.data)) };
      }
      return { isAppended: true, head: parse(chainHeadSchema, accepted(answer)) };
    },
    putMessage: async (message, envelope) => parse(storedSchema, await send(messagePath(message), envelope)),
    list: async (cursor, waitS = 0) =>
      parse(
        mailboxPageSchema,
        await ask('GET', mailboxPath(cursor, MAILBOX_PAGE, Math.min(waitS, WAIT_MAX_S)), undefined, waitS),
      ),
    fetch: (cursor) => ask('GET', mailboxItemPath(cursor)),
    acknowledge: async (cursors) => {
      for (let at = 0; at < cursors.length; at += MAILBOX_PAGE) {
        const page = cursors.slice(at, at + MAILBOX_PAGE);
        parse(ackedSchema, await ask('POST', MAILBOX_ACK, { cursors: page }));
      }
    },
    putPrekeys: async (bundle) => void (await send(PREKEYS, bundle)),
    readPrekeys: async (devices) => parse(prekeysPageSchema, await ask('GET', prekeysPath(devices))),
    listen: async (cursor, wake, signal) => {
      const answer = await request('GET', eventsPath(cursor), NOTHING, '', {
        timeout: 0,
        signal,
        responseType: 'stream',
      });
      if (answer.status !== 200) throw refused(answer.status, undefined);
      const parser = createParser({
        onEvent: (event) => {
          if (event.event === 'wake' && wakeSchema.safeParse(parseJson(event.data)).success) wake();
        },
      });
      const text = new TextDecoder();
      const reader = (answer.data as ReadableStream<Uint8Array>).getReader();
      try {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          parser.feed(text.decode(part.value, { stream: true }));
        }
      } catch (error) {
        if (!signal.aborted) {
          throw new MailboxError('unreachable', 'The relay closed the line; it is tried again.', true, error);
        }
      }
    },
  };
}

function accepted(answer: AxiosResponse): Uint8Array {
  const body = new Uint8Array(answer.data as ArrayBuffer);
  if (answer.status >= 200 && answer.status < 300) return body;
  throw refused(answer.status, body);
}

function refused(status: number, body: Uint8Array | undefined): MailboxError {
  const parsed = refusalSchema.safeParse(body && parseJson(new TextDecoder().decode(body)));
  if (!parsed.success) {
    return new MailboxError(
      'nonsense',
      `What answers there is not a Pawpost relay (status ${status}).`,
      status >= 500,
    );
  }
  const refusal = parsed.data.error;
  const advice: Partial<Record<Refusal, string>> = {
    unauthorised:
      'The relay does not know this device, or this machine’s clock is wrong by over two minutes.',
    forbidden: 'This device has no right to do that in its family.',
    conflict: 'The relay already holds something else under that name.',
    busy: 'The relay asks to be spared for a moment; it is tried again.',
    full: 'The relay has no room left; it is tried again.',
    large: 'That is larger than the relay takes.',
  };
  const isPassing = refusal === 'busy' || refusal === 'full' || refusal === 'failed';
  return new MailboxError(refusal, advice[refusal] ?? 'The relay did not accept that.', isPassing);
}

function parse<T extends z.ZodType>(schema: T, body: Uint8Array): z.output<T> {
  const result = schema.safeParse(parseJson(new TextDecoder().decode(body)));
  if (!result.success)
    throw new MailboxError('nonsense', 'What answers there is not a Pawpost relay.', false);
  return result.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
