// A port of Web Serial as a ChipPort: its errors are told apart, it knows when it is gone, and the console goes on after a spoilt letter.
import { describe, expect, it } from 'vitest';
import { openConsole } from '#app/flash/console.ts';
import { createWebPort, isSameProduct, type SerialPort } from '#app/flash/web-port.ts';
import { createEspruinoChip } from './espruino-chip.ts';

/** As the specification has it, before a board: https://wicg.github.io/serial/. */
class FakePort extends EventTarget implements SerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  connected = true;
  openError: Error | null = null;
  controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  written: (bytes: Uint8Array) => void = () => {};
  product = 0x1001;
  async open(): Promise<void> {
    if (this.openError !== null) throw this.openError;
    this.renew();
    this.writable = new WritableStream({ write: (bytes: Uint8Array) => this.written(bytes) });
  }
  /** A stream after the one that ended with an error. */
  renew(): void {
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller;
      },
    });
  }
  async close(): Promise<void> {
    if (!this.connected) throw new DOMException('The port is already closed.', 'InvalidStateError');
    this.readable = null;
    this.writable = null;
  }
  async setSignals(): Promise<void> {}
  getInfo() {
    return { usbVendorId: 0x303a, usbProductId: this.product };
  }
}

describe('a port of Web Serial', () => {
  it('that does not open is there or not', async () => {
    const fake = new FakePort();
    const port = createWebPort(fake);
    fake.openError = new DOMException('Failed to open serial port.', 'NetworkError');
    await expect(port.open({ baudRate: 115_200 })).rejects.toMatchObject({ code: 'busy' });
    fake.connected = false;
    await expect(port.open({ baudRate: 115_200 })).rejects.toMatchObject({ code: 'no-port' });
  });

  it('is gone when it says so, or when its stream has ended, until it is opened again', async () => {
    const fake = new FakePort();
    const port = createWebPort(fake);
    expect(port.isGone).toBe(false);
    await port.open({ baudRate: 115_200 });
    expect(port.isGone).toBe(false);
    fake.readable = null;
    expect(port.isGone).toBe(true);
    fake.connected = false;
    fake.dispatchEvent(new Event('disconnect'));
    await port.close();
    expect(port.isGone).toBe(true);
    fake.connected = true;
    await port.open({ baudRate: 115_200 });
    expect(port.isGone).toBe(false);
  });

  it('is told from another maker’s', () => {
    const [one, other] = [new FakePort(), new FakePort()];
    expect(isSameProduct(one, other)).toBe(true);
    other.product = 7;
    expect(isSameProduct(one, other)).toBe(false);
  });

  it('whose stream breaks off at a spoilt letter still has a console', async () => {
    const fake = new FakePort();
    const chip = createEspruinoChip();
    const running = chip.run((bytes) => {
      queueMicrotask(() => fake.controller?.enqueue(bytes));
    });
    fake.written = (bytes) => running.receive(bytes);
    const console = await openConsole(createWebPort(fake), { answerMs: 100, startMs: 2000 });
    expect(await console.ask('1')).toBe(1);
    for (const name of ['FramingError', 'BreakError']) {
      fake.controller!.error(new DOMException('spoilt', name));
      fake.renew();
      expect(await console.ask('2')).toBe(2);
    }
    await console.close();
  });
});
