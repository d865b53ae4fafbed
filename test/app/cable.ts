// A cable from a page's Web Serial to a simulated board: navigator.serial is replaced by a port whose bytes and wires end there, and which
// leaves as Chromium's does when the cable comes off.
import type { BrowserContext, Page } from 'playwright-core';
import type { Board } from '#test/flash/board.ts';

/** What the page's port calls; bytes go as base64. */
interface Wire {
  wireOpen(baudRate: number): Promise<void>;
  wireClose(): Promise<void>;
  wireWrite(base64: string): Promise<void>;
  wireSignals(signals: object): Promise<void>;
}

/** What its board calls. */
interface Port {
  receive(base64: string): void;
  leave(): void;
  come(): void;
}

declare const port: Port;

export interface Cable {
  /** The cable comes off, and the power with it. */
  pull(): Promise<void>;
  plug(): Promise<void>;
  /** Times that the person was asked for a port. */
  asked(): Promise<number>;
}

/** For every page that is opened in `context` from now on; `page` gives the one that is open. */
export async function plugIn(context: BrowserContext, board: Board, page: () => Page): Promise<Cable> {
  let sending: Promise<unknown> = Promise.resolve();
  const tell = (base64: string) => {
    // One after another: bytes must not overtake each other.
    sending = sending.then(() => page().evaluate((base64) => port.receive(base64), base64));
  };
  await context.exposeFunction('wireOpen', async (baudRate: number) => {
    await board.port.open({ baudRate });
    void (async () => {
      const reader = board.port.readable!.getReader();
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          tell(Buffer.from(value).toString('base64'));
        }
      } catch {
        // Pulled: the page is told by leave().
      }
    })();
  });
  await context.exposeFunction('wireClose', () => board.port.close());
  await context.exposeFunction('wireWrite', async (base64: string) => {
    const writer = board.port.writable!.getWriter();
    try {
      await writer.write(Buffer.from(base64, 'base64'));
    } finally {
      writer.releaseLock();
    }
  });
  await context.exposeFunction('wireSignals', (signals: object) => board.port.setSignals(signals));
  await context.addInitScript(replaceSerial);
  return {
    pull: async () => {
      board.pull();
      await page().evaluate(() => port.leave());
    },
    plug: async () => {
      board.plug();
      await page().evaluate(() => port.come());
    },
    asked: () => page().evaluate(() => (globalThis as unknown as { asked: number }).asked),
  };
}

/** Runs in the page. */
function replaceSerial(): void {
  const wire = globalThis as unknown as Wire;
  const lost = () => new DOMException('The device has been lost.', 'NetworkError');
  class FakePort extends EventTarget {
    readable: ReadableStream<Uint8Array> | null = null;
    writable: WritableStream<Uint8Array> | null = null;
    connected = true;
    #toPage: ReadableStreamDefaultController<Uint8Array> | null = null;
    #toChip: WritableStreamDefaultController | null = null;
    async open({ baudRate }: { baudRate: number }): Promise<void> {
      if (this.readable !== null) throw new DOMException('The port is already open.', 'InvalidStateError');
      if (!this.connected) throw new DOMException('Failed to open serial port.', 'NetworkError');
      await wire.wireOpen(baudRate);
      this.readable = new ReadableStream({
        start: (controller) => {
          this.#toPage = controller;
        },
        cancel: () => {
          this.#toPage = null;
        },
      });
      this.writable = new WritableStream({
        start: (controller) => {
          this.#toChip = controller;
        },
        write: async (bytes) => {
          if (!this.connected) throw lost();
          await wire.wireWrite(btoa(String.fromCharCode(...bytes)));
        },
      });
    }
    async close(): Promise<void> {
      if (this.readable?.locked || this.writable?.locked)
        throw new TypeError('Cannot cancel a locked stream');
      this.readable = null;
      this.writable = null;
      this.#toPage = null;
      await wire.wireClose();
    }
    async setSignals(signals: object): Promise<void> {
      if (!this.connected) throw lost();
      await wire.wireSignals(signals);
    }
    getInfo(): object {
      return { usbVendorId: 0x303a, usbProductId: 0x1001 };
    }
    receive(base64: string): void {
      this.#toPage?.enqueue(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
    }
    leave(): void {
      this.connected = false;
      this.#toPage?.error(lost());
      this.#toChip?.error(lost());
      this.#toPage = null;
      this.readable = null;
      this.writable = null;
      this.dispatchEvent(new Event('disconnect'));
    }
    come(): void {
      this.connected = true;
      this.dispatchEvent(new Event('connect'));
    }
  }
  const port = new FakePort();
  const shown = Object.assign(globalThis, { port, asked: 0 });
  const serial = {
    getPorts: async () => [port],
    requestPort: async () => {
      if (!navigator.userActivation.isActive) throw new DOMException('no gesture', 'SecurityError');
      shown.asked++;
      return port;
    },
  };
  Object.defineProperty(navigator, 'serial', { value: serial, configurable: true });
}
