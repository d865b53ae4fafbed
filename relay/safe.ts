// A family's safe: one blob that its adults replace, and that they or the root key read. Sealed elsewhere, opaque here.
import type { FastifyInstance } from 'fastify';
import { SAFE_MAX_BYTES } from '#protocol/relay/limits.ts';
import { SAFE } from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { memberOf } from './asker.ts';
import type { Families } from './families.ts';
import { bytesOf } from './input.ts';
import type { Store } from './store.ts';

export function serveSafe(http: FastifyInstance, store: Store, families: Families): void {
  http.put(SAFE, { bodyLimit: SAFE_MAX_BYTES }, async (request, reply) => {
    const { member, claim } = memberOf(request);
    if (!(await families.isAdult(member))) return refuse(reply, 'forbidden');
    await store.putSafe(claim, member, bytesOf(request));
    return reply.code(204).send();
  });

  http.get(SAFE, async (request, reply) => {
    const { family, member, claim } = request.asker!;
    // Null is the root key: the check of who asks lets no other signer without a device come here.
    if (member !== null && !(await families.isAdult(member))) return refuse(reply, 'forbidden');
    const bytes = await store.readSafe(claim, family, member);
    if (bytes === null) return refuse(reply, 'missing');
    return reply.type('application/octet-stream').send(bytes);
  });
}
