// Who may talk to the page's process: only the page that it served itself, in a browser on this machine. Another site that is open in the
// same browser can send requests here too (and, by DNS rebinding, under a name of its own): it must not be able to press the paw.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SUBPROTOCOL } from './wire.ts';

const HTTP_PORT = 80;
/** What the app may do in its frame, besides hearing. */
const APP_MAY = ['camera', 'bluetooth', 'publickey-credentials-get', 'publickey-credentials-create'];

export interface Guard {
  /** Fresh at each start; only the served page knows it. */
  readonly token: string;
  /** The request names this machine as its host and, if it names an origin, that is the served page. */
  isOurs(headers: IncomingHttpHeaders): boolean;
  /** A websocket of the page: its origin is there, and the token is among the subprotocols. */
  mayConnect(headers: IncomingHttpHeaders): boolean;
  /** The same of the app's page, which is on an origin of its own and has a token of its own. */
  mayReach(headers: IncomingHttpHeaders): boolean;
  /** What the app alone is told. */
  readonly appToken: string;
}

/** `app`: the origin of the app. */
export function createGuard(port: number, app: string): Guard {
  const token = randomBytes(32).toString('base64url');
  const appToken = randomBytes(32).toString('base64url');
  const names = ['localhost', '127.0.0.1'];
  const hosts = names.map((name) => (port === HTTP_PORT ? name : `${name}:${port}`));
  const origins = hosts.map((host) => `http://${host}`);

  function isOurs({ host, origin }: IncomingHttpHeaders): boolean {
    return hosts.includes(host ?? '') && (origin === undefined || origins.includes(origin));
  }

  return {
    token,
    appToken,
    isOurs,
    mayConnect: (headers) => isOurs(headers) && headers.origin !== undefined && offers(headers, token),
    mayReach: (headers) =>
      hosts.includes(headers.host ?? '') && headers.origin === app && offers(headers, appToken),
  };
}

function offers(headers: IncomingHttpHeaders, token: string): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  const given = Buffer.from(offered[1] ?? '');
  const right = Buffer.from(token);
  return offered[0] === SUBPROTOCOL && given.length === right.length && timingSafeEqual(given, right);
}

/** Headers of every answer. No inline script, nothing from elsewhere but the app in a frame, in nobody's frame. */
export function pageHeaders(port: number, app: string): Record<string, string> {
  // Safari does not count ws: as 'self'.
  const sockets = `ws://localhost:${port} ws://127.0.0.1:${port}`;
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${sockets}`,
      `frame-src ${app}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': [
      `microphone=(self "${app}")`,
      ...APP_MAY.map((feature) => `${feature}=("${app}")`),
      `clipboard-write=(self "${app}")`,
      'geolocation=()',
    ].join(', '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
