// The unit on the cable: its console, without its program running, and what is known of its board.
import { type Console, ConsoleFault, type ConsolePatience, openConsole } from '#app/flash/console.ts';
import { FlashError } from '#app/flash/failure.ts';
import type { ChipPort } from '#app/flash/port.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import type { Board } from '#firmware/simulator/board.ts';

/** Seconds. The interpreter itself feeds it between lines; a program that was stopped feeds its own no more. */
const WATCHDOG_S = 30;
/** A minute after its last sound the chip may doze, and its cable with it: it makes one that nobody hears. */
const AWAKE_EVERY_MS = 20_000;
const SAID_LETTERS = 100;

/** What the jig needs to know of a board. */
export interface JigBoard {
  facts: Board;
  wiring: Pick<Wiring, 'image' | 'microphone' | 'amplifier' | 'hearsItself' | 'takesTurns'>;
}

/** Times of the jig; a simulated unit needs less. */
export interface JigPatience extends ConsolePatience {
  /** For a touch of the paw, and for its end. */
  touchMs: number;
  /** Between two looks at the paw. */
  lookMs: number;
  /** How long the heart is lit at least. */
  litMs: number;
  /** How long somebody has to speak. */
  speakMs: number;
  /** How long the microphone listens to the room. */
  roomMs: number;
  /** Until an advertisement is seen. */
  airMs: number;
}

export const JIG_PATIENCE: JigPatience = {
  answerMs: 2000,
  startMs: 20_000,
  touchMs: 20_000,
  lookMs: 30,
  litMs: 1000,
  speakMs: 15_000,
  roomMs: 1300,
  airMs: 10_000,
};

export interface Unit {
  readonly board: JigBoard;
  readonly console: Console;
  readonly patience: JigPatience;
}

export interface OpenUnit extends Unit {
  /** Stops what runs on it, as a power cut would: its watches, its radio, its sound. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the console and stops the program, if one runs. @throws FlashError. */
export async function openUnit(port: ChipPort, board: JigBoard, patience: JigPatience): Promise<OpenUnit> {
  const console = await openConsole(port, patience);
  const unit: OpenUnit = {
    board,
    console,
    patience,
    calm: async () => {
      // reset() starts the interpreter without the program; the paw's watch and the radio end with it. The watchdog does not.
      await console.restart('reset()');
      await requireParts(console);
      await console.ask(
        `E.enableWatchdog(${WATCHDOG_S},true),setInterval(function(){require("plush").tone(0,0)},${AWAKE_EVERY_MS}),1`,
      );
    },
    close: () => console.close(),
  };
  try {
    await unit.calm();
  } catch (error) {
    await console.close();
    throw error;
  }
  return unit;
}

async function requireParts(console: Console): Promise<void> {
  try {
    await console.ask('require("sodium").has(0)');
    if ((await console.ask('typeof require("plush").echo')) === 'function') return;
  } catch (error) {
    if (!(error instanceof ConsoleFault)) throw error;
  }
  throw new FlashError('modules', 'the image lacks Pawpost’s own parts, or is too old to be tested');
}

/** A number that the unit says. @throws FlashError `console` if it says something else. */
export async function askNumber(unit: Unit, expression: string, waitMs?: number): Promise<number> {
  const said = await unit.console.ask(expression, waitMs);
  if (typeof said !== 'number' || !Number.isFinite(said))
    throw new FlashError('console', 'the unit answers what it was not asked');
  return said;
}

/** What the unit threw, fit for a log: letters that are safe to print, and not many. */
export function saidBy(fault: ConsoleFault): string {
  return fault.message.replace(/[^\x20-\x7e]/g, '?').slice(0, SAID_LETTERS);
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
