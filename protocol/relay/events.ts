// The wake-up stream: server-sent events that carry the newest cursor and nothing else.
import { createParser } from 'eventsource-parser';
import { fault } from '../fault.ts';
import { wakeSchema } from './answers.ts';

/** Media type of the stream. */
export const EVENTS_TYPE = 'text/event-stream';

/** The event that says up to which cursor the mailbox reaches. */
export function encodeWake(cursor: number): string {
  return `event: wake\nid: ${cursor}\ndata: ${JSON.stringify({ cursor })}\n\n`;
}

/** A comment that keeps proxies from closing a quiet stream, and lets a reader notice a dead one. */
export const HEARTBEAT = ':\n\n';

/** Reads wakes out of the chunks of a stream, as they come. Faults `relay-answer` on an event that is no wake. */
export function wakeReader(onWake: (cursor: number) => void): (chunk: Uint8Array) => void {
  const text = new TextDecoder();
  const parser = createParser({
    onEvent(event) {
      if (event.event !== 'wake') throw fault('relay-answer');
      onWake(readWake(event.data));
    },
  });
  return (chunk) => parser.feed(text.decode(chunk, { stream: true }));
}

function readWake(data: string): number {
  try {
    return wakeSchema.parse(JSON.parse(data)).cursor;
  } catch {
    throw fault('relay-answer');
  }
}
