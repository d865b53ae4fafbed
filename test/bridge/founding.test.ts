// Founding a family while the network comes and goes: what the relay has taken is never lost, least of all the recovery kit.
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import { keepPrekeysFresh } from '#bridge/device.ts';
import { foundFamily } from '#bridge/founding.ts';
import { createKeys } from '#bridge/keys.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { startRelay } from '#relay/main.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

it('a family is founded although its first prekeys do not get through, and they follow', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-founding-'));
  let isPrekeysLost = true;
  const gate = http.createServer((request, answer) => {
    if (isPrekeysLost && request.url === '/v1/prekeys') {
      answer.destroy();
      return;
    }
    const { method, url, headers } = request;
    const { port } = new URL(inner);
    const onward = http.request({ port, host: '127.0.0.1', method, path: url, headers, agent: false });
    onward.on('response', (response) => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  const port = await freePort();
  const inner = `http://127.0.0.1:${port}`;
  const log = new Writable({ write: (_chunk, _encoding, done) => done() });
  const relay = await startRelay({ directory, port, publicUrl: url }, { nowMs: Date.now, log });
  const parts = {
    keys: createKeys(ROLE_ADULT),
    relay: url,
    store: createMemoryStore().open(),
    clock: wallClock,
  };
  const { device, rootSeed } = await foundFamily(parts);
  expect(rootSeed.length).toBe(32);
  expect(await device.mailbox.readPrekeys([device.member.id])).toEqual([]);
  isPrekeysLost = false;
  await keepPrekeysFresh(device);
  const [published] = await device.mailbox.readPrekeys([device.member.id]);
  expect(published!.device).toEqual(device.member.id);
  // Not again on the same day.
  await keepPrekeysFresh(device);
  expect((await device.mailbox.readPrekeys([device.member.id]))[0]!.bundle).toEqual(published!.bundle);
  gate.closeAllConnections();
  gate.close();
  await relay.close();
  rmSync(directory, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = http.createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
