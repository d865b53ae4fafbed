// Prekey bundles: each device keeps its own here, the family's devices fetch them. Sealed and signed elsewhere, opaque here.

import type { FastifyInstance } from 'fastify';
import { encode } from 'zod/mini';
import { prekeysPageSchema } from '#protocol/relay/answers.ts';
import { decodeBase64url } from '#protocol/relay/base64url.ts';
import { ID_BYTES, PREKEYS_MAX_BYTES, PREKEYS_MAX_DEVICES } from '#protocol/relay/limits.ts';
import { PREKEYS } from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { memberOf } from './asker.ts';
import { bytesOf } from './input.ts';
import type { Store } from './store.ts';

export function servePrekeys(http: FastifyInstance, store: Store): void {
  http.put(PREKEYS, { bodyLimit: PREKEYS_MAX_BYTES }, async (request, reply) => {
    const { member, claim } = memberOf(request);
    await store.putPrekeys(claim, member, bytesOf(request));
    return reply.code(204).send();
  });

  http.get<{ Querystring: { device?: string | string[] } }>(PREKEYS, async (request, reply) => {
    const { member, claim } = memberOf(request);
    const texts = [request.query.device ?? []].flat();
    if (texts.length === 0 || texts.length > PREKEYS_MAX_DEVICES) return refuse(reply, 'form');
    const devices = texts.map((text) => decodeBase64url(text, ID_BYTES));
    const bundles = await store.readPrekeys(claim, member, devices);
    return reply.send(encode(prekeysPageSchema, { bundles }));
  });
}
