// The page's server, on this machine alone: the page, its websocket, and the one through which the app reaches the room's radio.
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fastify from 'fastify';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { CommandError } from '../failure.ts';
import { type Asset, bundleAssets } from './assets.ts';
import { createGuard, pageHeaders } from './guard.ts';
import { type FromPage, MAX_INVITATION, MAX_SAMPLES_BYTES, SUBPROTOCOL, type ToPage } from './wire.ts';

const HOST = '127.0.0.1';
/** A page that takes this many bytes too slowly hears no more sound until it has caught up. */
const MAX_BEHIND_BYTES = 1 << 20;

const fromPage = z.union([
  z.object({ kind: z.literal('press'), ears: z.enum(['page', 'built-in']) }),
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('invite-pi'), invitation: z.string().max(MAX_INVITATION) }),
  z.object({ kind: z.literal('phone'), isNear: z.boolean() }),
]);

/** What the pages show and move. */
export interface Scene {
  /** Everything a page must know that has just come. */
  greeting(): ToPage[];
  said(page: object, word: FromPage): void;
  heard(page: object, samples: Int16Array): void;
  left(page: object): void;
  /** The app has come for the room's radio. */
  radio(app: WebSocket): void;
}

export interface PageServer {
  readonly url: string;
  /** Where the app reaches the room's radio; the token behind the `#`. */
  readonly radio: string;
  /** From now on the page is served; before, it says that it is not ready. */
  open(scene: Scene): Promise<void>;
  tell(message: ToPage): void;
  play(samples: Int16Array): void;
  readonly isWatched: boolean;
  close(): Promise<void>;
}

/** Takes the port; `appUrl` is the app's origin. @throws CommandError if somebody has it. */
export async function startServer(port: number, appUrl: string): Promise<PageServer> {
  const app = fastify({ forceCloseConnections: true });
  const options = { noServer: true, maxPayload: MAX_SAMPLES_BYTES, handleProtocols: () => SUBPROTOCOL };
  const sockets = new WebSocketServer(options);
  const radios = new WebSocketServer(options);
  const taken = () => (app.server.address() as AddressInfo).port;
  let scene: Scene | null = null;
  let assets = new Map<string, Asset>();

  // Known once the port is: port 0 takes any.
  let guard = createGuard(port, appUrl);
  let headers = pageHeaders(port, appUrl);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (!guard.isOurs(request.headers)) return reply.code(403).send('This page is for this machine alone.\n');
    if (scene === null) {
      return reply.code(503).header('refresh', '1').send('Pawpost is starting. This page comes by itself.\n');
    }
  });
  app.get('/*', async (request, reply) => {
    // One name: to a browser the app in the frame is a stranger on any other, and keeps what it knows apart.
    if (request.headers.host?.startsWith(HOST)) return reply.redirect(`http://localhost:${taken()}/`);
    const asset = assets.get(new URL(request.url, 'http://localhost').pathname);
    if (asset === undefined) return reply.code(404).send('There is nothing here.\n');
    return reply.type(asset.type).send(asset.body);
  });
  app.server.on('upgrade', (request, socket: Duplex, head) => {
    const { url, headers } = request;
    const here = scene;
    if (here !== null && url === '/live' && guard.mayConnect(headers))
      sockets.handleUpgrade(request, socket, head, (page) => welcome(page, here));
    else if (here !== null && url === '/radio' && guard.mayReach(headers))
      radios.handleUpgrade(request, socket, head, (phone) => here.radio(phone));
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });

  function welcome(page: WebSocket, here: Scene): void {
    page.on('error', () => page.terminate());
    page.on('close', () => here.left(page));
    page.on('message', (data: RawData, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
      if (isBinary) return here.heard(page, samplesOf(bytes));
      const word = fromPage.safeParse(jsonOf(bytes));
      if (word.success) here.said(page, word.data);
      else page.close(1008);
    });
    for (const message of here.greeting()) page.send(JSON.stringify(message));
  }

  try {
    await app.listen({ host: HOST, port });
  } catch (error) {
    throw refusalOf(error, port);
  }
  guard = createGuard(taken(), appUrl);
  headers = pageHeaders(taken(), appUrl);

  return {
    url: `http://localhost:${taken()}`,
    radio: `ws://localhost:${taken()}/radio#${guard.appToken}`,
    async open(newScene) {
      assets = await bundleAssets(guard.token, appUrl);
      scene = newScene;
    },
    tell: (message) => {
      for (const page of sockets.clients) page.send(JSON.stringify(message));
    },
    play: (samples) => {
      const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
      for (const page of sockets.clients) {
        if (page.bufferedAmount < MAX_BEHIND_BYTES) page.send(bytes);
      }
    },
    get isWatched() {
      return sockets.clients.size > 0;
    },
    async close() {
      for (const page of [...sockets.clients, ...radios.clients]) page.terminate();
      sockets.close();
      radios.close();
      await app.close();
    },
  };
}

function refusalOf(error: unknown, port: number): unknown {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE') {
    return new CommandError(
      `port ${port} is in use`,
      `Stop the program that uses it, or take another: npm start -- --port ${port + 1}`,
    );
  }
  if (code === 'EACCES') {
    return new CommandError(
      `port ${port} is not for everybody`,
      'Take one over 1023: npm start -- --port 8080',
    );
  }
  return error;
}

// Copied, as a view of 16-bit numbers needs an even offset; an odd byte at the end is dropped.
function samplesOf(bytes: Buffer): Int16Array {
  const even = bytes.length & ~1;
  return new Int16Array(Uint8Array.from(bytes.subarray(0, even)).buffer);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
