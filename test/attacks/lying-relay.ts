// A relay whose operator lies: a real relay behind a proxy at which a test changes what devices are told.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { startRelay } from '#relay/main.ts';
import { GENEROUS_LIMITS, temporaryDirectory } from '#test/relay/running.ts';

export interface Asked {
  method: string;
  path: string;
  body: Uint8Array;
}

export interface Answer {
  status: number;
  body: Uint8Array;
}

/** Changes an answer on its way; null leaves it. */
export type Lie = (asked: Asked, answer: Answer) => Answer | null;

export interface LyingRelay {
  /** What devices take for the relay. */
  url: string;
  directory: string;
  /** Null: an honest relay. */
  lie: Lie | null;
  /** True for requests that never reach the real relay; they are answered with success. */
  eats: ((asked: Asked) => boolean) | null;
  logged(): string;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startLyingRelay(): Promise<LyingRelay> {
  const directory = temporaryDirectory();
  const lines: string[] = [];
  const port = await freePort();
  const proxy = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method = 'GET', url: path = '/' } = request;
    const body = new Uint8Array(Buffer.concat(pieces));
    if (lying.eats?.({ method, path, body })) {
      response.writeHead(200, { connection: 'close' }).end('{"removed":1}');
      return;
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (!['host', 'connection', 'content-length', 'transfer-encoding'].includes(name))
        headers.set(name, String(value));
    }
    const content = body.length > 0 ? { body } : {};
    const real = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...content });
    const answer = { status: real.status, body: new Uint8Array(await real.arrayBuffer()) };
    const told = lying.lie?.({ method, path, body }, answer) ?? answer;
    response.writeHead(told.status, { connection: 'close' }).end(told.body);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const log = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const relay = await startRelay(
    {
      port,
      directory: join(directory.path, 'relay'),
      publicUrl: url,
      limits: GENEROUS_LIMITS,
      storeReserveBytes: 0,
    },
    { nowMs: Date.now, log },
  );
  const lying: LyingRelay = {
    url,
    directory: directory.path,
    lie: null,
    eats: null,
    logged: () => lines.join(''),
    async close() {
      proxy.close();
      proxy.closeAllConnections();
      await Promise.race([relay.close(), new Promise((resolve) => setTimeout(resolve, 1000))]);
      directory.remove();
    },
  };
  return lying;
}

/** The JSON of an answer, changed. */
export function changed<T>(answer: Answer, change: (content: T) => void): Answer {
  const content = JSON.parse(Buffer.from(answer.body).toString()) as T;
  change(content);
  return { status: 200, body: new Uint8Array(Buffer.from(JSON.stringify(content))) };
}
