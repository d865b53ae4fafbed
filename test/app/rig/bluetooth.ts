// A page's Web Bluetooth over the virtual air: the browser's emulated radio, whose every operation a real noble central carries out.
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Channel } from '#bridge/radio.ts';
import type { Room } from '#cli/room.ts';
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import { createNotifier, type Notifier } from './notifier.ts';

/** HCI error 0x3E: connection failed to be established. */
const FAILED_TO_CONNECT = 0x3e;
/** ATT error 0x0E: unlikely error, what a lost link gives. */
const UNLIKELY_ERROR = 0x0e;
/** How long a person looks at an empty chooser. */
const CHOOSER_MS = 8_000;
const CONNECT_MS = 15_000;

export interface Bluetooth {
  /** How often the chooser was answered: each is a tap of a person. */
  readonly choices: number;
  /** From now on a person closes the chooser without choosing; or chooses again. */
  refuse(isRefusing: boolean): void;
  /** The switch in the phone's settings. */
  setPowered(isOn: boolean): Promise<void>;
  /** Ends the emulation and its central. */
  stop(): Promise<void>;
}

interface Toy {
  /** As the page's browser knows it. */
  readonly address: string;
  /** Ids of its service and characteristics as of this connection; empty before the first. */
  service: string;
  toToy: string;
  fromToy: string;
  channel: Channel | null;
  readonly notifier: Notifier;
}

/**
 * Gives `page` a Bluetooth radio in `room`: what it writes goes out through noble, what the toy notifies comes in. One page of a browser
 * at a time, as Chromium has one emulated adapter; call it before the page is opened (`goto`), in a Chromium with WebBluetooth enabled.
 */
