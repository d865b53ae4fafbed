// A whole room: several toys and a bridge in one process, real stacks throughout, and an antenna that hears everything.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import { type Channel, RadioError } from '#bridge/radio.ts';
import { BlenoUnavailable } from '#firmware/simulator/bleno.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import type { Peripheral } from '#firmware/simulator/peripheral.ts';
import { encodeAdvertisement } from '#protocol/ble/advertisement.ts';
import { createAir } from './air.ts';
import { blenoOver, nobleOver } from './install.ts';
import type { AirPacket } from './packet.ts';

const NEVER = new AbortController().signal;
const run = promisify(execFile);

/** A toy that answers each value with its number. */
async function startToy(peripheral: Peripheral, number: number, log: string[] = []): Promise<void> {
  await peripheral.start({
    subscribed: () => log.push('subscribed'),
    written: (value) => peripheral.notify(Uint8Array.of(number, ...value)),
    room() {},
    disconnected: () => log.push('disconnected'),
  });
  peripheral.advertise(encodeAdvertisement(Uint8Array.of(number, 0), new Uint8Array(4)));
}

function answerOf(channel: Channel): Promise<Uint8Array> {
  return new Promise((resolve) => channel.onValue(resolve));
}

test('four toys in one process, all connected at once, each answers for itself', async () => {
  const air = createAir({ advertisingIntervalMs: 5 });
  const toys: Peripheral[] = [];
  for (const number of [1, 2, 3, 4]) {
    const toy = createBlenoPeripheral(blenoOver(air.addController()));
    await startToy(toy, number);
    toys.push(toy);
  }
  const radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
  const addresses = new Map<number, string>();
  const found = new AbortController();
  await radio.scan((sighting) => {
    addresses.set(sighting.nearby!.nonce[0]!, sighting.address);
    if (addresses.size === toys.length) found.abort();
  }, found.signal);
  const channels = await Promise.all(
    [1, 2, 3, 4].map((number) => radio.connect(addresses.get(number)!, NEVER)),
  );
  expect(air.connections()).toHaveLength(4);
  const answers = channels.map(answerOf);
  for (const channel of channels) await channel.send(Uint8Array.of(7));
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 4].map((number) => Uint8Array.of(number, 7)));
  await radio.close();
  for (const toy of toys) await toy.stop();
  air.close();
});

test('a scan goes on during and after connections', async () => {
  const air = createAir({ advertisingIntervalMs: 5 });
  const toys = [1, 2].map(() => createBlenoPeripheral(blenoOver(air.addController())));
  await startToy(toys[0]!, 1);
  const radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
  const ended = new AbortController();
  const seen = new Map<number, string>();
  let wake = () => {};
  const scan = radio.scan((sighting) => {
    seen.set(sighting.nearby!.nonce[0]!, sighting.address);
    wake();
  }, ended.signal);
  const until = async (number: number) => {
    while (!seen.has(number))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return seen.get(number)!;
  };
  await radio.connect(await until(1), NEVER);
  await startToy(toys[1]!, 2);
  await radio.connect(await until(2), NEVER);
  ended.abort();
  await scan;
  await radio.close();
  for (const toy of toys) await toy.stop();
  air.close();
});

