// A port of this computer as a ChipPort, over the serialport package.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import type { SerialPort } from 'serialport';
import { FlashError } from '#app/flash/failure.ts';
import type { ChipPort, Signals } from '#app/flash/port.ts';

/** What of the package is used: tests hand in its own mock. */
export interface SerialPackage {
  new (options: { path: string; baudRate: number; autoOpen: false }): SerialPort;
  list(): Promise<FoundPort[]>;
}

/** A port of this computer; the numbers are hex, as USB has them. */
export interface FoundPort {
  path: string;
  manufacturer?: string;
  vendorId?: string;
  productId?: string;
}

/** The ports that there are; by their names alone on a Linux that lacks udev. */
export async function listPorts(Serial: SerialPackage): Promise<FoundPort[]> {
  try {
    return await Serial.list();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readdirSync('/dev')
      .filter((name) => /^tty(ACM|USB)\d+$/.test(name))
      .map((name) => ({ path: `/dev/${name}` }));
  }
}

/** The port at `path`, still closed. */
export async function findPort(path: string, Serial: SerialPackage): Promise<ChipPort> {
  // A name that points to a port, as /dev/serial/by-id has them, is not in the list.
  const real = existsSync(path) ? realpathSync(path) : path;
  const found = (await listPorts(Serial)).find((port) => port.path === real);
  return createPort(path, Serial, { vendor: found?.vendorId, product: found?.productId });
}

function callback(resolve: () => void, reject: (error: Error) => void) {
  return (error?: Error | null) => (error ? reject(error) : resolve());
}

function explain(path: string, error: Error): FlashError {
  const { message } = error;
  if (/permission denied|access denied|EACCES/i.test(message))
    return new FlashError('denied', `this user may not use ${path}`, error);
  if (/lock|busy|in use|EBUSY/i.test(message)) return new FlashError('busy', `${path} is in use`, error);
  return new FlashError('no-port', `there is no port ${path}`, error);
}

function createPort(
  path: string,
  Serial: SerialPackage,
  usb: { vendor: string | undefined; product: string | undefined },
): ChipPort {
  let serial: SerialPort | null = null;
  let readable: ReadableStream<Uint8Array> | null = null;
  let writable: WritableStream<Uint8Array> | null = null;
  let isGone = false;
  // The package sets every wire at each call: what was said before must be said again.
  let wires = { dtr: false, rts: false, brk: false };

  function streams(port: SerialPort): void {
    readable = new ReadableStream<Uint8Array>({
      start(controller) {
        port.on('data', (bytes: Buffer) => {
          try {
            controller.enqueue(new Uint8Array(bytes));
          } catch {
            // Cancelled by the reader: nobody listens any more.
          }
        });
        port.on('close', (error: Error | null) => {
          isGone ||= error !== null && error !== undefined;
          try {
            if (isGone) controller.error(new FlashError('gone', `${path} is gone`));
            else controller.close();
          } catch {
            // Cancelled before.
          }
        });
      },
    });
    writable = new WritableStream<Uint8Array>({
      write: (bytes) =>
        new Promise<void>((resolve, reject) => {
          if (!port.isOpen) return reject(new FlashError('gone', `${path} is gone`));
          port.write(Buffer.from(bytes), (error) => {
            if (!error) return resolve();
            isGone = true;
            reject(new FlashError('gone', `${path} is gone`, error));
          });
        }),
    });
  }

  return {
    get readable() {
      return readable;
    },
    get writable() {
      return writable;
    },
    get isGone() {
      return isGone;
    },
    open: async ({ baudRate }) => {
      const port = new Serial({ path, baudRate, autoOpen: false });
      port.on('error', () => {
        isGone = true;
      });
      await new Promise<void>((resolve, reject) => port.open(callback(resolve, reject))).catch((error) => {
        throw explain(path, error);
      });
      serial = port;
      isGone = false;
      wires = { dtr: false, rts: false, brk: false };
      streams(port);
    },
    close: async () => {
      const port = serial;
      serial = null;
      readable = null;
      writable = null;
      if (port?.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
    setSignals: async (signals: Signals) => {
      const port = serial;
      if (!port?.isOpen) throw new FlashError('gone', `${path} is gone`);
      wires = {
        dtr: signals.dataTerminalReady ?? wires.dtr,
        rts: signals.requestToSend ?? wires.rts,
        brk: signals.break ?? wires.brk,
      };
      await new Promise<void>((resolve, reject) => port.set({ ...wires }, callback(resolve, reject)));
    },
    setBaudRate: async (baudRate) => {
      const port = serial;
      if (!port?.isOpen) throw new FlashError('gone', `${path} is gone`);
      await new Promise<void>((resolve, reject) => port.update({ baudRate }, callback(resolve, reject)));
    },
    getInfo: () => ({
      ...(usb.vendor === undefined ? {} : { usbVendorId: Number.parseInt(usb.vendor, 16) }),
      ...(usb.product === undefined ? {} : { usbProductId: Number.parseInt(usb.product, 16) }),
    }),
  };
}
