// Who may talk to the page's process: only the page that it served itself, in a browser on this machine. Another site that is open in the
// same browser can send requests here too (and, by DNS rebinding, under a name of its own): it must not be able to press the paw.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SUBPROTOCOL } from './wire.ts';

const HTTP_PORT = 80;

export interface Guard {
  /** Fresh at each start; only the served page knows it. */
  readonly token: string;
  /** The request names this machine as its host and, if it names an origin, that is the served page. */
  isOurs(headers: IncomingHttpHeaders): boolean;
  /** `authorization: Bearer …` carries the token. */
  mayAsk(headers: IncomingHttpHeaders): boolean;
  /** A websocket: the origin is there, and the token is among the subprotocols. */
  mayConnect(headers: IncomingHttpHeaders): boolean;
}

export function createGuard(port: number): Guard {
  const token = randomBytes(32).toString('base64url');
  const names = ['localhost', '127.0.0.1'];
  const hosts = names.map((name) => (port === HTTP_PORT ? name : `${name}:${port}`));
  const origins = hosts.map((host) => `http://${host}`);

  function isToken(text: string | undefined): boolean {
    const given = Buffer.from(text ?? '');
    const right = Buffer.from(token);
    return given.length === right.length && timingSafeEqual(given, right);
  }
  function isOurs({ host, origin }: IncomingHttpHeaders): boolean {
    return hosts.includes(host ?? '') && (origin === undefined || origins.includes(origin));
  }

  return {
    token,
    isOurs,
    mayAsk: (headers) => isOurs(headers) && isToken(/^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]),
    mayConnect: (headers) => {
      const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
      return (
        isOurs(headers) && headers.origin !== undefined && offered[0] === SUBPROTOCOL && isToken(offered[1])
      );
    },
  };
}

/** Headers of every answer. No inline script, nothing from elsewhere, in nobody's frame. */
export function pageHeaders(port: number): Record<string, string> {
  // Safari does not count ws: as 'self'.
  const sockets = `ws://localhost:${port} ws://127.0.0.1:${port}`;
  return {
    'content-security-policy': [
      "default-src 'none'",
      // opus-recorder's encoder is WebAssembly; `wasm-unsafe-eval` allows that and no eval of script.
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${sockets}`,
      'media-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
