// Stands between a family and its relay process, and kills the relay the moment it has acknowledged a change: before the answer goes
// on to the device, or in its place. Then it starts the relay again on the same data; whoever asks meanwhile waits.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { type Program, runProgram } from './process.ts';

export interface RelayGate {
  /** What devices take for the relay's address. */
  readonly url: string;
  /** The acknowledgements after which the relay was killed, by method and route. */
  readonly kills: readonly string[];
  close(): Promise<void>;
}

/** `isAnswerLost`: the device does not get the answer for which the relay died; it gets that of its next try. */
export async function openRelayGate(directory: string, isAnswerLost: boolean): Promise<RelayGate> {
  const kills: string[] = [];
  const killed = new Set<string>();
  const port = await freePort();
  const gate = http.createServer((request, answer) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => void pass(request, Buffer.concat(pieces), answer));
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  let relay: Program;
  let running: Promise<unknown> = start();

  function start(): Promise<unknown> {
    const options = ['--data', directory, '--port', String(port), '--public-url', url];
    relay = runProgram('cli/pawpost.ts', 'relay', 'serve', ...options);
    return relay.lines.until('relay', (line) => line.startsWith('relay at'));
  }

  async function pass(request: http.IncomingMessage, body: Buffer, answer: http.ServerResponse) {
    await running;
    const { method, url: path, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    onward.on('error', () => answer.destroy());
    onward.on('response', async (response) => {
      const change = nameOf(request, body);
      const isChange = method !== 'GET' && response.statusCode! < 300 && !killed.has(change);
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece as Buffer);
      if (isChange) {
        killed.add(change);
        kills.push(change.split(' ').slice(0, 2).join(' '));
        running = relay.kill().then(start);
        if (isAnswerLost) {
          answer.destroy();
          return;
        }
      }
      answer.writeHead(response.statusCode!, response.headers).end(Buffer.concat(pieces));
    });
    onward.end(body);
  }

  return {
    url,
    kills,
    async close() {
      await running;
      gate.closeAllConnections();
      await new Promise((resolve) => gate.close(resolve));
      await relay.kill();
    },
  };
}

/** One name for a change and its repetition: a message's path, or who asked for what. A family is founded anew each time. */
function nameOf(request: http.IncomingMessage, body: Buffer): string {
  const { method, url = '', headers } = request;
  const route = url
    .replace(/^\/v1\/families\/[^/]+/, '/v1/families/:family')
    .replace(/(messages)\/.*/, '$1/:message');
  if (route === '/v1/families') return `${method} ${route}`;
  const signer = /keyid="([^"]*)"/.exec(String(headers['signature-input']))?.[1];
  // Prekeys and the safe are sealed or signed anew for each try.
  const what = ['/v1/prekeys', '/v1/safe'].includes(route)
    ? signer
    : createHash('sha256').update(body).digest('hex');
  return `${method} ${route} ${what}`;
}

/** A port of this machine that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
