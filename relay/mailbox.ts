// Messages go out: what waits for the asking device, one by one, until it says that they are safe.

import type { FastifyInstance } from 'fastify';
import { encode } from 'zod/mini';
import { ackedSchema, ackPostSchema, mailboxPageSchema } from '#protocol/relay/answers.ts';
import { MAILBOX_PAGE, WAIT_MAX_S } from '#protocol/relay/limits.ts';
import { MAILBOX, MAILBOX_ACK, MAILBOX_ITEM } from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { memberOf } from './asker.ts';
import { readBody, readCount } from './input.ts';
import { sleepAt } from './sleep.ts';
import type { Store } from './store.ts';
import type { Wakes } from './wakes.ts';

/** Largest body of an acknowledgement, in bytes: a page of the longest cursors. */
const ACK_MAX_BYTES = 8192;

export function serveMailbox(http: FastifyInstance, store: Store, wakes: Wakes, nowMs: () => number): void {
  http.get<{ Querystring: { after?: string; limit?: string; wait?: string } }>(
    MAILBOX,
    async (request, reply) => {
      const { member, claim } = memberOf(request);
      const after = readCount(request.query.after, 0);
      const limit = readCount(request.query.limit, MAILBOX_PAGE, MAILBOX_PAGE);
      const waitS = readCount(request.query.wait, 0, WAIT_MAX_S);
      const page = () => ({ after, limit: Math.max(1, limit), atS: Math.floor(nowMs() / 1000) });
      // Listening begins before the look, or a message in between would be slept through.
      const sleep = waitS > 0 ? sleepAt(wakes, member, waitS * 1000) : null;
      try {
        let listed = await store.listMailbox(claim, member, page());
        if (sleep !== null && listed.items.length === 0) {
          request.raw.once('close', sleep.end);
          await sleep.woken;
          listed = await store.listMailbox(null, member, page());
        }
        return reply.send(encode(mailboxPageSchema, listed));
      } finally {
        sleep?.end();
      }
    },
  );

  http.get<{ Params: { cursor: string } }>(MAILBOX_ITEM, async (request, reply) => {
    const { member, claim } = memberOf(request);
    const bytes = await store.readMessage(claim, member, readCount(request.params.cursor, 0));
    if (bytes === null) return refuse(reply, 'missing');
    return reply.type('application/octet-stream').send(bytes);
  });

  http.post(MAILBOX_ACK, { bodyLimit: ACK_MAX_BYTES }, async (request, reply) => {
    const { member, claim } = memberOf(request);
    const { cursors } = readBody(ackPostSchema, request);
    const removed = await store.acknowledge(claim, member, cursors);
    return reply.send(encode(ackedSchema, { removed }));
  });
}
