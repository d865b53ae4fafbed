// The page's server, on this machine alone: the page, its websocket, and the voices of the inbox.
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { CommandError } from '../failure.ts';
import { type Asset, bundleAssets } from './assets.ts';
import { createGuard, pageHeaders } from './guard.ts';
import { type FromPage, MAX_SAMPLES_BYTES, SUBPROTOCOL, type ToPage } from './wire.ts';

const HOST = '127.0.0.1';
/** Bytes of one recording: as many as an Ogg file may have that is read at all. */
const MAX_RECORDING_BYTES = 1 << 20;
/** A page that takes this many bytes too slowly hears no more sound until it has caught up. */
const MAX_BEHIND_BYTES = 1 << 20;

const fromPage = z.union([
  z.object({ kind: z.literal('press'), ears: z.enum(['page', 'built-in']) }),
  z.object({ kind: z.literal('release') }),
]);

/** What the pages show and move. */
export interface Scene {
  /** Everything a page must know that has just come. */
  greeting(): ToPage[];
  said(page: object, word: FromPage): void;
  heard(page: object, samples: Int16Array): void;
  left(page: object): void;
  /** An Ogg Opus file of that message, or null. */
  listen(id: string): Uint8Array | null;
  /** Sends a recording to the toy; the message's id in hex, or a fault's code if it is none that a toy plays. */
  speak(ogg: Uint8Array): Promise<{ id: string } | { refusal: string }>;
}

export interface PageServer {
  readonly url: string;
  readonly port: number;
  /** From now on the page is served; before, it says that it is not ready. */
  open(scene: Scene): Promise<void>;
  tell(message: ToPage): void;
  play(samples: Int16Array): void;
  readonly isWatched: boolean;
  close(): Promise<void>;
}

/** Takes the port. @throws CommandError if somebody has it. */
export async function startServer(port: number): Promise<PageServer> {
  const app = fastify({ bodyLimit: MAX_RECORDING_BYTES, forceCloseConnections: true });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_SAMPLES_BYTES,
    handleProtocols: () => SUBPROTOCOL,
  });
  let scene: Scene | null = null;
  let assets = new Map<string, Asset>();

  // Known once the port is: port 0 takes any.
  let guard = createGuard(port);
  let headers = pageHeaders(port);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('audio/ogg', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (!guard.isOurs(request.headers)) return reply.code(403).send('This page is for this machine alone.\n');
    if (scene === null) {
      return reply.code(503).header('refresh', '1').send('Pawpost is starting. This page comes by itself.\n');
    }
  });
  const onlyThePage = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!guard.mayAsk(request.headers)) return reply.code(401).send({ refusal: 'token' });
  };

  app.get('/*', async (request, reply) => {
    const asset = assets.get(new URL(request.url, 'http://localhost').pathname);
    if (asset === undefined) return reply.code(404).send('There is nothing here.\n');
    return reply.type(asset.type).send(asset.body);
  });
  app.get<{ Params: { id: string } }>(
    '/voices/:id',
    { onRequest: onlyThePage },
    async ({ params }, reply) => {
      const file = scene!.listen(params.id);
      if (file === null) return reply.code(404).send({ refusal: 'unknown' });
      return reply.type('audio/ogg').send(Buffer.from(file));
    },
  );
  app.post('/voices', { onRequest: onlyThePage }, async ({ body }, reply) => {
    const answer = Buffer.isBuffer(body) ? await scene!.speak(body) : { refusal: 'audio-ogg' };
    return reply.code('id' in answer ? 201 : 400).send(answer);
  });

  app.server.on('upgrade', (request, socket: Duplex, head) => {
    const isAllowed = scene !== null && request.url === '/live' && guard.mayConnect(request.headers);
    if (isAllowed) sockets.handleUpgrade(request, socket, head, (page) => welcome(page, scene!));
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
  const { port: taken } = app.server.address() as AddressInfo;
  guard = createGuard(taken);
  headers = pageHeaders(taken);

  return {
    url: `http://localhost:${taken}`,
    port: taken,
    async open(newScene) {
      assets = await bundleAssets(guard.token);
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
      for (const page of sockets.clients) page.terminate();
      sockets.close();
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
