// What comes in, read strictly: numbers of a query, JSON of a body.
import type { FastifyRequest } from 'fastify';
import type { output, ZodMiniType } from 'zod/mini';
import { fault } from '#protocol/fault.ts';

/** A whole number of a query or a path; `absent` if it is not there. Faults `request-form`. */
export function readCount(text: string | undefined, absent: number, max = Number.MAX_SAFE_INTEGER): number {
  if (text === undefined) return absent;
  // Twice in the query makes an array of it.
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,15})$/.test(text)) throw fault('request-form');
  const count = Number(text);
  if (count > max) throw fault('request-form');
  return count;
}

/** A JSON body of a certain shape. Faults `request-form`. */
export function readBody<T extends ZodMiniType>(schema: T, request: FastifyRequest): output<T> {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(request))));
  } catch {
    throw fault('request-form');
  }
}

/** The body as it came. Faults `request-form` if there is none. */
export function bytesOf(request: FastifyRequest): Uint8Array {
  const body = request.body;
  if (!(body instanceof Uint8Array) || body.length === 0) throw fault('request-form');
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
}
