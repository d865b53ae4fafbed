// Signed requests: a narrow profile of RFC 9421 (HTTP Message Signatures) with RFC 9530 digests, for both ends.
// One label, one order of components and parameters, canonical text only: what is not written exactly so is refused.
import { type InnerList, serializeDictionary, serializeInnerList } from 'structured-headers';
import { same } from '../bytes.ts';
import { fault } from '../fault.ts';
import { sodium } from '../sodium/ready.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { decodeKeyId, type Signer } from './key-id.ts';
import { NONCE_BYTES, REQUEST_WINDOW_S } from './limits.ts';

const LABEL = 'pawpost';
const TAG = 'pawpost';
const ALGORITHM = 'ed25519';
const COMPONENTS = ['@method', '@target-uri', 'content-digest'];

// What signRequest writes, and nothing else that the grammar of structured fields would also allow: a reader that takes one spelling
// has no second one to disagree about. 32 bytes are 43 characters of base64, 64 bytes are 86.
const SIGNATURE_INPUT =
  /^pawpost=(\("@method" "@target-uri" "content-digest"\);created=(0|[1-9]\d{0,14});nonce="([\w-]{22})";keyid="([\w.-]{1,64})";alg="ed25519";tag="pawpost")$/;
const CONTENT_DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;
const SIGNATURE = /^pawpost=:([A-Za-z0-9+/]{86}==):$/;

/** The three headers that make a request a signed one. */
export interface SignatureHeaders {
  'content-digest': string;
  'signature-input': string;
  signature: string;
}

/** What signs: `keyId` by encodeKeyId, `sign` an Ed25519 signature of 64 bytes. */
export interface RequestKey {
  keyId: string;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A request before it is signed: `url` is absolute and exactly as it will be sent, on the relay's public address. */
export interface PlainRequest {
  method: string;
  url: string;
  body: Uint8Array;
}

/** A signature as read from a request; nothing in it is trusted before verifyRequest. */
export interface RequestSignature {
  signer: Signer;
  nonce: Uint8Array;
  createdS: number;
  digest: Uint8Array;
  base: Uint8Array;
  signature: Uint8Array;
}

/** The signature base of RFC 9421 section 2.5: one line for each component, then the parameters. */
export function signatureBase(
  components: readonly (readonly [string, string])[],
  parameters: string,
): Uint8Array {
  const lines = components.map(([name, value]) => `"${name}": ${value}`);
  lines.push(`"@signature-params": ${parameters}`);
  return new TextEncoder().encode(lines.join('\n'));
}

/** SHA-256 by WebCrypto, which browsers (in secure contexts) and Node both have. */
export async function sha256(body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>));
}

/** Signs a request. `nonce` is 16 random bytes never used before; `createdS` is the time in unix seconds. */
export async function signRequest(
  request: PlainRequest,
  key: RequestKey,
  nonce: Uint8Array,
  createdS: number,
): Promise<SignatureHeaders> {
  if (nonce.length !== NONCE_BYTES) throw fault('request-form');
  const contentDigest = serializeDictionary({ 'sha-256': await sha256(request.body) });
  const list: InnerList = [
    COMPONENTS.map((name) => [name, new Map()]),
    new Map<string, string | number>([
      ['created', createdS],
      ['nonce', encodeBase64url(nonce)],
      ['keyid', key.keyId],
      ['alg', ALGORITHM],
      ['tag', TAG],
    ]),
  ];
  const parameters = serializeInnerList(list);
  const signature = await key.sign(baseOf(request.method, request.url, contentDigest, parameters));
  return {
    'content-digest': contentDigest,
    'signature-input': `${LABEL}=${parameters}`,
    signature: serializeDictionary({ [LABEL]: signature as Uint8Array<ArrayBuffer> }),
  };
}

/** Reads the signature of a request that came for `url`. Faults `request-form`, and nothing else. */
export function readSignature(
  method: string,
  url: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): RequestSignature {
  const [contentDigest, digest] = match(headers['content-digest'], CONTENT_DIGEST);
  const [, parameters, createdS, nonce, keyId] = match(headers['signature-input'], SIGNATURE_INPUT);
  const [, signature] = match(headers.signature, SIGNATURE);
  return {
    signer: decodeKeyId(keyId!),
    nonce: decodeBase64url(nonce!, NONCE_BYTES),
    createdS: Number(createdS),
    digest: byteSequence(digest!),
    base: baseOf(method, url, contentDigest!, parameters!),
    signature: byteSequence(signature!),
  };
}

/**
 * Checks a signature and its time. The nonce and the body's digest are the caller's to check, in this order:
 * signature, body (verifyDigest), nonce. Faults `request-signature`, `request-time`.
 */
export function verifyRequest(request: RequestSignature, publicKey: Uint8Array, nowS: number): void {
  // libsodium rather than the platform's own: it also refuses keys and points of small order and unreduced ones.
  if (!sodium.crypto_sign_verify_detached(request.signature, request.base, publicKey))
    throw fault('request-signature');
  if (Math.abs(nowS - request.createdS) > REQUEST_WINDOW_S) throw fault('request-time');
}

/** Checks that a body is the one that was signed. Faults `request-signature`. */
export function verifyDigest(request: RequestSignature, bodySha256: Uint8Array): void {
  if (!same(request.digest, bodySha256)) throw fault('request-signature');
}

function baseOf(method: string, url: string, contentDigest: string, parameters: string): Uint8Array {
  const values = [method, url, contentDigest];
  return signatureBase(
    COMPONENTS.map((name, i) => [name, values[i]!]),
    parameters,
  );
}

/** The parts of a header that is there once. Node joins repeated ones by a comma, which no pattern here takes. */
function match(header: string | string[] | undefined, pattern: RegExp): RegExpExecArray {
  const parts = typeof header === 'string' ? pattern.exec(header) : null;
  if (parts === null) throw fault('request-form');
  return parts;
}

/** The bytes of a structured field's byte sequence, in their one spelling. */
function byteSequence(text: string): Uint8Array {
  return decodeBase64url(text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));
}
