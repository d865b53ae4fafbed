// Espruino's console over a cable: expressions in, values out. A line that a bad cable has spoilt, either way, is noticed and said again.
import { FlashError } from './failure.ts';
import { bytesOfLatin1, crc32, latin1 } from './letters.ts';
import type { ChipPort } from './port.ts';

/** The console’s speed where the cable has one; the chip’s own USB has none. */
const CONSOLE_BAUD = 115_200;
/** Ctrl-C: ends what runs, and drops a line that was half typed. */
const INTERRUPT = '\x03';
/** Drops a line that was half typed, and lets run what runs. */
const ERASE_LINE = '\x1b[2H';
/** At the beginning of a line: it is not echoed. */
const QUIETLY = '\x10';
/** How an answer begins: with a value, or with what was thrown. Any other is a spoilt line's, whatever its check says. */
const VALUE = 'v';
const THROWN = 'e';
/** Its input holds 512 bytes or more; a longer line could overrun it. */
const LINE_BYTES = 500;
const ATTEMPTS = 8;
const XON = 0x11;
const XOFF = 0x13;
/** More than the longest answer. */
const HELD_LETTERS = 8192;

export interface Console {
  /**
   * The value of an expression, which must be JSON's. It may be evaluated more than once. `waitMs` is for one attempt.
   * @throws FlashError `console` when no answer comes, `gone`; ConsoleFault when the expression throws.
   */
  ask(expression: string, waitMs?: number): Promise<unknown>;
  /** Says a line whose end is another beginning, such as reset(); waits until the console answers again. */
  restart(line: string): Promise<void>;
  close(): Promise<void>;
}

/** What the chip threw. */
export class ConsoleFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConsoleFault';
  }
}

export interface ConsolePatience {
  /** For one answer. */
  answerMs: number;
  /** From reset to the first answer: a chip that erases its Storage takes long. */
  startMs: number;
}

export const CONSOLE_PATIENCE: ConsolePatience = { answerMs: 2000, startMs: 20_000 };

/** Opens the port and waits for the console. `isGuest`: a program runs beside it, and must not be interrupted. @throws FlashError. */
export async function openConsole(
  port: ChipPort,
  patience = CONSOLE_PATIENCE,
  isGuest = false,
): Promise<Console> {
  const anew = isGuest ? ERASE_LINE : INTERRUPT;
  await openPatiently(port, patience.startMs);
  let stream = port.readable!;
  let reader = stream.getReader();
  const writer = port.writable!.getWriter();
  let held = '';
  let arrived: () => void = () => {};
  let isOver = false;
  const reading = (async () => {
    for (;;) {
      try {
        const { value, done } = await reader.read();
        if (done) break;
        // XON and XOFF may stand anywhere. One line at a time never needs them.
        const letters = value.filter((byte) => byte !== XON && byte !== XOFF);
        held = (held + latin1(letters)).slice(-HELD_LETTERS);
        arrived();
      } catch {
        // After a spoilt letter Web Serial goes on in another stream. A port that is gone says so itself.
        if (port.isGone || port.readable === null || port.readable === stream) break;
        reader.releaseLock();
        stream = port.readable;
        reader = stream.getReader();
      }
    }
    isOver = true;
    arrived();
  })();
  let asked = 0;

  async function type(text: string): Promise<void> {
    try {
      await writer.write(bytesOfLatin1(text));
    } catch (error) {
      throw new FlashError('gone', 'the board is gone from its cable', error);
    }
  }

  /** The answer to question `number`: its check, then what it says; undefined if none comes that is whole. */
  async function answerTo(number: number, waitMs: number): Promise<string | undefined> {
    const pattern = new RegExp(`=${number} (\\d+) ([^\\r\\n]*)\\r?\\n`);
    const until = Date.now() + waitMs;
    for (;;) {
      const match = pattern.exec(held);
      if (match !== null) {
        held = '';
        return Number(match[1]) === crc32(match[2]!) ? match[2] : undefined;
      }
      if (isOver || port.isGone) throw new FlashError('gone', 'the board is gone from its cable');
      const leftMs = until - Date.now();
      if (leftMs <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async function attempt(expression: string, waitMs: number, isFirst: boolean): Promise<unknown> {
    const number = ++asked;
    const line = lineOf(number, expression);
    await type(isFirst ? line : anew + line);
    const said = await answerTo(number, waitMs);
    if (said?.startsWith(THROWN)) throw new ConsoleFault(said.slice(1));
    if (!said?.startsWith(VALUE)) return undefined;
    try {
      return { value: JSON.parse(said.slice(1)) as unknown };
    } catch {
      return undefined;
    }
  }

  async function ask(expression: string, waitMs = patience.answerMs): Promise<unknown> {
    let thrown = '';
    for (let i = 0; i < ATTEMPTS; i++) {
      try {
        const answer = (await attempt(expression, waitMs, i === 0)) as { value: unknown } | undefined;
        if (answer !== undefined) return answer.value;
      } catch (error) {
        // Believed when it is heard twice: a bad cable can spoil the line around the expression, too.
        if (!(error instanceof ConsoleFault) || error.message === thrown) throw error;
        thrown = error.message;
      }
    }
    throw new FlashError('console', 'the console does not answer');
  }

  async function awake(): Promise<void> {
    const until = Date.now() + patience.startMs;
    while (Date.now() < until) {
      if ((await attempt('1', patience.answerMs / 4, false)) !== undefined) return;
    }
    throw new FlashError('console', 'the console does not answer');
  }

  const open: Console = {
    ask,
    restart: async (line) => {
      await type(`${anew}${QUIETLY}${line}\n`);
      await awake();
    },
    close: async () => {
      await reader.cancel().catch(() => {});
      await reading;
      reader.releaseLock();
      writer.releaseLock();
      await port.close();
    },
  };
  try {
    await awake();
  } catch (error) {
    await open.close();
    throw error;
  }
  return open;
}

/** A chip with its own USB may be away from it for a moment after a reset. */
async function openPatiently(port: ChipPort, startMs: number): Promise<void> {
  const until = Date.now() + startMs;
  for (;;) {
    try {
      await port.open({ baudRate: CONSOLE_BAUD });
      break;
    } catch (error) {
      if (!(error instanceof FlashError) || error.code !== 'no-port' || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  // Wires up: some systems pull both down at opening, and would hold the chip in reset.
  await port.setSignals({ dataTerminalReady: false, requestToSend: false });
}

/** One line of input: the expression with its check, to be printed with the number and a check of its own. */
function lineOf(number: number, expression: string): string {
  const line = `${QUIETLY}(function(c,k){try{c=E.CRC32(c)==k?"${VALUE}"+JSON.stringify(eval(c)):""}catch(e){c="${THROWN}"+e}print("=${number}",E.CRC32(c),c)})(${JSON.stringify(expression)},${crc32(expression)})\n`;
  if (line.length > LINE_BYTES)
    throw new RangeError(`a line of ${line.length} bytes is too long for the console`);
  return line;
}
