// Where somebody who found a flaw learns whom to tell (RFC 9116). The one page that anybody may read.
import type { FastifyInstance } from 'fastify';

export const SECURITY_TXT = '/.well-known/security.txt';
/** RFC 9116 section 2.5.5 asks for less than a year. */
const GOOD_FOR_MS = 180 * 86_400_000;

/** `contact` is a URL; `origin` is known once the relay listens. Expires moves along, as the relay answers only while somebody runs it. */
export function serveSecurityTxt(
  http: FastifyInstance,
  contact: string,
  origin: () => string,
  nowMs: () => number,
): void {
  http.get(SECURITY_TXT, async (_request, reply) => {
    const expires = new Date(nowMs() + GOOD_FOR_MS).toISOString();
    const lines = [
      `Contact: ${contact}`,
      `Expires: ${expires}`,
      'Preferred-Languages: en, da',
      `Canonical: ${origin()}${SECURITY_TXT}`,
    ];
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`);
  });
}
