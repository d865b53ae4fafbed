// The boot loader in a chip's ROM, by way of esptool-js: who is there, what lies in the flash, and how to put something else there.
import { md5 as md5Of } from '@noble/hashes/legacy.js';
import { ESPLoader, ESPRESSIF_VID, Transport, USB_JTAG_SERIAL_PID } from 'esptool-js';
import { FlashError, type FlashErrorCode } from './failure.ts';
import { hexOf } from './letters.ts';
import type { ChipPort } from './port.ts';
import { resetChip } from './reset.ts';

/** How long to wait, and how often to try. Tests are less patient. */
export interface Patience {
  /** For the answer to one command. */
  answerMs: number;
  /** Resets before a chip counts as silent. */
  resets: number;
}

export const PATIENT: Patience = { answerMs: 3000, resets: 7 };

export interface BootLoader {
  /** Espressif's name of the chip that answers, such as ESP32-C3. */
  readonly chip: string;
  /** Makes it ready to read and write. The first thing that changes the chip, and only its memory. @throws FlashError. */
  begin(): Promise<void>;
  /** MD5 of a stretch of flash, hex. @throws FlashError. */
  hash(address: number, length: number): Promise<string>;
  /**
   * Erases and writes `bytes` (whole words) at `address` (of a sector); `sent` hears how much of it has gone. Does not look whether it
   * arrived. Plain instead of packed it takes longer, but a block that is spoilt does not spoil those after it. @throws FlashError.
   */
  write(address: number, bytes: Uint8Array, isPlain: boolean, sent: (part: number) => void): Promise<void>;
  /** Starts what lies in the flash, and closes the port. */
  restart(): Promise<void>;
  /** Leaves the chip as it is, and closes the port. */
  close(): Promise<void>;
}

const ROM_BAUD = 115_200;
/** The stub's status for a flash that did not do as it was told: FAILED_SPI_OP and FAILED_SPI_UNLOCK. */
const FLASH_STATUS = /with status 19[67],/;

/** MD5 as the chip has it. It finds slips, not forgers: whoever holds the cable writes what they like. */
export function md5(bytes: Uint8Array): string {
  return hexOf(md5Of(bytes));
}

/** Its own lines go to the console whether they were asked for or not; and it would wait for a cable that is gone. */
class ChipTransport extends Transport {
  private lose: (error: Error) => void = () => {};
  private lost: Promise<never> = this.awaitLoss();

  private awaitLoss(): Promise<never> {
    const lost = new Promise<never>((_, reject) => {
      this.lose = reject;
    });
    lost.catch(() => {});
    return lost;
  }
  override trace(): void {}
  override async readLoop(): Promise<void> {
    this.lost = this.awaitLoss();
    const lose = this.lose;
    await super.readLoop();
    lose(new Error('the stream has ended'));
  }
  override read(timeoutMs: number): Promise<Uint8Array> {
    const answer = super.read(timeoutMs);
    answer.catch(() => {});
    return Promise.race([answer, this.lost]);
  }
  override async write(data: Uint8Array): Promise<void> {
    const writer = (this.device.writable as WritableStream<Uint8Array>).getWriter();
    try {
      await writer.write(this.slipWriter(data));
    } finally {
      // Theirs keeps the lock when a write fails, and waits for it for ever when it closes.
      writer.releaseLock();
    }
  }
}

class PatientLoader extends ESPLoader {
  shortestMs = PATIENT.answerMs;
  /** The flash has refused since this was last made false, whatever was said after it. */
  hasFlashFailed = false;
  override async checkCommand(
    ...command: Parameters<ESPLoader['checkCommand']>
  ): ReturnType<ESPLoader['checkCommand']> {
    try {
      return await super.checkCommand(...command);
    } catch (error) {
      this.hasFlashFailed ||= FLASH_STATUS.test((error as Error).message);
      throw error;
    }
  }
  override timeoutPerMb(perMb: number, bytes: number): number {
    return Math.max(this.shortestMs, perMb * (bytes / 1_000_000));
  }
}

/**
 * Resets the chip into its ROM's boot loader and asks it who it is; writes nothing. @throws FlashError `no-port`, `denied`, `busy`,
 * `silent`, `wrong-chip` for a chip that nobody knows, `locked`, `gone`.
 */
