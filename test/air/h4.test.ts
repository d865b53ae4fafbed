// The byte stream between two processes: packets come out whole however they were cut, and nonsense ends only its own connection.
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectHciPort, createSplitter } from './h4.ts';
import { READ_ADDRESS } from './hci.ts';
import { createRawHost, EVENT_COMMAND_COMPLETE } from './raw-host.ts';
import { createAirServer } from './server.ts';

const body = (maxLength: number) => fc.uint8Array({ maxLength });
const packet = fc.oneof(
  body(255).map((bytes) => Buffer.concat([Buffer.from([1, 0x03, 0x0c, bytes.length]), bytes])),
  body(300).map((bytes) =>
    Buffer.concat([Buffer.from([2, 0x40, 0, bytes.length & 255, bytes.length >> 8]), bytes]),
  ),
  body(255).map((bytes) => Buffer.concat([Buffer.from([4, 0x0e, bytes.length]), bytes])),
);

test('puts packets together again from any pieces', () => {
  fc.assert(
    fc.property(
      fc.array(packet, { maxLength: 8 }),
      fc.array(fc.nat(64), { minLength: 1 }),
      (packets, cuts) => {
        const out: Buffer[] = [];
        const split = createSplitter((whole) => out.push(whole));
        let rest = Buffer.concat(packets);
        for (let turn = 0; rest.length > 0; turn++) {
          const size = cuts[turn % cuts.length]! + 1;
          split(rest.subarray(0, size));
          rest = rest.subarray(size);
        }
        expect(out).toEqual(packets);
      },
    ),
  );
});

test('refuses what is not H4', () => {
  expect(() => createSplitter(() => {})(Buffer.from('GET / HTTP/1.1'))).toThrow('not H4');
});

test('a server drops a client that talks nonsense and keeps the others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-h4-'));
  const path = join(folder, 'air');
  const server = await createAirServer(path);
  const port = await connectHciPort(path);
  const rude = net.connect(path);
  const dropped = new Promise((resolve) => rude.once('close', resolve));
  rude.write('GET / HTTP/1.1');
  await dropped;
  const host = createRawHost(port);
  host.command(READ_ADDRESS);
  expect((await host.event(EVENT_COMMAND_COMPLETE)).length).toBe(10);
  expect(server.controllers()).toHaveLength(1);
  const down = new Promise<boolean>((resolve) => port.attach({ packet: () => {}, state: resolve }));
  await server.close();
  expect(await down).toBe(false);
  expect(port.isUp).toBe(false);
  rmSync(folder, { recursive: true });
});

test('says so when nobody serves', async () => {
  await expect(connectHciPort(join(tmpdir(), 'pawpost-nobody'))).rejects.toThrow('ENOENT');
});
