// The simulated toy's radio over the real bleno, on the virtual air or on a Bluetooth adapter of this machine.
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import { type Bleno, BlenoUnavailable, loadBleno } from './bleno.ts';
import type { Peripheral, PeripheralHandlers } from './peripheral.ts';

const POWER_ON_MS = 5_000;
/** A connection that does not end in this time is left to its supervision timeout. */
const DISCONNECT_MS = 2_000;
const ATT_SUCCESS = 0;
const ATT_HEADER_BYTES = 3;

export interface BlenoPeripheralOptions {
  /** A class with the surface of @abandonware/bluetooth-hci-socket. Left out: the adapter of this machine. */
  hciSocket?: new () => object;
}

/** A toy's radio. Throws BlenoUnavailable where bleno is not installed or, without `hciSocket`, there is no Bluetooth. */
export function createBlenoPeripheral(options: BlenoPeripheralOptions = {}): Peripheral {
  const bleno = loadBleno(options.hciSocket);
  const hci = bleno._bindings._hci;
  let handlers: PeripheralHandlers | null = null;
  let advertisement: Buffer | null = null;
  let notifyCentral: ((value: Buffer) => void) | null = null;
  let isConnected = false;
  let wasRefused = false;
  let isStopped = false;
  let processListeners: { exit: NodeJS.ExitListener[]; interrupt: NodeJS.SignalsListener[] } = {
    exit: [],
    interrupt: [],
  };

  // bleno queues without end and says nothing; its own books on the controller's buffers are the only back-pressure there is.
  function hasRoom(): boolean {
    let inProgress = 0;
    for (const count of Object.values(hci._handleAclsInProgress)) inProgress += count;
    return hci._aclOutQueue.length === 0 && inProgress < hci._aclMaxInProgress;
  }

  const push = hci.pushAclOutQueue;
  hci.pushAclOutQueue = () => {
    push.call(hci);
    if (!wasRefused || !hasRoom()) return;
    wasRefused = false;
    handlers?.room();
  };
  const poll = hci.pollIsDevUp;
  hci.pollIsDevUp = () => {
    if (!isStopped) poll.call(hci);
  };

  function onDisconnect(): void {
    isConnected = false;
    notifyCentral = null;
    wasRefused = false;
    // What was advertised before the connection may be out of date by now.
    if (advertisement !== null && !isStopped) bleno.startAdvertisingWithEIRData(advertisement);
    handlers?.disconnected();
  }

  function publish(): void {
    const toToy = new bleno.Characteristic({
      uuid: TO_TOY_UUID.toString(16),
      properties: ['writeWithoutResponse'],
      onWriteRequest(value, _offset, _isWithoutResponse, done) {
        done(ATT_SUCCESS);
        handlers?.written(Uint8Array.from(value));
      },
    });
    const fromToy = new bleno.Characteristic({
      uuid: FROM_TOY_UUID.toString(16),
      properties: ['notify'],
      onSubscribe(maxValueBytes, notify) {
        notifyCentral = notify;
        handlers?.subscribed(maxValueBytes + ATT_HEADER_BYTES);
      },
      onUnsubscribe() {
        notifyCentral = null;
      },
    });
    // bleno would tell everybody the name of this machine.
    const name = process.env.BLENO_DEVICE_NAME;
    process.env.BLENO_DEVICE_NAME = 'Pawpost';
    bleno.setServices([new bleno.PrimaryService({ uuid: SERVICE_UUID, characteristics: [toToy, fromToy] })]);
    if (name === undefined) delete process.env.BLENO_DEVICE_NAME;
    else process.env.BLENO_DEVICE_NAME = name;
  }

  return {
    async start(next) {
      handlers = next;
      const before = { exit: process.listeners('exit'), interrupt: process.listeners('SIGINT') };
      const poweredOn = waitForPower(bleno);
      processListeners = {
        exit: process.listeners('exit').filter((each) => !before.exit.includes(each)),
        interrupt: process.listeners('SIGINT').filter((each) => !before.interrupt.includes(each)),
      };
      await poweredOn;
      bleno.on('accept', () => {
        isConnected = true;
      });
      bleno.on('disconnect', onDisconnect);
      bleno.on('advertisingStartError', (error: Error) => {
        throw error;
      });
      publish();
    },

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

    disconnect() {
      bleno.disconnect();
    },

    async stop() {
      if (isStopped) return;
      isStopped = true;
      advertisement = null;
      bleno.stopAdvertising();
      if (isConnected) await endConnection(bleno);
      // Its exit and interrupt listeners would pile up with every toy.
      for (const listener of processListeners.exit) process.off('exit', listener);
      for (const listener of processListeners.interrupt) process.off('SIGINT', listener);
      hci._socket.stop();
      bleno.removeAllListeners();
      handlers = null;
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
