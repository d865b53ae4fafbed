// What the bridge's radio makes of bad adapters and bad neighbours: a RadioError with advice, in bounded time, and never a crash.
import { EventEmitter } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { Noble } from '#bridge/node/noble.ts';
import { waitForAdapter } from '#bridge/node/noble-adapter.ts';
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import { type Radio, RadioError } from '#bridge/radio.ts';
import { encodeAdvertisement } from '#protocol/ble/advertisement.ts';
import { type Air, createAir } from '#test/air/air.ts';
import type { HciHost } from '#test/air/hci-port.ts';
import { nobleOver } from '#test/air/install.ts';
import { createRawHost } from '#test/air/raw-host.ts';

const NEVER = new AbortController().signal;
const MTU_REQUEST = 0x02;
const READ_BY_GROUP_REQUEST = 0x10;

let air: Air;
let radio: Radio;
afterEach(async () => {
  await radio.close();
  air.close();
});

/** A stranger's device that advertises like a toy and answers each ATT request with what `answer` makes of it. */
async function connectToStranger(answer: (pdu: Buffer) => number[] | null): Promise<unknown> {
  air = createAir({ advertisingIntervalMs: 5 });
  const stranger = createRawHost(air.addController('02:00:00:00:00:66'));
  stranger.advertise(encodeAdvertisement(new Uint8Array(2), new Uint8Array(4)));
  stranger.onAtt((pdu) => {
    const reply = answer(pdu);
    if (reply !== null) stranger.att(Uint8Array.from(reply));
  });
  radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
  const found = new AbortController();
  let address = '';
  await radio.scan((sighting) => {
    address = sighting.address;
    found.abort();
  }, found.signal);
  return radio.connect(address, NEVER).then(
    () => null,
    (fault: unknown) => fault,
  );
}

function expectFault(fault: unknown, code: RadioError['code']): void {
  expect(fault).toBeInstanceOf(RadioError);
  expect((fault as RadioError).code).toBe(code);
  expect((fault as RadioError).advice).toMatch(/\w/);
}

const mtuResponse = [0x03, 247, 0];

test('a device without the service is no toy', async () => {
  const attributeNotFound = [0x01, READ_BY_GROUP_REQUEST, 1, 0, 0x0a];
  expectFault(
    await connectToStranger((pdu) => (pdu[0] === MTU_REQUEST ? mtuResponse : attributeNotFound)),
    'no-service',
  );
});

test('a malformed answer costs the stranger its connection, and nobody else anything', async () => {
  // A list of services whose entries have no length.
  const endless = [0x11, 0, 1, 2, 3];
  expectFault(await connectToStranger((pdu) => (pdu[0] === MTU_REQUEST ? mtuResponse : endless)), 'closed');
});

test('a notification of one byte, before anything was asked', async () => {
  expectFault(await connectToStranger((pdu) => (pdu[0] === MTU_REQUEST ? [0x1b] : null)), 'closed');
});

test('an adapter that is switched off', async () => {
  air = createAir();
  const down = { isUp: false, write() {}, attach: (_host: HciHost) => () => {} };
  radio = createNobleRadio({ bindings: nobleOver(down) });
  const fault = await radio.scan(() => {}, NEVER).catch((reason: unknown) => reason);
  expectFault(fault, 'no-adapter');
  expect((fault as RadioError).advice).toContain('Switch Bluetooth on');
});

test('an adapter that goes away ends scans and connections, and is found again', async () => {
  air = createAir({ advertisingIntervalMs: 5 });
  const controller = air.addController();
  let host: HciHost | null = null;
  const port = {
    isUp: true,
    write: (packet: Buffer) => controller.write(packet),
    attach(next: HciHost) {
      host = next;
      return controller.attach(next);
    },
  };
  radio = createNobleRadio({ bindings: nobleOver(port) });
  createRawHost(air.addController()).advertise(encodeAdvertisement(new Uint8Array(2), new Uint8Array(4)));
  let scan: Promise<unknown> = Promise.resolve();
  await new Promise<void>((sighted) => {
    scan = radio.scan(() => sighted(), NEVER).catch((reason: unknown) => reason);
  });
  port.isUp = false;
  host!.state(false);
  expectFault(await scan, 'no-adapter');
  port.isUp = true;
  const seen = new AbortController();
  await radio.scan(() => seen.abort(), seen.signal);
  expect(seen.signal.aborted).toBe(true);
});

test('an attempt that waits its turn is given up at once when it is aborted', async () => {
  air = createAir();
  radio = createNobleRadio({ bindings: nobleOver(air.addController()), connectTimeoutMs: 60_000 });
  const first = new AbortController();
  const second = new AbortController();
  const absent = radio.connect('02000000aaaa', first.signal).catch((reason: unknown) => reason);
  const waiting = radio.connect('02000000bbbb', second.signal).catch((reason: unknown) => reason);
  await new Promise(setImmediate);
  second.abort();
  expectFault(await waiting, 'closed');
  first.abort();
  expectFault(await absent, 'closed');
});

test.each([
  ['unauthorized', 'no-permission'],
  ['unsupported', 'no-adapter'],
] as const)('an adapter that is %s', async (state, code) => {
  air = createAir();
  radio = createNobleRadio();
  const noble = Object.assign(new EventEmitter(), { state: 'unknown' }) as unknown as Noble;
  const waiting = waitForAdapter(noble).catch((reason: unknown) => reason);
  noble.emit('stateChange', 'poweredOff');
  noble.emit('stateChange', state);
  expectFault(await waiting, code);
  expect(noble.listenerCount('stateChange')).toBe(0);
});
