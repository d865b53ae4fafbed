// Who asks: checks the signature of every request before its body is read, so that unknown devices can do nothing.
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { encodeBase64url } from '#protocol/relay/base64url.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import {
  FAMILIES,
  FAMILY_CHAIN,
  INVITATION_ANSWER,
  INVITATION_REQUEST,
  SAFE,
} from '#protocol/relay/paths.ts';
import {
  type RequestSignature,
  readSignature,
  verifyDigest,
  verifyRequest,
} from '#protocol/relay/signature.ts';
import { refuse } from './answer.ts';
import type { Buckets } from './buckets.ts';
import { SECURITY_TXT } from './security-txt.ts';
import type { Claim, Member, Pigeonhole } from './store.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by checkAskers for every route but preflights. */
    asker: Asker | null;
  }
}

/** The signer of a request. `member` is null for a family's root key, for a door key, and for a family that is being made. */
export interface Asker {
  signature: RequestSignature;
  family: Uint8Array;
  member: Member | null;
  claim: Claim;
}

export interface AskerParts {
  /** The origin that requests are signed for. */
  origin(): string;
  memberKey(member: Member): Promise<Uint8Array | null>;
  rootKey(family: Uint8Array): Promise<Uint8Array | null>;
  doorKey(place: Pigeonhole): Promise<Uint8Array | null>;
  deviceBuckets: Buckets;
  familyBuckets: Buckets;
  addressOf(request: FastifyRequest): string;
  nowMs(): number;
}

/** Nobody's key, so that a request of an unknown device takes the time of a known one's. */
const DECOY = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!, 'base64url');

/** Refuses `unauthorised`, with the same bytes whatever was wrong, unless a request is signed by whom it names. */
export function checkAskers(http: FastifyInstance, parts: AskerParts): void {
  http.decorateRequest('asker', null);

  http.addHook('onRequest', async (request, reply) => {
    if (request.method === 'OPTIONS' || request.routeOptions.url === SECURITY_TXT) return;
    const signature = readOrNull(request, parts.origin());
    if (signature === null) return refuse(reply, 'unauthorised');
    const route = request.routeOptions.url;
    // Whoever makes a family is known only by the entries in the body: the route checks the signature itself.
    const isNewFamily = route === FAMILIES && request.method === 'POST';
    if (!isNewFamily) {
      const key = await keyOf(signature, request);
      if (!isSigned(signature, key ?? DECOY, parts.nowMs()) || key === null)
        return refuse(reply, 'unauthorised');
    }
    const { family, device } = signature.signer;
    const waitS = isNewFamily
      ? parts.familyBuckets.take(parts.addressOf(request))
      : parts.deviceBuckets.take(encodeKeyId(signature.signer));
    if (waitS > 0) return refuse(reply.header('retry-after', waitS), 'busy');
    request.asker = {
      signature,
      family,
      member: device === null || isNewFamily ? null : { family, device },
      claim: { nonce: signature.nonce, createdS: signature.createdS },
    };
  });

  http.addHook('preHandler', async (request, reply) => {
    if (request.asker === null) return;
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
    try {
      verifyDigest(request.asker.signature, createHash('sha256').update(body).digest());
    } catch {
      return refuse(reply, 'unauthorised');
    }
  });

  /** The key that a request must be signed by; null if its signer has no business there. */
  async function keyOf({ signer }: RequestSignature, request: FastifyRequest): Promise<Uint8Array | null> {
    const { family, device, invitation } = signer;
    const route = `${request.method} ${request.routeOptions.url}`;
    if (device !== null) return parts.memberKey({ family, device });
    if (invitation === undefined) return ROOT_ROUTES.has(route) ? parts.rootKey(family) : null;
    const isOwn = DOOR_ROUTES.has(route) && isPlace(request.params, invitation);
    return isOwn ? parts.doorKey({ family, invitation }) : null;
  }
}

/** The root key reads and extends its chain, and reads the safe: that is how a family is recovered. It has no mailbox. */
const ROOT_ROUTES: ReadonlySet<string> = new Set([
  `GET ${FAMILY_CHAIN}`,
  `POST ${FAMILY_CHAIN}`,
  `GET ${SAFE}`,
]);
/** Whoever holds an invitation puts the request and reads the answer, in that pigeonhole. */
const DOOR_ROUTES: ReadonlySet<string> = new Set([`PUT ${INVITATION_REQUEST}`, `GET ${INVITATION_ANSWER}`]);

function isPlace(params: unknown, invitation: Uint8Array): boolean {
  return (params as { invitation?: unknown }).invitation === encodeBase64url(invitation);
}

/** The asker, who is a member; the hook has seen to it on all routes that ask for one. */
export function memberOf(request: FastifyRequest): { member: Member; claim: Claim } {
  const asker = request.asker;
  if (asker === null || asker.member === null) throw new TypeError('the route is not open to this asker');
  return { member: asker.member, claim: asker.claim };
}

/** True if the signature holds now. */
export function isSigned(signature: RequestSignature, key: Uint8Array, nowMs: number): boolean {
  try {
    verifyRequest(signature, key, Math.floor(nowMs / 1000));
    return true;
  } catch {
    return false;
  }
}

function readOrNull(request: FastifyRequest, origin: string): RequestSignature | null {
  const path = request.raw.url ?? '';
  // An absolute target would let a client choose the authority that it signed for.
  if (!path.startsWith('/')) return null;
  try {
    return readSignature(request.method, origin + path, request.headers);
  } catch {
    return null;
  }
}
