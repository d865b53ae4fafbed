// Who asks: checks the signature of every request before its body is read, so that unknown devices can do nothing.
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FAMILIES, FAMILY_CHAIN } from '#protocol/relay/paths.ts';
import {
  type RequestSignature,
  readSignature,
  verifyDigest,
  verifyRequest,
} from '#protocol/relay/signature.ts';
import { refuse } from './answer.ts';
import type { Buckets } from './buckets.ts';
import type { Claim, Member } from './store.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by checkAskers for every route but preflights. */
    asker: Asker | null;
  }
}

/** The signer of a request. `member` is null for a family's root key, and for a family that is being made. */
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
    if (request.method === 'OPTIONS') return;
    const signature = readOrNull(request, parts.origin());
    if (signature === null) return refuse(reply, 'unauthorised');
    const route = request.routeOptions.url;
    // Whoever makes a family is known only by the entries in the body: the route checks the signature itself.
    const isNewFamily = route === FAMILIES && request.method === 'POST';
    if (!isNewFamily) {
      const key = await keyOf(signature, route);
      if (!isSigned(signature, key ?? DECOY, parts.nowMs()) || key === null)
        return refuse(reply, 'unauthorised');
    }
    const { family, device } = signature.signer;
    const waitS = isNewFamily
      ? parts.familyBuckets.take(parts.addressOf(request))
      : parts.deviceBuckets.take(Buffer.concat([family, device ?? family]).toString('latin1'));
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

  /** The root key may read and extend its chain, which is how a family is recovered; it has no mailbox. */
  async function keyOf({ signer }: RequestSignature, route: string | undefined): Promise<Uint8Array | null> {
    if (signer.device !== null) return parts.memberKey({ family: signer.family, device: signer.device });
    return route === FAMILY_CHAIN ? parts.rootKey(signer.family) : null;
  }
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
