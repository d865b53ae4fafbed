// Every refusal the relay sends: a status and a code, always the same bytes for the same reason.
import type { FastifyReply } from 'fastify';
import type { Refusal } from '#protocol/relay/answers.ts';
import { RelayError, type RelayErrorCode } from './error.ts';

const STATUS: Readonly<Record<Refusal, number>> = {
  form: 400,
  unauthorised: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  large: 413,
  recipient: 422,
  busy: 429,
  failed: 500,
  full: 507,
};

const REFUSALS: Readonly<Partial<Record<RelayErrorCode, Refusal>>> = {
  replay: 'unauthorised',
  stranger: 'unauthorised',
  'store-full': 'full',
};

/** Ends a request by a refusal. */
export function refuse(reply: FastifyReply, reason: Refusal): FastifyReply {
  return reply.code(STATUS[reason]).type('application/json').send(`{"error":"${reason}"}`);
}

/** The refusal that an error means; `failed` for one that nobody foresaw. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RelayError) return REFUSALS[error.code] ?? 'failed';
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode === 413) return 'large';
  if (statusCode !== undefined && statusCode < 500) return 'form';
  return /^(request|envelope|roster)-[a-z]+$/.test(message ?? '') ? 'form' : 'failed';
}
