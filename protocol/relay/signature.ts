// Signed requests: a narrow profile of RFC 9421 (HTTP Message Signatures) with RFC 9530 digests, for both ends.
// One label, one order of components and parameters, canonical text only: what is not written exactly so is refused.
import { type InnerList, parseDictionary, serializeDictionary, serializeInnerList } from 'structured-headers';
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
const PARAMETERS = ['created', 'nonce', 'keyid', 'alg', 'tag'];
const SIGNATURE_BYTES = 64;
const DIGEST_BYTES = 32;

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
export async function sha256(body: Uint8Array): Promise<Uint8Array> {
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
  const contentDigest = text(headers['content-digest']);
  const input = text(headers['signature-input']);
  const list = soleMember(input, LABEL);
  if (!Array.isArray(list[0])) throw fault('request-form');
  const parameters = serializeInnerList(list as InnerList);
  const [items, values] = list as InnerList;
  const names = items.map(([name, marks]) => (marks.size === 0 ? name : ''));
  if (!sameList(names, COMPONENTS) || !sameList([...values.keys()], PARAMETERS)) throw fault('request-form');
  const createdS = values.get('created');
  const nonce = values.get('nonce');
  const keyId = values.get('keyid');
  if (values.get('alg') !== ALGORITHM || values.get('tag') !== TAG) throw fault('request-form');
  if (!Number.isSafeInteger(createdS) || typeof nonce !== 'string' || typeof keyId !== 'string')
    throw fault('request-form');
  return {
    signer: decodeKeyId(keyId),
    nonce: decodeBase64url(nonce, NONCE_BYTES),
    createdS: createdS as number,
    digest: byteSequence(contentDigest, 'sha-256', DIGEST_BYTES),
    base: baseOf(method, url, contentDigest, parameters),
    signature: byteSequence(text(headers.signature), LABEL, SIGNATURE_BYTES),
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

/** A header that is there once. Node joins repeated ones by a comma, which the canonical check then refuses. */
function text(header: string | string[] | undefined): string {
  if (typeof header !== 'string') throw fault('request-form');
  return header;
}

/** The only member of a dictionary, which must be written canonically. */
function soleMember(header: string, name: string) {
  try {
    const dictionary = parseDictionary(header);
    const member = dictionary.get(name);
    if (member !== undefined && dictionary.size === 1 && serializeDictionary(dictionary) === header)
      return member;
  } catch {
    // The library's own errors say where parsing stopped; outside there is one fault for all of them.
  }
  throw fault('request-form');
}

function byteSequence(header: string, name: string, sizeBytes: number): Uint8Array {
  const [value, marks] = soleMember(header, name);
  if (!(value instanceof ArrayBuffer) || value.byteLength !== sizeBytes || marks.size !== 0)
    throw fault('request-form');
  return new Uint8Array(value);
}

function sameList(a: readonly unknown[], b: readonly string[]): boolean {
  return a.length === b.length && b.every((name, i) => a[i] === name);
}
