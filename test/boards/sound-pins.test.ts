// The C of the ESP32 knows the wires of microphone and amplifier; boards/wiring is where they are decided.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { everyBoard } from './every-board.ts';

const SOURCE = readFileSync(new URL('../../firmware/native/sound_pins_esp32.h', import.meta.url), 'utf8');

/** What the header says for a board: the lines after its name. */
function pinsOf(board: string): Record<string, string> {
  const name = `PAWPOST_BOARD_${board.toUpperCase().replaceAll('-', '_')}`;
  const lines = SOURCE.slice(SOURCE.indexOf(name)).split('\n').slice(1, 6);
  return Object.fromEntries(
    lines.map((line) =>
      /^#define (\w+) ([^/]*)/
        .exec(line)!
        .slice(1, 3)
        .map((part) => part.trim()),
    ),
  );
}

describe('sound_pins_esp32.h', async () => {
  const boards = await everyBoard();

  it.each(boards.map(({ wiring }) => wiring.title))('%s', (title) => {
    const { board, wiring } = boards.find((each) => each.wiring.title === title)!;
    const { microphone, amplifier } = wiring;
    expect(pinsOf(board.WIRING)).toEqual({
      MICROPHONE_IS_PDM: microphone.kind === 'pdm' ? '1' : '0',
      MICROPHONE_PINS: [microphone.clock.pin, microphone.select?.pin ?? -1, microphone.data.pin].join(', '),
      AMPLIFIER_PINS: [amplifier.clock.pin, amplifier.select.pin, amplifier.data.pin].join(', '),
      AMPLIFIER_ENABLE: String(amplifier.enable?.pin ?? -1),
      HEARS_ITSELF: String(wiring.hearsItself?.ports ?? 0),
    });
  });
});