export async function emulateBluetooth(page: Page, browser: Browser, room: Room): Promise<Bluetooth> {
  const central = room.addRadio();
  const ending = new AbortController();
  const toys = new Map<string, Toy>();
  const answered = new Set<string>();
  let state: 'powered-on' | 'powered-off' = 'powered-on';
  let isRefusing = false;
  let choices = 0;

  const prompts = await page.context().newCDPSession(page);
  const adapter = await browser.newBrowserCDPSession();
  const quietly = (work: Promise<unknown>) => void work.catch(() => {});

  /** The page lets go. Its browser keeps a connection of its own until it is told that this one is gone. */
  async function hangUp(toy: Toy): Promise<void> {
    const { channel } = toy;
    toy.channel = null;
    toy.notifier.clear();
    await channel?.close();
    await tellGone(toy);
  }

  async function tellGone({ address }: Toy): Promise<void> {
    await adapter.send('BluetoothEmulation.simulateGATTDisconnection', { address }).catch(() => {});
  }

  /** The link broke: what was notified before still arrives, then the page is told. */
  async function lose(toy: Toy): Promise<void> {
    toy.channel = null;
    await toy.notifier.drained();
    toy.notifier.clear();
    await tellGone(toy);
  }

  async function connect(toy: Toy, radioAddress: string): Promise<number> {
    await toy.channel?.close();
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(CONNECT_MS)]);
    try {
      const channel = await central.connect(radioAddress, signal);
      await addService(adapter, toy);
      toy.channel = channel;
      channel.onValue((value) => toy.notifier.push(value));
      channel.onClose(() => {
        if (toy.channel === channel) quietly(lose(toy));
      });
      return 0;
    } catch {
      return FAILED_TO_CONNECT;
    }
  }

  async function plugIn(): Promise<void> {
    await adapter.send('BluetoothEmulation.disable').catch(() => {});
    await adapter.send('BluetoothEmulation.enable', { state, leSupported: true });
  }

  adapter.on('BluetoothEmulation.gattOperationReceived', async ({ address, type }) => {
    const found = [...toys].find(([, toy]) => toy.address === address);
    if (found === undefined) return;
    const code = type === 'connection' ? await connect(found[1], found[0]) : 0;
    quietly(adapter.send('BluetoothEmulation.simulateGATTOperationResponse', { address, type, code }));
  });

  adapter.on('BluetoothEmulation.characteristicOperationReceived', async (operation) => {
    const { characteristicId, type } = operation;
    const toy = [...toys.values()].find((each) =>
      [each.toToy, each.fromToy].includes(operation.characteristicId),
    );
    if (toy === undefined) return;
    const answer: { code: number; data?: string } = { code: 0 };
    if (type === 'read') answer.data = Buffer.from(toy.notifier.take()).toString('base64');
    else if (type === 'subscribe-to-notifications') toy.notifier.start();
    else if (type === 'unsubscribe-from-notifications') toy.notifier.stop();
    else {
      const value = Uint8Array.from(Buffer.from(operation.data ?? '', 'base64'));
      answer.code = await written(toy, value);
    }
    quietly(
      adapter.send('BluetoothEmulation.simulateCharacteristicOperationResponse', {
        characteristicId,
        type,
        ...answer,
      }),
    );
  });

  prompts.on('DeviceAccess.deviceRequestPrompted', async ({ id }) => {
    // It is told again whenever the list changes; a second answer ends the browser.
    if (answered.has(id)) return;
    answered.add(id);
    const radioAddress = isRefusing ? null : await sight(room, ending.signal);
    if (ending.signal.aborted) return;
    choices++;
    if (radioAddress === null) return quietly(prompts.send('DeviceAccess.cancelPrompt', { id }));
    const { address } = await introduce(radioAddress);
    const listed = whenListed(prompts, address, ending.signal);
    await adapter.send('BluetoothEmulation.simulateAdvertisement', { entry: advertisementOf(address) });
    await listed;
    quietly(prompts.send('DeviceAccess.selectPrompt', { id, deviceId: address }));
  });

  /** Makes the toy known to the browser, in whose chooser it is from now on. */
  async function introduce(radioAddress: string): Promise<Toy> {
    const known = toys.get(radioAddress);
    if (known !== undefined) return known;
    // In capitals: the chooser does not know a small one again.
    const address = `0A:00:00:00:00:${(toys.size + 1).toString().padStart(2, '0')}`;
    await adapter.send('BluetoothEmulation.simulatePreconnectedPeripheral', {
      address,
      name: '',
      manufacturerData: [],
      knownServiceUuids: [SERVICE_UUID],
    });
    const toy: Toy = {
      address,
      service: '',
      toToy: '',
      fromToy: '',
      channel: null,
      notifier: createNotifier(page),
    };
    toys.set(radioAddress, toy);
    return toy;
  }

  // The browser tells its driver of connections, never of their end: the page says so itself.
  await page.exposeFunction('pawpostGattDisconnect', async () => {
    await Promise.all([...toys.values()].map(hangUp));
  });
  // With a document goes the adapter that it used.
  await page.exposeFunction('pawpostPageBegins', async () => {
    await Promise.all([...toys.values()].map(hangUp));
    toys.clear();
    await plugIn();
  });
  await page.addInitScript(PAGE_SCRIPT);
  page.on('close', () => {
    for (const toy of toys.values()) quietly(hangUp(toy));
  });
  await prompts.send('DeviceAccess.enable');
  await plugIn();

  return {
    get choices() {
      return choices;
    },
    refuse: (isSo) => {
      isRefusing = isSo;
    },
    setPowered: async (isOn) => {
      if (!isOn) await Promise.all([...toys.values()].map(hangUp));
      state = isOn ? 'powered-on' : 'powered-off';
      await adapter.send('BluetoothEmulation.setSimulatedCentralState', { state });
    },
    async stop() {
      ending.abort();
      await central.close();
      await adapter.send('BluetoothEmulation.disable').catch(() => {});
      await adapter.detach().catch(() => {});
      await prompts.detach().catch(() => {});
    },
  };
}

async function written(toy: Toy, value: Uint8Array): Promise<number> {
  if (toy.channel === null) return UNLIKELY_ERROR;
  return toy.channel.send(value).then(
    () => 0,
    () => UNLIKELY_ERROR,
  );
}

