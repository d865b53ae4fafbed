// A port of Web Serial as a ChipPort (https://wicg.github.io/serial/).
import { FlashError } from './failure.ts';
import type { ChipPort, Signals } from './port.ts';

/** As far as Pawpost uses it: TypeScript's own library does not have it yet. */
export interface SerialPort extends EventTarget {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  /** Left out by older browsers. */
  readonly connected?: boolean;
  open(options: { baudRate: number; bufferSize?: number }): Promise<void>;
  close(): Promise<void>;
  setSignals(signals: Signals): Promise<void>;
  getInfo(): { usbVendorId?: number; usbProductId?: number };
}

export interface Serial {
  /** Ports that the person has let this site use before. */
  getPorts(): Promise<SerialPort[]>;
  /** Asks the person; only from a press of a button. Rejects with a NotFoundError if they choose none. */
  requestPort(): Promise<SerialPort>;
}

/** More than a boot loader's longest answer: what does not fit is lost. */
const BUFFER_BYTES = 16_384;

/** A ChipPort over a port of the browser, still closed. It has no setBaudRate: esptool-js opens it anew for another speed. */
export function createWebPort(serial: SerialPort): ChipPort {
  let isOpen = false;
  let hasLeft = false;
  serial.addEventListener('disconnect', () => {
    hasLeft = true;
  });
  return {
    get readable() {
      return serial.readable;
    },
    get writable() {
      return serial.writable;
    },
    get isGone() {
      // The stream ends before the event comes.
      return hasLeft || (isOpen && serial.readable === null);
    },
    open: async ({ baudRate }) => {
      try {
        await serial.open({ baudRate, bufferSize: BUFFER_BYTES });
      } catch (error) {
        if (serial.connected === false)
          throw new FlashError('no-port', 'the board is not on its cable', error);
        // The browser does not say why; a system that forbids it looks the same.
        throw new FlashError('busy', 'the port does not open', error);
      }
      isOpen = true;
      hasLeft = false;
    },
    close: async () => {
      isOpen = false;
      // A port that is gone is closed already.
      await serial.close().catch(() => {});
    },
    setSignals: (signals) => serial.setSignals(signals),
    getInfo: () => serial.getInfo(),
  };
}

/** True if `other` is the same maker's same product: how a port that came back under another object is known. */
export function isSameProduct(port: SerialPort, other: SerialPort): boolean {
  const [a, b] = [port.getInfo(), other.getInfo()];
  return a.usbVendorId === b.usbVendorId && a.usbProductId === b.usbProductId;
}
