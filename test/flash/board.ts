// A board on a cable: reset wires, a ROM's boot loader, what its flash holds running when it is not in that, and a cable with faults.

import { FlashError } from '#app/flash/failure.ts';
import type { ChipPort, Signals } from '#app/flash/port.ts';
import { type ChipKind, createRomLoader, type RomLoader } from './rom-loader.ts';

export const FLASH_BYTES = 4 * 1024 * 1024;
const ROM_BAUD = 115_200;
const IMAGE_AT = 0x10000;
const IMAGE_MAGIC = 0xe9;

/** A program that runs on the chip and speaks over the cable. */
export interface Running {
  receive(bytes: Uint8Array): void;
  /** The power went, or the chip was reset. */
  stop(): void;
}

export interface BoardOptions {
  kind?: ChipKind;
  flash?: Uint8Array;
  /** The cable ends in the chip itself (USB-Serial-JTAG), not in a bridge with two transistors. */
  hasOwnUsb?: boolean;
  /** False: nobody soldered the transistors, so nothing but fingers resets it. */
  hasResetWires?: boolean;
  isLocked?: boolean;
  /** What starts when an image lies in the flash. */
  run?: (send: (bytes: Uint8Array) => void) => Running;
}

/** What a bad cable makes of bytes; undefined swallows them. */
export type Noise = (bytes: Uint8Array) => Uint8Array | undefined;

export interface Board {
  readonly port: ChipPort;
  readonly flash: Uint8Array;
  readonly rom: RomLoader;
  /** Times that it left reset into what lies in its flash. */
  readonly starts: number;
  /** Takes the cable off; power goes with it. */
  pull(): void;
  /** Puts it back. */
  plug(): void;
  toChip: Noise;
  toHost: Noise;
  block: (number: number) => void;
  isBroken: (address: number) => boolean;
  isWorn: (address: number) => boolean;
}

export function createBoard(options: BoardOptions = {}): Board {
  const { kind = 'esp32c3', hasOwnUsb = false, hasResetWires = true } = options;
  const flash = options.flash ?? new Uint8Array(FLASH_BYTES).fill(0xff);
  let readable: ReadableStream<Uint8Array> | null = null;
  let writable: WritableStream<Uint8Array> | null = null;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let isGone = false;
  let isPlugged = true;
  let hostBaud = 0;
  let chipBaud = ROM_BAUD;
  let isDownload = false;
  let wantsDownload = false;
  let starts = 0;
  let wires = { dtr: false, rts: false };
  let rom = makeRom();
  let running: Running | null = null;

  function makeRom(): RomLoader {
    return createRomLoader({
      kind,
      flash,
      send,
      changeBaud: (baud) => {
        chipBaud = baud;
      },
      block: (number) => board.block(number),
      isBroken: (address) => board.isBroken(address),
      isWorn: (address) => board.isWorn(address),
      isLocked: options.isLocked === true,
    });
  }
  const garble = (bytes: Uint8Array) => bytes.map((byte) => (byte * 37 + 11) & 0x7f);
  function onLine(bytes: Uint8Array, noise: Noise): Uint8Array | undefined {
    return noise(!hasOwnUsb && hostBaud !== chipBaud ? garble(bytes) : bytes);
  }
  function send(bytes: Uint8Array): void {
    const heard = onLine(bytes, board.toHost);
    if (heard === undefined || !isPlugged) return;
    queueMicrotask(() => controller?.enqueue(heard));
  }
  function start(intoDownload: boolean): void {
    running?.stop();
    running = null;
    chipBaud = ROM_BAUD;
    rom = makeRom();
    isDownload = intoDownload;
    if (intoDownload) return;
    starts++;
    if (flash[IMAGE_AT] === IMAGE_MAGIC && options.run !== undefined) running = options.run(send);
    else send(Buffer.from('invalid header: 0xffffffff\r\n'));
  }
  function rewire(next: { dtr: boolean; rts: boolean }): void {
    const before = wires;
    wires = next;
    if (!hasResetWires) return;
    if (hasOwnUsb) {
      // ESP32-C3 Technical Reference, USB Serial/JTAG: DTR alone asks for download, RTS alone resets, neither takes the request back.
      if (next.dtr && !next.rts) wantsDownload = true;
      else if (!next.dtr && next.rts) start(wantsDownload);
      else if (!next.dtr && !next.rts) wantsDownload = false;
    } else if (!before.dtr && before.rts && !next.rts) start(next.dtr);
  }

  const port: ChipPort = {
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
      if (!isPlugged) throw new FlashError('no-port', 'there is no port');
      if (readable !== null) throw new Error('open already');
      isGone = false;
      hostBaud = baudRate;
      wires = { dtr: false, rts: false };
      readable = new ReadableStream<Uint8Array>({
        start: (made) => {
          controller = made;
        },
        cancel: () => {
          controller = null;
        },
      });
      writable = new WritableStream<Uint8Array>({
        write: (bytes) => {
          if (isGone) throw new Error('Error: Input/output error, cannot write');
          const heard = onLine(bytes, board.toChip);
          if (heard === undefined) return;
          if (isDownload) rom.receive(heard);
          else running?.receive(heard);
        },
      });
    },
    close: async () => {
      controller = null;
      readable = null;
      writable = null;
    },
    setSignals: async (signals: Signals) => {
      if (isGone) throw new Error('Error: Input/output error, cannot set');
      rewire({
        dtr: signals.dataTerminalReady ?? wires.dtr,
        rts: signals.requestToSend ?? wires.rts,
      });
    },
    setBaudRate: async (baud) => {
      hostBaud = baud;
    },
    getInfo: () =>
      hasOwnUsb
        ? { usbVendorId: 0x303a, usbProductId: 0x1001 }
        : { usbVendorId: 0x10c4, usbProductId: 0xea60 },
  };

  const board: Board = {
    port,
    flash,
    get rom() {
      return rom;
    },
    get starts() {
      return starts;
    },
    pull: () => {
      isPlugged = false;
      isGone = readable !== null;
      running?.stop();
      running = null;
      controller?.error(new Error('Error: Input/output error, cannot read'));
      controller = null;
    },
    plug: () => {
      isPlugged = true;
      start(false);
    },
    toChip: (bytes) => bytes,
    toHost: (bytes) => bytes,
    block: () => {},
    isBroken: () => false,
    isWorn: () => false,
  };
  return board;
}
