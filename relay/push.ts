// Where a device is woken while it sleeps: the endpoint that its browser got from a push service, and the key it subscribes with.

import type { FastifyInstance } from 'fastify';
import { encode } from 'zod/mini';
import { pushKeySchema, pushPutSchema } from '#protocol/relay/answers.ts';
import { decodeBase64url } from '#protocol/relay/base64url.ts';
import { PUSH_ENDPOINT_MAX } from '#protocol/relay/limits.ts';
import { PUSH } from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { memberOf } from './asker.ts';
import { readBody } from './input.ts';
import type { PushKeys } from './push-keys.ts';
import type { Store } from './store.ts';

/** Largest body, in bytes: an endpoint whose every character is escaped in JSON. */
const BODY_MAX_BYTES = 6 * PUSH_ENDPOINT_MAX + 64;

export function servePush(
  http: FastifyInstance,
  store: Store,
  keys: PushKeys,
  readEndpoint: (text: string) => URL | null,
): void {
  const key = decodeBase64url(keys.publicKey);

  http.get(PUSH, async (request, reply) => {
    const { claim } = memberOf(request);
    await store.claim(claim);
    return reply.send(encode(pushKeySchema, { key }));
  });

  http.put(PUSH, { bodyLimit: BODY_MAX_BYTES }, async (request, reply) => {
    const { member, claim } = memberOf(request);
    const { endpoint } = readBody(pushPutSchema, request);
    if (endpoint !== null && readEndpoint(endpoint) === null) return refuse(reply, 'forbidden');
    await store.putPush(claim, member, endpoint);
    return reply.code(204).send();
  });
}