export async function openBootLoader(port: ChipPort, baud: number, patience = PATIENT): Promise<BootLoader> {
  // Opened once for its errors: esptool-js has none of its own for them.
  await port.open({ baudRate: ROM_BAUD });
  await port.close();
  // biome-ignore lint/suspicious/noExplicitAny: its types want Web Serial’s whole port, of which it uses what ChipPort has.
  const transport = new ChipTransport(port as any);
  const loader = new PatientLoader({
    transport,
    baudrate: baud,
    romBaudrate: ROM_BAUD,
    terminal: { clean: () => {}, write: () => {}, writeLine: () => {} },
  });
  loader.DEFAULT_TIMEOUT = patience.answerMs;
  loader.shortestMs = patience.answerMs;

  /** Runs a step; what it throws becomes ours. */
  async function doing<T>(code: FlashErrorCode, what: string, step: () => Promise<T>): Promise<T> {
    loader.hasFlashFailed = false;
    try {
      return await step();
    } catch (error) {
      if (error instanceof FlashError) throw error;
      if (port.isGone) throw new FlashError('gone', 'the board is gone from its cable', error);
      if (loader.hasFlashFailed) throw new FlashError('refused', 'the flash refuses what is written', error);
      throw new FlashError(code, what, error);
    }
  }
  async function close(): Promise<void> {
    await transport.disconnect().catch(() => port.close());
  }

  try {
    await doing('silent', 'the board does not answer', () =>
      loader.connect('default_reset', patience.resets),
    );
    if (loader.secureDownloadMode) throw new FlashError('locked', 'the chip is locked');
  } catch (error) {
    await close();
    if ((error as FlashError).cause instanceof Error && /^Unexpected/.test(causeOf(error)))
      throw new FlashError('wrong-chip', 'the chip on the cable is none that Pawpost knows', error);
    throw error;
  }

  return {
    chip: loader.chip.CHIP_NAME,
    begin: () =>
      doing('garbled', 'the board answers, but not as it should', async () => {
        await loader.runStub();
        // A cable that ends in the chip itself has no speed, and a browser would have to open it anew.
        if (baud !== ROM_BAUD && !isChipsOwn(port)) await loader.changeBaud();
      }),
    hash: (address, length) =>
      doing('garbled', 'what the board says is garbled', () => loader.flashMd5sum(address, length)),
    write: (address, bytes, isPlain, sent) =>
      doing('garbled', 'what is sent to the board arrives garbled', async () => {
        const block = loader.FLASH_WRITE_SIZE;
        const waitMs = loader.timeoutPerMb(loader.ERASE_WRITE_TIMEOUT_PER_MB, bytes.length);
        const content = isPlain ? bytes : await deflated(bytes);
        const blocks = isPlain
          ? await loader.flashBegin(bytes.length, address)
          : await loader.flashDeflBegin(bytes.length, content.length, address);
        for (let i = 0; i < blocks; i++) {
          // The last is shorter, and not padded: what lies behind it is not ours to erase.
          const part = content.slice(i * block, (i + 1) * block);
          if (isPlain) await loader.flashBlock(part, i, waitMs);
          else await loader.flashDeflBlock(part, i, waitMs);
          sent((i + 1) / blocks);
        }
        // Answered when the last block is in the flash: until then the chip writes what it has acknowledged.
        if (isPlain) await loader.flashFinish(false, patience.answerMs);
        else await loader.flashDeflFinish(false, patience.answerMs);
      }),
    restart: async () => {
      // esptool-js only lets go of the wire: the chip would stay where it is.
      await doing('gone', 'the board is gone from its cable', () => resetChip(port)).finally(close);
    },
    close,
  };
}

function isChipsOwn(port: ChipPort): boolean {
  const { usbVendorId, usbProductId } = port.getInfo();
  return usbVendorId === ESPRESSIF_VID && usbProductId === USB_JTAG_SERIAL_PID;
}

/** Packed as zlib has it, by what browsers and Node both bring. */
async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function causeOf(error: unknown): string {
  return ((error as FlashError).cause as Error).message;
}
