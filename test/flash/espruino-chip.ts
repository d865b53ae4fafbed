// Espruino on a simulated chip, as far as its console shows it: lines in, answers out, Storage on flash that only clears bits, and the
// real key slots of the simulator. What it evaluates, Node evaluates; the real interpreter is tried in espruino.test.ts.
import { createContext, runInContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import { createMemoryKeys, createSodium, type KeyStore } from '#firmware/simulator/sodium.ts';
import type { Running } from './board.ts';

/** Its input: what does not fit before a line's end is lost. */
const INPUT_BYTES = 512;
const FILE_HEAD_BYTES = 32;

interface StoredFile {
  bytes: Uint8Array;
}

/** What is soldered to the chip, as one life of the interpreter sees it: names beside Espruino's own, and modules. */
export interface Parts {
  globals: Record<string, unknown>;
  modules: Record<string, unknown>;
  /** The life is over: reset(), or no power. */
  end(): void;
}

export interface EspruinoChip {
  /** For a board's `run`. */
  run(send: (bytes: Uint8Array) => void): Running;
  readonly keys: KeyStore;
  readonly files: Map<string, StoredFile>;
  /** Whole lines that it has been told. */
  readonly lines: number;
  /** Hears each line after it has been obeyed, before its answer goes out. */
  told: (line: string, number: number) => void;
  /** Bytes of Storage that are not in use or waiting to be tidied. */
  free: number;
  /** A stock image, without our modules. */
  isStock: boolean;
  /** The key slots forget everything at the next start. */
  forgets: boolean;
  /** Makes the parts, once for each life; null: there are none. */
  solder: ((keys: KeyStore) => Parts) | null;
}

export function createEspruinoChip(): EspruinoChip {
  let keys = createMemoryKeys();
  let trash = 0;
  let lines = 0;
  const files = new Map<string, StoredFile>();

  const storage = {
    read(name: string, at = 0, length?: number): string | undefined {
      const file = files.get(name);
      if (file === undefined) return undefined;
      return Buffer.from(file.bytes.subarray(at, length === undefined ? undefined : at + length)).toString(
        'latin1',
      );
    },
    erase(name: string): void {
      const file = files.get(name);
      if (file === undefined) return;
      trash += file.bytes.length + FILE_HEAD_BYTES;
      files.delete(name);
    },
    compact(): void {
      chip.free += trash;
      trash = 0;
    },
    write(name: string, data: string, at: number, size: number): boolean {
      let file = files.get(name);
      if (file === undefined) {
        if (size + FILE_HEAD_BYTES > chip.free) throw new Error('Unable to find or create file');
        chip.free -= size + FILE_HEAD_BYTES;
        file = { bytes: new Uint8Array(size).fill(0xff) };
        files.set(name, file);
      }
      if (at + data.length > file.bytes.length) throw new Error('Too much data for file size');
      const { bytes } = file;
      Buffer.from(data, 'latin1').forEach((byte, i) => {
        bytes[at + i] = bytes[at + i]! & byte;
      });
      return true;
    },
  };

  function start(send: (bytes: Uint8Array) => void): Running {
    if (chip.forgets) keys = createMemoryKeys();
    let isOn = true;
    let held = '';
    const print = (...words: unknown[]) => {
      const line = `${words.join(' ')}\r\n`;
      // XOFF, and XON when there is room again: they come when they come, in the middle of an answer, too.
      if (isOn) send(Buffer.from(`\x13${line.slice(0, 3)}\x11${line.slice(3)}`, 'latin1'));
    };
    let parts: Parts | null = null;
    let context = makeContext();

    function makeContext() {
      parts?.end();
      parts = chip.solder?.(keys) ?? null;
      const modules: Record<string, unknown> = {
        Storage: storage,
        ...(chip.isStock ? {} : { sodium: createSodium(keys), plush: { record: () => {} } }),
        ...parts?.modules,
      };
      return createContext({
        print,
        Uint8Array,
        ...parts?.globals,
        atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
        btoa: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
        E: {
          CRC32: (text: string) => crc32(Buffer.from(text, 'latin1')),
          enableWatchdog: () => {},
          toUint8Array: (text: string) => new Uint8Array(Buffer.from(text, 'latin1')),
        },
        require: (name: string) => {
          if (modules[name] === undefined) throw new Error(`Module ${name} not found`);
          return modules[name];
        },
        reset: () => {
          context = makeContext();
          print(' 2v29 (c) 2026 G.Williams');
        },
      });
    }
    function obey(line: string): void {
      lines++;
      const answers: unknown[][] = [];
      context.print = (...words: unknown[]) => answers.push(words);
      try {
        runInContext(line, context);
      } catch (error) {
        answers.push([`Uncaught ${String(error)}`]);
      }
      chip.told(line, lines);
      for (const words of answers) print(...words);
      if (isOn) send(Buffer.from('>'));
    }
    print('\r\n 2v29 (c) 2026 G.Williams\r\n>');
    return {
      receive: (bytes) => {
        for (const letter of Buffer.from(bytes).toString('latin1')) {
          if (!isOn) return;
          if (letter === '\x03') held = '';
          else if (letter === '\n') {
            const line = held.startsWith('\x10') ? held.slice(1) : held;
            held = '';
            if (line !== '') obey(line);
          } else if (held.length < INPUT_BYTES) held += letter;
        }
      },
      stop: () => {
        isOn = false;
        parts?.end();
      },
    };
  }

  const chip: EspruinoChip = {
    run: start,
    get keys() {
      return keys;
    },
    files,
    get lines() {
      return lines;
    },
    told: () => {},
    free: 900_000,
    isStock: false,
    forgets: false,
    solder: null,
  };
  return chip;
}
