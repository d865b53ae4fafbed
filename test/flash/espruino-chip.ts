// Espruino on a simulated chip, as far as its console shows it: lines in, answers out, with the simulator's key slots and its choice of
// the program that runs. What it evaluates, Node evaluates; the real interpreter is tried in espruino.test.ts.
import { createContext, runInContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import * as c3Plush from '#boards/c3-plush.ts';
import type { Board as BoardFacts } from '#firmware/simulator/board.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { startPrograms } from '#firmware/simulator/programs.ts';
import { createMemoryKeys, createSodium, type KeyStore } from '#firmware/simulator/sodium.ts';
import { FLASH_BYTES, type Running } from './board.ts';

/** Its input: what does not fit before a line's end is lost. */
const INPUT_BYTES = 512;
const CTRL_C = '\x03';
const ERASE_LINE = '\x1b[2H';

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
  readonly flash: Uint8Array;
  readonly keys: KeyStore;
  /** The maker's key, and the floor. */
  readonly maker: KeyStore;
  /** The code of the program that runs; null for none. */
  readonly program: string | null;
  /** Times that Ctrl-C came while a program ran. */
  readonly interruptions: number;
  /** Whole lines that it has been told. */
  readonly lines: number;
  /** Hears each line after it has been obeyed, before its answer goes out. */
  told: (line: string, number: number) => void;
  /** Its image was built for this board. */
  board: BoardFacts;
  /** A stock image, without our modules. */
  isStock: boolean;
  /** The key slots forget everything at the next start. */
  forgets: boolean;
  /** Makes the parts, once for each life; null: there are none. */
  solder: ((keys: KeyStore) => Parts) | null;
}

export function createEspruinoChip(): EspruinoChip {
  let keys = createMemoryKeys();
  let maker = createMemoryKeys();
  let lines = 0;
  let program: string | null = null;
  let interruptions = 0;
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  const medium = { bytes: flash, save: () => {}, close: () => {} };

  function start(send: (bytes: Uint8Array) => void): Running {
    if (chip.forgets) {
      keys = createMemoryKeys();
      maker = createMemoryKeys();
    }
    const { functions } = createFlashChip(medium, 0, Math.random);
    const programs = startPrograms(functions, chip.board, maker);
    program = programs.code;
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
        ...(chip.isStock
          ? {}
          : { sodium: createSodium(keys), plush: { record: () => {} }, program: programs.module }),
        ...parts?.modules,
      };
      const global: Record<string, unknown> = {};
      global['\xff'] = program === null ? {} : { watches: [null, { pin: `D${chip.board.PAW_PIN}` }] };
      return createContext({
        global,
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
          program = null;
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
          if (letter === CTRL_C) {
            held = '';
            if (program !== null) interruptions++;
          } else if ((held + letter).endsWith(ERASE_LINE)) held = '';
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
    flash,
    get maker() {
      return maker;
    },
    get program() {
      return program;
    },
    get interruptions() {
      return interruptions;
    },
    get lines() {
      return lines;
    },
    told: () => {},
    board: c3Plush,
    isStock: false,
    forgets: false,
    solder: null,
  };
  return chip;
}
