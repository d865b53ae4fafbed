// The simulated toy's radio over the real bleno, on the virtual air or on a Bluetooth adapter of this machine.
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import { type Bleno, BlenoUnavailable, loadBleno } from './bleno.ts';
import type { Peripheral, PeripheralHandlers } from './peripheral.ts';

const POWER_ON_MS = 5_000;
/** A connection that does not end in this time is left to its supervision timeout. */
const DISCONNECT_MS = 2_000;
/** Who has not subscribed after this long is sent away: the program hears of subscribed centrals only, and there is one place. */
const SUBSCRIBE_MS = 10_000;
const ATT_SUCCESS = 0;
const ATT_HEADER_BYTES = 3;

export interface BlenoPeripheralOptions {
  /** A class with the surface of @abandonware/bluetooth-hci-socket. Left out: the adapter of this machine. */
  hciSocket?: new () => object;
  /** How long a central may stay without subscribing. Left out: 10 s. */
  subscribeMs?: number;
}

/**
 * A toy's radio; it can be started again after it was stopped. Throws BlenoUnavailable where bleno is not installed or, without
 * `hciSocket`, there is no Bluetooth.
 */
export function createBlenoPeripheral(options: BlenoPeripheralOptions = {}): Peripheral {
  // Loaded now, so that its absence is known before there is a toy.
  let loaded: Bleno | null = loadBleno(options.hciSocket);
  let powered: PoweredRadio | null = null;
  return {
    async start(handlers) {
      const opened = powerUp(
        loaded ?? loadBleno(options.hciSocket),
        handlers,
        options.subscribeMs ?? SUBSCRIBE_MS,
      );
      loaded = null;
      try {
        await opened.poweredOn;
      } catch (fault) {
        await opened.close();
        throw fault;
      }
      powered = opened;
    },
    advertise: (data) => powered?.advertise(data),
    notify: (value) => powered?.notify(value) ?? false,
    disconnect: () => powered?.disconnect(),
    async stop() {
      const ended = powered;
      powered = null;
      await ended?.close();
    },
  };
}

/** One bleno, from power up to power down. */
interface PoweredRadio {
  poweredOn: Promise<void>;
  advertise(data: Uint8Array): void;
  notify(value: Uint8Array): boolean;
  disconnect(): void;
  close(): Promise<void>;
}

function powerUp(bleno: Bleno, handlers: PeripheralHandlers, subscribeMs: number): PoweredRadio {
  const hci = bleno._bindings._hci;
  let advertisement: Buffer | null = null;
  let notifyCentral: ((value: Buffer) => void) | null = null;
  let isConnected = false;
  let wasRefused = false;
  let isClosed = false;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;

  // bleno queues without end and says nothing; its own books on the controller's buffers are the only back-pressure there is.
  function hasRoom(): boolean {
    let inProgress = 0;
    for (const count of Object.values(hci._handleAclsInProgress)) inProgress += count;
    return hci._aclOutQueue.length === 0 && inProgress < hci._aclMaxInProgress;
  }

  const push = hci.pushAclOutQueue;
  hci.pushAclOutQueue = () => {
    push.call(hci);
    if (!wasRefused || notifyCentral === null || !hasRoom()) return;
    wasRefused = false;
    handlers.room();
  };
  // Its poll of the adapter would keep the process alive for ever.
  const poll = hci.pollIsDevUp;
  hci.pollIsDevUp = () => {
    if (!isClosed) poll.call(hci);
  };

  bleno.on('accept', () => {
    isConnected = true;
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => bleno.disconnect(), subscribeMs);
  });
  bleno.on('disconnect', () => {
    clearTimeout(idleTimer);
    isConnected = false;
    notifyCentral = null;
    wasRefused = false;
    // What was advertised before the connection may be out of date by now.
    if (advertisement !== null && !isClosed) bleno.startAdvertisingWithEIRData(advertisement);
    handlers.disconnected();
  });
  bleno.on('advertisingStartError', (error: Error) => {
    throw error;
  });

  const toToy = new bleno.Characteristic({
    uuid: TO_TOY_UUID.toString(16),
    properties: ['writeWithoutResponse'],
    onWriteRequest(value, _offset, _isWithoutResponse, done) {
      done(ATT_SUCCESS);
      handlers.written(Uint8Array.from(value));
    },
  });
  const fromToy = new bleno.Characteristic({
    uuid: FROM_TOY_UUID.toString(16),
    properties: ['notify'],
    onSubscribe(maxValueBytes, notify) {
      clearTimeout(idleTimer);
      notifyCentral = notify;
      handlers.subscribed(maxValueBytes + ATT_HEADER_BYTES);
    },
    onUnsubscribe() {
      notifyCentral = null;
    },
  });
  publish(bleno, [toToy, fromToy]);
  const { result: poweredOn, forget } = rememberProcessListeners(() => waitForPower(bleno));

  return {
    poweredOn,
    advertise(data) {
      advertisement = Buffer.from(data);
      if (!isConnected) bleno.startAdvertisingWithEIRData(advertisement);
    },
    notify(value) {
      if (notifyCentral === null) return false;
      if (!hasRoom()) {
        wasRefused = true;
        return false;
      }
      notifyCentral(Buffer.from(value));
      return true;
    },
    disconnect: () => bleno.disconnect(),
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      if (bleno.state === 'poweredOn') bleno.stopAdvertising();
      if (isConnected) await endConnection(bleno);
      forget();
      hci._socket.stop();
      bleno.removeAllListeners();
    },
  };
}

/** bleno's device name would tell everybody the name of this machine. */
function publish(bleno: Bleno, characteristics: object[]): void {
  const name = process.env.BLENO_DEVICE_NAME;
  process.env.BLENO_DEVICE_NAME = 'Pawpost';
  bleno.setServices([new bleno.PrimaryService({ uuid: SERVICE_UUID, characteristics })]);
  if (name === undefined) delete process.env.BLENO_DEVICE_NAME;
  else process.env.BLENO_DEVICE_NAME = name;
}

/** Runs what makes bleno listen to the process, and returns what takes its listeners off again: they would pile up with every toy. */
function rememberProcessListeners<T>(run: () => T): { result: T; forget: () => void } {
  const before = [...process.listeners('exit'), ...process.listeners('SIGINT')];
  const result = run();
  const exit = process.listeners('exit').filter((each) => !before.includes(each));
  const interrupt = process.listeners('SIGINT').filter((each) => !before.includes(each));
  return {
    result,
    forget() {
      for (const listener of exit) process.off('exit', listener);
      for (const listener of interrupt) process.off('SIGINT', listener);
    },
  };
}

/** bleno powers up when it is first listened to. Rejects with BlenoUnavailable after 5 seconds, or when it says why not. */
function waitForPower(bleno: Bleno): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle('unknown'), POWER_ON_MS);
    function settle(state: string): void {
      clearTimeout(timer);
      bleno.off('stateChange', settle);
      if (state === 'poweredOn') resolve();
      else reject(new BlenoUnavailable('no-bluetooth', new Error(`adapter state: ${state}`)));
    }
    bleno.on('stateChange', settle);
  });
}

function endConnection(bleno: Bleno): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DISCONNECT_MS);
    bleno.once('disconnect', () => {
      clearTimeout(timer);
      resolve();
    });
    bleno.disconnect();
  });
}