test('an antenna hears advertisements and every value in clear', async () => {
  const air = createAir({ advertisingIntervalMs: 5 });
  const heard: AirPacket[] = [];
  const stop = air.onPacket((packet) => heard.push(packet));
  const toy = createBlenoPeripheral(blenoOver(air.addController('02:00:00:00:00:0a')));
  await startToy(toy, 9);
  const radio = createNobleRadio({ bindings: nobleOver(air.addController('02:00:00:00:00:0b')) });
  const found = new AbortController();
  let address = '';
  await radio.scan((sighting) => {
    address = sighting.address;
    found.abort();
  }, found.signal);
  const channel = await radio.connect(address, NEVER);
  const answer = answerOf(channel);
  await channel.send(Uint8Array.of(1, 2, 3));
  await answer;
  await radio.close();
  await toy.stop();
  stop();
  const toToy = heard.find((packet) => packet.kind === 'value' && packet.bytes.length === 3);
  expect(toToy).toMatchObject({ direction: 'toToy', from: '02:00:00:00:00:0b', to: '02:00:00:00:00:0a' });
  const fromToy = heard.find((packet) => packet.kind === 'value' && packet.direction === 'fromToy');
  expect(fromToy?.bytes).toEqual(Uint8Array.of(9, 1, 2, 3));
  const advertisement = heard.find((packet) => packet.kind === 'advertisement');
  expect(advertisement?.bytes).toEqual(encodeAdvertisement(Uint8Array.of(9, 0), new Uint8Array(4)));
  const times = heard.map((packet) => packet.atUs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  air.close();
});

test('nothing that the toy says of itself names this machine', async () => {
  const air = createAir({ advertisingIntervalMs: 5 });
  const bytes: Uint8Array[] = [];
  air.onPacket((packet) => bytes.push(packet.bytes));
  const toy = createBlenoPeripheral(blenoOver(air.addController()));
  await startToy(toy, 1);
  const { createRawHost } = await import('./raw-host.ts');
  const host = createRawHost(air.addController());
  const READ_REQUEST = 0x0a;
  const READ_RESPONSE = 0x0b;
  const DEVICE_NAME_HANDLE = 3;
  const name = new Promise<Buffer>((resolve) => {
    host.onAtt((pdu) => {
      if (pdu[0] === READ_RESPONSE) resolve(pdu.subarray(1));
    });
  });
  host.initiate('02:00:00:00:00:01', { interval: 24, supervisionTimeout: 100 });
  await host.event(0x3e, (parameters) => parameters[0] === 1);
  host.att(Uint8Array.of(READ_REQUEST, DEVICE_NAME_HANDLE, 0));
  expect((await name).toString()).toBe('Pawpost');
  await toy.stop();
  air.close();
});

test('a toy can be switched off while connected, and on again', async () => {
  const air = createAir({ advertisingIntervalMs: 5 });
  const log: string[] = [];
  const listeners = process.listenerCount('exit') + process.listenerCount('SIGINT');
  const toy = createBlenoPeripheral(blenoOver(air.addController('02:00:00:00:00:0a')));
  await startToy(toy, 1, log);
  const radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
  const channel = await radio.connect('02000000000a', NEVER);
  const closed = new Promise<void>((resolve) => channel.onClose(resolve));
  await toy.stop();
  await closed;
  expect(toy.notify(Uint8Array.of(1))).toBe(false);
  await startToy(toy, 2, log);
  const again = await radio.connect('02000000000a', NEVER);
  const answer = answerOf(again);
  await again.send(Uint8Array.of(5));
  expect(await answer).toEqual(Uint8Array.of(2, 5));
  await radio.close();
  await toy.stop();
  air.close();
  expect(log).toEqual(['subscribed', 'disconnected', 'subscribed', 'disconnected']);
  // bleno, noble: whoever listened to the process has stopped.
  expect(process.listenerCount('exit') + process.listenerCount('SIGINT')).toBe(listeners);
});

test('bleno that cannot open its socket is unavailable, not a crash', () => {
  class NoSocket {
    constructor() {
      throw new Error('EAFNOSUPPORT');
    }
  }
  expect(() => createBlenoPeripheral({ hciSocket: NoSocket })).toThrow(BlenoUnavailable);
});

test('a process that has closed its radio and stopped its toy ends', async () => {
  const program = `
    import { createAir } from '#test/air/air.ts';
    import { blenoOver, nobleOver } from '#test/air/install.ts';
    import { createNobleRadio } from '#bridge/node/noble-radio.ts';
    import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
    const air = createAir({ advertisingIntervalMs: 5 });
    const toy = createBlenoPeripheral(blenoOver(air.addController('02:00:00:00:00:0a')));
    await toy.start({ subscribed() {}, written() {}, room() {}, disconnected() {} });
    toy.advertise(new Uint8Array(31));
    const radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
    const channel = await radio.connect('02000000000a', new AbortController().signal);
    await radio.close();
    await toy.stop();
    air.close();
    console.log('done', channel.mtu);`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd,
    timeout: 20_000,
  });
  expect(stdout.trim()).toBe('done 247');
});

test('a radio that was closed before it was used stays closed', async () => {
  const air = createAir();
  const radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
  await radio.close();
  await expect(radio.scan(() => {}, NEVER)).rejects.toThrow(RadioError);
  air.close();
});
