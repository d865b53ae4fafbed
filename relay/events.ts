// The wake-up stream: tells a device that its mailbox has grown, until either side goes or the device leaves the family.
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { EVENTS_TYPE, encodeWake, HEARTBEAT } from '#protocol/relay/events.ts';
import { EVENTS } from '#protocol/relay/paths.ts';
import { memberOf } from './asker.ts';
import { readCount } from './input.ts';
import type { Store } from './store.ts';
import type { Wakes } from './wakes.ts';

export function serveEvents(http: FastifyInstance, store: Store, wakes: Wakes, heartbeatMs: number): void {
  http.get<{ Querystring: { after?: string } }>(EVENTS, async (request, reply) => {
    const { member, claim } = memberOf(request);
    let told = readCount(request.query.after, 0);
    await store.claim(claim);

    let newest = told;
    let isEnded = false;
    let stream: ServerResponse | null = null;
    /** Says the newest cursor once; a reader that does not keep up gets the last of them, not all. */
    function tell(): void {
      if (stream === null || newest <= told || stream.writableNeedDrain) return;
      told = newest;
      stream.write(encodeWake(newest));
    }
    const leave = wakes.add(member, {
      wake(cursor) {
        newest = Math.max(newest, cursor);
        tell();
      },
      close() {
        isEnded = true;
        stream?.end();
      },
    });
    try {
      // Asked after listening began: a message or a removal in between is not missed.
      newest = Math.max(newest, await store.newestCursor(member));
    } catch (error) {
      leave();
      throw error;
    }

    reply.hijack();
    const open = reply.raw;
    const beat = setInterval(() => {
      // What was written a beat ago has not gone out: nobody reads any more.
      if (open.writableNeedDrain) open.destroy();
      else open.write(HEARTBEAT);
    }, heartbeatMs);
    open.on('drain', tell);
    open.on('error', () => open.destroy());
    open.on('close', () => {
      clearInterval(beat);
      leave();
    });
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) open.setHeader(name, value);
    open.writeHead(200, {
      'content-type': EVENTS_TYPE,
      'x-accel-buffering': 'no',
    });
    open.write(HEARTBEAT);
    stream = open;
    if (isEnded) open.end();
    else tell();
  });
}
