// The relay's JSON: what it asks and answers, checked with zod (its small form: a page loads it) at both ends. Bytes are base64url (RFC 4648 section 5).
import * as z from 'zod/mini';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import {
  CHAIN_PAGE,
  ID_BYTES,
  MAILBOX_PAGE,
  MESSAGE_MAX_BYTES,
  PUSH_ENDPOINT_MAX,
  PUSH_KEY_BYTES,
} from './limits.ts';

/** Bytes as base64url text; exactly `sizeBytes` if given. */
function bytes(sizeBytes?: number) {
  return z.codec(
    z.string(),
    z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    {
      decode: (text, context) => {
        try {
          return decodeBase64url(text, sizeBytes);
        } catch {
          context.issues.push({ code: 'custom', message: 'base64url', input: text });
          return z.NEVER;
        }
      },
      encode: (value) => encodeBase64url(value),
    },
  );
}

const cursor = z.int().check(z.minimum(0));

/** Body of `POST /v1/families` and `POST /v1/families/{family}/chain`: signed chain entries, oldest first. */
export const chainPostSchema = z.strictObject({
  entries: z.array(bytes()).check(z.minLength(1), z.maxLength(CHAIN_PAGE)),
});
export type ChainPost = z.output<typeof chainPostSchema>;

/** Where a chain stands: how many entries, and the head's hash. Answer of both chain posts, and of their 409. */
export const chainHeadSchema = z.object({ length: z.int().check(z.minimum(0)), head: bytes() });
export type ChainHead = z.output<typeof chainHeadSchema>;

/** Answer of `POST /v1/families`: for a device that has been put out since, also the entries that follow its own, up to the one that says so. */
export const knownFamilySchema = z.extend(chainHeadSchema, {
  entries: z.optional(z.array(bytes()).check(z.maxLength(CHAIN_PAGE))),
});
export type KnownFamily = z.output<typeof knownFamilySchema>;

/** Answer of `GET /v1/families/{family}/chain?after=n`: entries from the n-th on (n = how many the reader has). */
export const chainPageSchema = z.object({
  length: z.int().check(z.minimum(0)),
  head: bytes(),
  entries: z.array(bytes()).check(z.maxLength(CHAIN_PAGE)),
});
export type ChainPage = z.output<typeof chainPageSchema>;

/** Answer of `PUT /v1/messages/{message}`: the recipients whose mailbox was full; sending again tries those again. */
export const storedSchema = z.object({ full: z.array(bytes(ID_BYTES)) });
export type Stored = z.output<typeof storedSchema>;

/** One waiting message: its place in this mailbox, its id, and the bytes that fetching it will bring. */
export const mailboxItemSchema = z.object({
  cursor,
  message: bytes(ID_BYTES),
  sizeBytes: z.int().check(z.minimum(0), z.maximum(MESSAGE_MAX_BYTES)),
});
export type MailboxItem = z.output<typeof mailboxItemSchema>;

/** Answer of `GET /v1/mailbox`: oldest first; `more` if the mailbox holds further ones after the last. */
export const mailboxPageSchema = z.object({
  items: z.array(mailboxItemSchema).check(z.maxLength(MAILBOX_PAGE)),
  more: z.boolean(),
});
export type MailboxPage = z.output<typeof mailboxPageSchema>;

/** Body of `POST /v1/mailbox/ack`: each message is acknowledged by itself. */
export const ackPostSchema = z.strictObject({
  cursors: z.array(cursor).check(z.minLength(1), z.maxLength(MAILBOX_PAGE)),
});
export type AckPost = z.output<typeof ackPostSchema>;

/** Answer of `POST /v1/mailbox/ack`: how many were still waiting. */
export const ackedSchema = z.object({ removed: z.int().check(z.minimum(0)) });

/** Answer of `GET /v1/prekeys?device=…`: bundles of those devices that have one. */
export const prekeysPageSchema = z.object({
  bundles: z.array(z.object({ device: bytes(ID_BYTES), bundle: bytes() })),
});
export type PrekeysPage = z.output<typeof prekeysPageSchema>;

/** Body of `PUT /v1/push`: where a push service takes wake-ups for this device; null to be left asleep. */
export const pushPutSchema = z.strictObject({
  endpoint: z.nullable(z.string().check(z.minLength(1), z.maxLength(PUSH_ENDPOINT_MAX))),
});
export type PushPut = z.output<typeof pushPutSchema>;

/** Answer of `GET /v1/push`: the relay's public key, which a browser subscribes with (`applicationServerKey`). */
export const pushKeySchema = z.object({ key: bytes(PUSH_KEY_BYTES) });

/** Data of the one event of `GET /v1/events`: the newest cursor of the mailbox. */
export const wakeSchema = z.object({ cursor });
export type Wake = z.output<typeof wakeSchema>;

/** Every refusal: a code and nothing else. */
export const refusalSchema = z.object({
  error: z.enum([
    'form',
    'unauthorised',
    'forbidden',
    'missing',
    'conflict',
    'recipient',
    'large',
    'busy',
    'full',
    'failed',
  ]),
});
export type Refusal = z.output<typeof refusalSchema>['error'];
