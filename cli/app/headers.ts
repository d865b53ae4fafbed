// The headers of every answer that carries the app: its own scripts, its relay, and nothing else.

export interface HeaderOptions {
  /** Origin of the relay, such as `https://relay.example`. */
  relay: string;
  /** Address of a pretend radio, such as `ws://localhost:8080/radio`: `npm start` alone. */
  radio?: string;
  /** The page that may show the app in a frame: `npm start` alone. */
  framedBy?: string;
}

/** By lower-case name. */
export function appHeaders({ relay, radio, framedBy }: HeaderOptions): Record<string, string> {
  const isFramed = framedBy !== undefined;
  return {
    'content-security-policy': [
      "default-src 'none'",
      // Codec and ciphers are WebAssembly; `wasm-unsafe-eval` allows that and no eval of script.
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      'media-src blob:',
      ['connect-src', "'self'", relay, ...(radio === undefined ? [] : [new URL(radio).origin])].join(' '),
      "worker-src 'self'",
      "manifest-src 'self'",
      "require-trusted-types-for 'script'",
      'trusted-types pawpost',
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${framedBy ?? "'none'"}`,
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': isFramed ? 'cross-origin' : 'same-origin',
    'permissions-policy':
      'microphone=(self), camera=(self), bluetooth=(self), serial=(self), geolocation=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(isFramed ? {} : { 'x-frame-options': 'DENY' }),
  };
}

/** How long a file may be kept without asking: those with a hash in their name for ever, others not at all. */
export function cacheControl(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The same for a static host that reads a `_headers` file. */
export function headersFile(options: HeaderOptions): string {
  const lines = (headers: Record<string, string>) =>
    Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
  return [
    '/*\n',
    ...lines({ ...appHeaders(options), 'cache-control': cacheControl('/') }),
    '/assets/*\n',
    '  ! cache-control\n',
    ...lines({ 'cache-control': cacheControl('/assets/') }),
  ].join('');
}
