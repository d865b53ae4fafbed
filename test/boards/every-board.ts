// Every board that can be built in hardware, with its program's facts and its wires.
import type { Wiring } from '#boards/wiring/facts.ts';
import { boardNames } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';

export interface BuiltBoard {
  name: string;
  board: Board;
  wiring: Wiring;
}

/** All boards but those without hardware (linux). */
export async function everyBoard(): Promise<BuiltBoard[]> {
  const found: BuiltBoard[] = [];
  for (const name of boardNames()) {
    const board = (await import(`../../boards/${name}.ts`)) as Board;
    if (board.WIRING === '') continue;
    const { wiring } = (await import(`../../boards/wiring/${board.WIRING}.ts`)) as { wiring: Wiring };
    found.push({ name, board, wiring });
  }
  return found;
}
