// Messages come in: an envelope once, checked by its public header, and put into the mailbox of each recipient.

import type { FastifyInstance } from 'fastify';
import { encode } from 'zod/mini';
import { same } from '#protocol/bytes.ts';
import { decodeUploaded, trimFor } from '#protocol/envelope/header.ts';
import { storedSchema } from '#protocol/relay/answers.ts';
import { decodeBase64url } from '#protocol/relay/base64url.ts';
import { ID_BYTES, MESSAGE_MAX_BYTES } from '#protocol/relay/limits.ts';
import { MESSAGE } from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { memberOf } from './asker.ts';
import { bytesOf } from './input.ts';
import type { Delivery, Store } from './store.ts';

const STATUS = { stored: 201, known: 200 } as const;

/** `announce` tells of each message that has come into a mailbox; it returns at once and throws nothing. */
export function serveMessages(
  http: FastifyInstance,
  store: Store,
  announce: (delivery: Delivery) => void,
  nowMs: () => number,
): void {
  http.put<{ Params: { message: string } }>(
    MESSAGE,
    { bodyLimit: MESSAGE_MAX_BYTES },
    async (request, reply) => {
      const { member, claim } = memberOf(request);
      const message = decodeBase64url(request.params.message, ID_BYTES);
      const envelope = decodeUploaded(bytesOf(request));
      const { messageId, familyId, senderId } = envelope.header;
      if (!same(messageId, message)) return refuse(reply, 'form');
      // Nobody stores in another's name, nor in a family that is not theirs.
      if (!same(familyId, member.family) || !same(senderId, member.device)) return refuse(reply, 'forbidden');
      const { outcome, full, deliveries } = await store.putMessage(claim, {
        sender: member,
        message,
        // The digest that was signed, and that the body has been found to have.
        hash: request.asker!.signature.digest,
        body: envelope.body,
        recipients: envelope.wraps.map(({ deviceId }) => ({
          device: deviceId,
          front: trimFor(envelope, deviceId),
        })),
        atS: Math.floor(nowMs() / 1000),
      });
      if (outcome !== 'stored' && outcome !== 'known') return refuse(reply, outcome);
      for (const delivery of deliveries) announce(delivery);
      return reply.code(STATUS[outcome]).send(encode(storedSchema, { full }));
    },
  );
}
