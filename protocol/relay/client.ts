// A device's side of the relay: every request it can make, signed, over a transport that the host hands in.
import { encode, type output, type ZodMiniType } from 'zod/mini';
import { type FaultCode, fault } from '../fault.ts';
import {
  ackedSchema,
  type ChainHead,
  type ChainPage,
  chainHeadSchema,
  chainPageSchema,
  chainPostSchema,
  type KnownFamily,
  knownFamilySchema,
  type MailboxPage,
  mailboxPageSchema,
  type PrekeysPage,
  prekeysPageSchema,
  pushKeySchema,
  pushPutSchema,
  type Stored,
  storedSchema,
} from './answers.ts';
import * as paths from './paths.ts';
import { type RequestKey, signRequest } from './signature.ts';

/** A request as the transport sends it, unchanged: no redirect, no other URL, no header taken away. */
export interface RelayRequest {
  method: 'GET' | 'PUT' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What came back, whatever the status. */
export interface RelayAnswer {
  status: number;
  body: Uint8Array;
}

/** Sends one request; rejects only when no answer came. */
export type Send = (request: RelayRequest) => Promise<RelayAnswer>;

/** What the client is made of. `origin` is the relay's public address without a slash at its end. */
export interface RelayClientParts {
  origin: string;
  key: RequestKey;
  send: Send;
  /** Unix seconds. */
  nowS(): number;
  /** 16 fresh random bytes. */
  nonce(): Uint8Array;
}

/**
 * The relay for one signer. Each function faults `relay-refused` (401, 403), `relay-recipient` (an envelope for
 * somebody who is not in the family now), `relay-missing` (404), `relay-conflict` (409), `relay-full` (507),
 * `relay-busy` (429, 503) or `relay-answer` (anything else that is not the promised answer).
 */
export interface RelayClient {
  /** Creates a family by its genesis entries; again with the same ones is harmless, and tells a device that was put out since which entries did. */
  createFamily(entries: readonly Uint8Array[]): Promise<KnownFamily>;
  /** One page of the chain, from the entry after the first `after` ones. */
  readChain(family: Uint8Array, after: number): Promise<ChainPage>;
  /** Appends entries made on the head one knows; `appended: false` brings the head that was faster. */
  appendChain(family: Uint8Array, entries: readonly Uint8Array[]): Promise<ChainHead & { appended: boolean }>;
  /** Stores an envelope for all its recipients. Resolved means on disk; send again until then. */
  putMessage(message: Uint8Array, envelope: Uint8Array): Promise<Stored>;
  /** Waiting messages after a cursor, oldest first; `waitS` waits that long for the first. */
  listMailbox(after: number, limit: number, waitS?: number): Promise<MailboxPage>;
  /** The envelope at a cursor, cut to this device's wrap. */
  readMessage(cursor: number): Promise<Uint8Array>;
  /** Lets the relay forget messages; only after they are safe here. */
  acknowledge(cursors: readonly number[]): Promise<void>;
  /** Replaces this device's signed prekey bundle. */
  putPrekeys(bundle: Uint8Array): Promise<void>;
  /** Bundles of devices of the family, those that have one. */
  readPrekeys(devices: readonly Uint8Array[]): Promise<PrekeysPage['bundles']>;
  /** Opens an invitation's pigeonhole for 48 h, as an adult; `doorKey` is the public key of doorSeed. Again is harmless. */
  openInvitation(invitationId: Uint8Array, doorKey: Uint8Array): Promise<void>;
  /** Takes a pigeonhole away with what lies in it, as an adult. Again is harmless. */
  closeInvitation(invitationId: Uint8Array): Promise<void>;
  /**
   * Puts one part into a pigeonhole, once: the newcomer (a client whose key is the door's, doorKeyId) the request, an adult the answer.
   * The same bytes again are harmless, others are `relay-conflict`.
   */
  putInvitationPart(invitationId: Uint8Array, part: paths.InvitationPart, bytes: Uint8Array): Promise<void>;
  /**
   * One part of a pigeonhole: an adult reads the request, the newcomer the answer; `waitS` waits that long for it, at most 25 s. Null
   * while it is not there, and when the pigeonhole is not (an adult cannot tell the two apart; a newcomer is refused then).
   */
  readInvitationPart(
    invitationId: Uint8Array,
    part: paths.InvitationPart,
    waitS?: number,
  ): Promise<Uint8Array | null>;
  /** Replaces the content of the family's safe, as an adult; at most 32 KiB, sealed elsewhere. */
  putSafe(bytes: Uint8Array): Promise<void>;
  /** What is in the family's safe, for an adult or the root key; null if nothing was ever put there. */
  readSafe(): Promise<Uint8Array | null>;
  /** The relay's public key for push services, 65 bytes: what a browser subscribes with. */
  pushKey(): Promise<Uint8Array>;
  /** Where this device is woken while it listens to no stream; null: nowhere. `relay-refused` if the relay does not call that host, `request-form` for more than 2048 characters. */
  putPush(endpoint: string | null): Promise<void>;
  /** The signed request that opens the event stream; its answer is read with wakeReader. */
  eventsRequest(after: number): Promise<RelayRequest>;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const JSON_TYPE = 'application/json';
const BYTES_TYPE = 'application/octet-stream';

/** Makes a client of its parts. */
export function relayClient(parts: RelayClientParts): RelayClient {
  async function request(
    method: RelayRequest['method'],
    path: string,
    body = NOTHING,
    type = '',
  ): Promise<RelayRequest> {
    const url = parts.origin + path;
    const headers = await signRequest({ method, url, body }, parts.key, parts.nonce(), parts.nowS());
    return {
      method,
      url,
      body,
      headers: type === '' ? { ...headers } : { ...headers, 'content-type': type },
    };
  }
  async function send(method: RelayRequest['method'], path: string, body?: Uint8Array, type?: string) {
    return parts.send(await request(method, path, body, type));
  }
  async function postEntries(path: string, entries: readonly Uint8Array[]): Promise<RelayAnswer> {
    return send('POST', path, json(encode(chainPostSchema, { entries: [...entries] })), JSON_TYPE);
  }

  return {
    async createFamily(entries) {
      return read(knownFamilySchema, expectOk(await postEntries(paths.FAMILIES, entries)));
    },
    async readChain(family, after) {
      return read(chainPageSchema, expectOk(await send('GET', paths.chainPath(family, after))));
    },
    async appendChain(family, entries) {
      const answer = await postEntries(paths.chainPath(family), entries);
      if (answer.status === 409) return { ...read(chainHeadSchema, answer), appended: false };
      return { ...read(chainHeadSchema, expectOk(answer)), appended: true };
    },
    async putMessage(message, envelope) {
      return read(
        storedSchema,
        expectOk(await send('PUT', paths.messagePath(message), envelope, BYTES_TYPE)),
      );
    },
    async listMailbox(after, limit, waitS) {
      return read(mailboxPageSchema, expectOk(await send('GET', paths.mailboxPath(after, limit, waitS))));
    },
    async readMessage(cursor) {
      return expectOk(await send('GET', paths.mailboxItemPath(cursor))).body;
    },
    async acknowledge(cursors) {
      const body = json({ cursors });
      read(ackedSchema, expectOk(await send('POST', paths.MAILBOX_ACK, body, JSON_TYPE)));
    },
    async putPrekeys(bundle) {
      expectOk(await send('PUT', paths.PREKEYS, bundle, BYTES_TYPE));
    },
    async readPrekeys(devices) {
      if (devices.length === 0) return [];
      return read(prekeysPageSchema, expectOk(await send('GET', paths.prekeysPath(devices)))).bundles;
    },
    async openInvitation(invitationId, doorKey) {
      expectOk(await send('PUT', paths.invitationPath(invitationId), doorKey, BYTES_TYPE));
    },
    async closeInvitation(invitationId) {
      expectOk(await send('POST', paths.invitationClosePath(invitationId)));
    },
    async putInvitationPart(invitationId, part, bytes) {
      expectOk(await send('PUT', paths.invitationPartPath(invitationId, part), bytes, BYTES_TYPE));
    },
    async readInvitationPart(invitationId, part, waitS) {
      return bodyOrNull(await send('GET', paths.invitationPartPath(invitationId, part, waitS)));
    },
    async putSafe(bytes) {
      expectOk(await send('PUT', paths.SAFE, bytes, BYTES_TYPE));
    },
    async readSafe() {
      return bodyOrNull(await send('GET', paths.SAFE));
    },
    async pushKey() {
      return read(pushKeySchema, expectOk(await send('GET', paths.PUSH))).key;
    },
    async putPush(endpoint) {
      const wish = pushPutSchema.safeParse({ endpoint });
      if (!wish.success) throw fault('request-form');
      expectOk(await send('PUT', paths.PUSH, json(wish.data), JSON_TYPE));
    },
    eventsRequest(after) {
      return request('GET', paths.eventsPath(after));
    },
  };
}

const FAULTS: Readonly<Record<number, FaultCode>> = {
  401: 'relay-refused',
  403: 'relay-refused',
  404: 'relay-missing',
  409: 'relay-conflict',
  422: 'relay-recipient',
  429: 'relay-busy',
  503: 'relay-busy',
  507: 'relay-full',
};

function expectOk(answer: RelayAnswer): RelayAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw fault(FAULTS[answer.status] ?? 'relay-answer');
}

/** The body, or null where there is nothing. */
function bodyOrNull(answer: RelayAnswer): Uint8Array | null {
  return answer.status === 404 ? null : expectOk(answer).body;
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function read<T extends ZodMiniType>(schema: T, answer: RelayAnswer): output<T> {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body)));
  } catch {
    throw fault('relay-answer');
  }
}
