// Serves the app on an origin of its own, with the headers that it wants.
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { CommandError } from '../failure.ts';
import { type AppConfiguration, configurationFile } from './build.ts';
import type { Bundle } from './bundle.ts';
import { appHeaders, cacheControl } from './headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  png: 'image/png',
  wasm: 'application/wasm',
  woff2: 'font/woff2',
};

export interface ServeOptions {
  /** 0 takes any. */
  port: number;
  host?: string;
  configuration: AppConfiguration;
  /** The page that may show the app in a frame. */
  framedBy?: string;
}

export interface AppServer {
  /** The app's origin. */
  readonly url: string;
  /** What is served from now on: an update, in tests. */
  files: ReadonlyMap<string, Buffer>;
  close(): Promise<void>;
}

/** Serves `bundle` until it is closed. @throws CommandError if somebody has the port. */
export async function serveApp(bundle: Pick<Bundle, 'files'>, options: ServeOptions): Promise<AppServer> {
  const { port, host = '127.0.0.1', configuration, framedBy } = options;
  const headers = appHeaders({ ...configuration, ...(framedBy === undefined ? {} : { framedBy }) });
  const app = fastify({ forceCloseConnections: true });
  const server: AppServer = { url: '', files: bundle.files, close: () => app.close() };
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
  app.get('/*', async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    reply.header('cache-control', cacheControl(path));
    if (path === '/pawpost.json') return reply.type(TYPES.json!).send(configurationFile(configuration));
    const file = server.files.get(path);
    if (file === undefined && server.files.has(`${path}/index.html`)) return reply.redirect(`${pathname}/`);
    if (file === undefined) return reply.code(404).type('text/plain').send('There is nothing here.\n');
    return reply.type(TYPES[path.split('.').at(-1)!] ?? 'application/octet-stream').send(file);
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new CommandError(
      `port ${port} is in use`,
      'Stop the program that uses it, or take another --port.',
    );
  }
  const { port: taken } = app.server.address() as AddressInfo;
  // By name: browsers give Bluetooth and the service worker to localhost without TLS, and a passkey wants a name.
  return Object.assign(server, { url: `http://localhost:${taken}` });
}
