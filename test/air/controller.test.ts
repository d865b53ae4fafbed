// The controller as a host stack sees it: connections, loss and range by seed, supervision timeout, and no way to break it from outside.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Air, createAir } from './air.ts';
import type { Controller } from './controller.ts';
import * as hci from './hci.ts';
import type { AirOptions } from './medium.ts';
import {
  createRawHost,
  EVENT_COMMAND_COMPLETE,
  EVENT_DISCONNECTED,
  EVENT_LE_META,
  META_CONNECTED,
  type RawHost,
} from './raw-host.ts';

const TOY = '02:00:00:00:0a:0b';
/** 30 ms and 1 s. */
const TIMING = { interval: 24, supervisionTimeout: 100 };
const NOTIFICATION = 0x1b;

interface Pair {
  air: Air;
  toyController: Controller;
  toy: RawHost;
  bridge: RawHost;
}

async function connectPair(options: AirOptions): Promise<Pair> {
  const air = createAir({ advertisingIntervalMs: 1, ...options });
  const toyController = air.addController(TOY);
  const toy = createRawHost(toyController);
  const bridge = createRawHost(air.addController());
  toy.advertise(Uint8Array.of(2, 1, 6));
  bridge.initiate(TOY, TIMING);
  await bridge.event(EVENT_LE_META, (parameters) => parameters[0] === META_CONNECTED);
  return { air, toyController, toy, bridge };
}

async function notify(pair: Pair, count: number): Promise<Buffer[]> {
  const arrived: Buffer[] = [];
  const all = new Promise<void>((resolve) => {
    pair.bridge.onAtt((pdu) => {
      if (arrived.push(pdu) === count) resolve();
    });
  });
  for (let number = 0; number < count; number++) pair.toy.att(Uint8Array.of(NOTIFICATION, 1, 0, number));
  await all;
  return arrived;
}

test('tells both ends of a connection who is who, and on what timing', async () => {
  const { air, toy, bridge } = await connectPair({});
  const isConnected = (parameters: Buffer) => parameters[0] === META_CONNECTED;
  const ofToy = await toy.event(EVENT_LE_META, isConnected);
  const ofBridge = await bridge.event(EVENT_LE_META, isConnected);
  const ROLE = 4;
  expect([ofBridge[ROLE], ofToy[ROLE]]).toEqual([0, 1]);
  expect(Buffer.from(ofBridge.subarray(6, 12)).reverse().toString('hex')).toBe(TOY.replaceAll(':', ''));
  expect(ofBridge.readUInt16LE(12)).toBe(TIMING.interval);
  expect(ofBridge.readUInt16LE(16)).toBe(TIMING.supervisionTimeout);
  air.close();
});

test('the interval of the air overrides that of the central', async () => {
  const { air, bridge } = await connectPair({ intervalMs: 50 });
  const connected = await bridge.event(EVENT_LE_META, (parameters) => parameters[0] === META_CONNECTED);
  expect(connected.readUInt16LE(12)).toBe(40);
  air.close();
});

test('loses the same packets with the same seed, delivers all in order, and takes longer for it', async () => {
  async function run(loss: number, seed: number) {
    const pair = await connectPair({ timing: 'virtual', loss, seed });
    const arrived = await notify(pair, 150);
    expect(arrived.map((pdu) => pdu[3])).toEqual(Array.from({ length: 150 }, (_, number) => number));
    const [statistics] = pair.air.connections();
    pair.air.close();
    return statistics!;
  }
  const lossless = await run(0, 1);
  const first = await run(0.2, 1);
  expect(lossless.lostPackets).toBe(0);
  expect(await run(0.2, 1)).toEqual(first);
  expect(await run(0.2, 2)).not.toEqual(first);
  expect(first.lostPackets).toBeGreaterThan(20);
  expect(first.activeUs).toBeGreaterThan(lossless.activeUs);
});

for (const timing of ['instant', 'virtual', 'realtime'] as const) {
  test(`${timing}: out of range a connection dies by its supervision timeout, at both ends`, async () => {
    const pair = await connectPair({ timing });
    await notify(pair, 1);
    const before = pair.air.connections()[0]!;
    const activeUs = before.activeUs;
    pair.air.setInRange(pair.toyController, false);
    const [ofToy, ofBridge] = await Promise.all([
      pair.toy.event(EVENT_DISCONNECTED),
      pair.bridge.event(EVENT_DISCONNECTED),
    ]);
    expect([ofToy[3], ofBridge[3]]).toEqual([hci.CONNECTION_TIMEOUT, hci.CONNECTION_TIMEOUT]);
    const silentMs = (before.activeUs - activeUs) / 1000;
    expect(silentMs).toBeGreaterThanOrEqual(TIMING.supervisionTimeout * 10);
    expect(silentMs).toBeLessThan(TIMING.supervisionTimeout * 10 + 2 * TIMING.interval * 1.25);
    expect(pair.air.connections()).toEqual([]);
    pair.air.close();
  });
}

test('back in range before the timeout, what was sent meanwhile arrives', async () => {
  const pair = await connectPair({ timing: 'realtime' });
  pair.air.setInRange(pair.toyController, false);
  const arrived = notify(pair, 3);
  setTimeout(() => pair.air.setInRange(pair.toyController, true), 100);
  expect(await arrived).toHaveLength(3);
  pair.air.close();
});

test('a disconnect names its reason to each end', async () => {
  const { air, toy, bridge } = await connectPair({});
  const connected = await bridge.event(EVENT_LE_META, (parameters) => parameters[0] === META_CONNECTED);
  bridge.command(hci.DISCONNECT, Uint8Array.of(connected[2]!, connected[3]!, 0x13));
  expect((await toy.event(EVENT_DISCONNECTED))[3]).toBe(0x13);
  expect((await bridge.event(EVENT_DISCONNECTED))[3]).toBe(hci.TERMINATED_BY_LOCAL_HOST);
  air.close();
});

test('the tap hears every value once, lost or not', async () => {
  const pair = await connectPair({ timing: 'virtual', loss: 0.3, seed: 3 });
  const heard: number[] = [];
  pair.air.onPacket((packet) => {
    if (packet.kind === 'value') heard.push(packet.bytes[0]!);
    expect(packet.direction).toBe('fromToy');
  });
  await notify(pair, 100);
  expect(heard).toEqual(Array.from({ length: 100 }, (_, number) => number));
  pair.air.close();
});

test('an unknown command is refused by name', async () => {
  const air = createAir();
  const host = createRawHost(air.addController());
  host.command(0x2042);
  const answer = await host.event(EVENT_COMMAND_COMPLETE);
  expect(answer.readUInt16LE(1)).toBe(0x2042);
  expect(answer[3]).toBe(hci.UNKNOWN_COMMAND);
});

test('no bytes from a host make it throw', () => {
  const air = createAir();
  const controller = air.addController();
  const kinds = fc.constantFrom(hci.COMMAND_PACKET, hci.ACL_PACKET, 0);
  fc.assert(
    fc.property(kinds, fc.uint8Array({ maxLength: 40 }), (kind, bytes) => {
      controller.write(Buffer.concat([Buffer.from([kind]), bytes]));
    }),
  );
  air.close();
});
