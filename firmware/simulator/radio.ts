// The toy's native `radio` module over the Peripheral seam: rings and congestion, none of Espruino's quirks.
import type { NativeRadio, RadioHandlers } from '../native/native.d.ts';
import type { Life } from './life.ts';
import type { Peripheral, PeripheralHandlers } from './peripheral.ts';

/** Bytes of received values that wait for the program; the same ring as the native library's. */
const RING_BYTES = 8192;

/** The module as one life sees it, and the handlers that the peripheral calls. */
export function createRadio(
  life: Life,
  peripheral: Peripheral,
): { functions: NativeRadio; handlers: PeripheralHandlers } {
  let program: RadioHandlers | null = null;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isFull = false;

  const functions: NativeRadio = {
    start: (handlers) => {
      program = handlers;
    },
    advertise: (data) => peripheral.advertise(data.slice()),
    read: (out) => {
      const value = waiting.shift();
      if (value === undefined) return 0;
      waitingBytes -= value.length;
      out.set(value);
      return value.length;
    },
    send: (buffer, offset, length) => {
      const isSent = peripheral.notify(buffer.slice(offset, offset + length));
      isFull = !isSent;
      return isSent;
    },
    disconnect: () => peripheral.disconnect(),
  };

  const handlers: PeripheralHandlers = {
    subscribed: (mtu) => {
      waiting = [];
      waitingBytes = 0;
      life.post(() => program?.connected(mtu));
    },
    written: (value) => {
      // Credits keep a well-behaved bridge within the ring; what an ill-behaved one sends beyond it is lost.
      if (waitingBytes + value.length > RING_BYTES) return;
      waiting.push(value.slice());
      waitingBytes += value.length;
      life.post(() => program?.received());
    },
    room: () => {
      if (!isFull) return;
      isFull = false;
      life.post(() => program?.room());
    },
    disconnected: () => life.post(() => program?.disconnected()),
  };

  return { functions, handlers };
}