/** The address of a toy that is near, or null when none is seen while a person looks. */
async function sight(room: Room, signal: AbortSignal): Promise<string | null> {
  const radio = room.addRadio();
  const seen = new AbortController();
  let address: string | null = null;
  const ended = AbortSignal.any([signal, seen.signal, AbortSignal.timeout(CHOOSER_MS)]);
  try {
    await radio.scan((sighting) => {
      address ??= sighting.address;
      seen.abort();
    }, ended);
    return address;
  } finally {
    await radio.close();
  }
}

/** Resolves when the chooser shows that device. */
function whenListed(prompts: CDPSession, address: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ devices }: { devices: { id: string }[] }) => {
      if (!devices.some(({ id }) => id === address)) return;
      prompts.off('DeviceAccess.deviceRequestPrompted', look);
      resolve();
    };
    prompts.on('DeviceAccess.deviceRequestPrompted', look);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

// Every field is there, also those that the protocol calls optional: without one the browser ends.
function advertisementOf(deviceAddress: string) {
  const scanRecord = {
    name: '',
    uuids: [SERVICE_UUID],
    appearance: 0,
    txPower: 0,
    manufacturerData: [],
  };
  return { deviceAddress, rssi: -50, scanRecord };
}

/** Of each connection: the browser forgets them with the last, and answers a discovery from what it has by then. */
async function addService(adapter: CDPSession, toy: Toy): Promise<void> {
  if (toy.service !== '') {
    await adapter.send('BluetoothEmulation.removeService', { serviceId: toy.service }).catch(() => {});
  }
  const { serviceId } = await adapter.send('BluetoothEmulation.addService', {
    address: toy.address,
    serviceUuid: SERVICE_UUID,
  });
  const add = async (uuid: number, properties: Record<string, boolean>) => {
    const added = { serviceId, characteristicUuid: longUuid(uuid), properties };
    return (await adapter.send('BluetoothEmulation.addCharacteristic', added)).characteristicId;
  };
  toy.service = serviceId;
  toy.toToy = await add(TO_TOY_UUID, { writeWithoutResponse: true });
  // Readable, as a read is how a notified value gets into the page.
  toy.fromToy = await add(FROM_TOY_UUID, { notify: true, read: true });
  await adapter.send('BluetoothEmulation.addDescriptor', {
    characteristicId: toy.fromToy,
    descriptorUuid: longUuid(0x2902),
  });
}

function longUuid(short: number): string {
  return `0000${short.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`;
}

// As text: this program's types know no DOM. It keeps the characteristic that notifies, so that it can be read, and tells when the
// page hangs up.
const PAGE_SCRIPT = `(() => {
  const characteristic = globalThis.BluetoothRemoteGATTCharacteristic?.prototype;
  if (!characteristic || globalThis !== globalThis.top) return;
  let notifying = null;
  const { startNotifications, stopNotifications, readValue } = characteristic;
  characteristic.startNotifications = async function () {
    const started = await startNotifications.call(this);
    notifying = this;
    return started;
  };
  characteristic.stopNotifications = async function () {
    if (notifying === this) notifying = null;
    return stopNotifications.call(this);
  };
  globalThis.pawpostNotify = async (count) => {
    for (let n = 0; n < count && notifying !== null; n++) await readValue.call(notifying);
  };
  const server = globalThis.BluetoothRemoteGATTServer.prototype;
  const { connect, disconnect } = server;
  let hungUp = globalThis.pawpostPageBegins();
  const bluetooth = globalThis.Bluetooth.prototype;
  for (const name of ['requestDevice', 'getAvailability', 'getDevices']) {
    const ask = bluetooth[name];
    if (!ask) continue;
    bluetooth[name] = async function (...options) {
      await hungUp;
      return ask.apply(this, options);
    };
  }
  server.disconnect = function () {
    disconnect.call(this);
    hungUp = globalThis.pawpostGattDisconnect();
  };
  server.connect = async function () {
    await hungUp;
    return connect.call(this);
  };
})();`;
