// The foot of the drawing: every wire in words, and what else a maker should know.
import { FAINT, text, wrap } from '#app/flash/ink.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import type { Wire } from '#boards/wiring/rules.ts';
import { colourOf, wire } from './ink.ts';
import { legName } from './parts.ts';

const SOURCES = { repo: 'built by others', datasheet: 'datasheet', ours: 'ours, not built' };

/** Every wire in words, those inside the board too. */
export function drawList(x: number, y: number, wires: readonly Wire[], wiring: Wiring): string {
  const drawn = [text(x, y, 'Wires', { size: 17, weight: 'bold' })];
  for (const [at, each] of wires.entries()) {
    const lineY = y + 32 + at * 24;
    drawn.push(
      wire(
        [
          [x + 4, lineY],
          [x + 40, lineY],
        ],
        colourOf(each),
      ),
    );
    drawn.push(text(x + 56, lineY, `GPIO ${each.pin}`, { weight: 'bold' }));
    drawn.push(
      text(
        x + 132,
        lineY,
        `${each.part} ${each.part === 'paw' && each.isOnboard ? 'button' : legName(each, wiring)}`,
      ),
    );
    drawn.push(text(x + 300, lineY, each.isOnboard ? 'on the board' : 'yours to lay', { colour: FAINT }));
    drawn.push(text(x + 420, lineY, SOURCES[each.reason.source], { colour: FAINT }));
    drawn.push(
      text(x + 560, lineY, each.reason.soldered ? `soldered; ${each.reason.soldered}` : each.reason.why, {
        colour: FAINT,
        size: 12,
      }),
    );
  }
  return drawn.join('\n');
}

/** What else a maker should know, a line each. */
export function remarksOf({ remarks, takesTurns, noBattery, charge, rowsSource }: Wiring): string[] {
  const sentence = (said: string) => `${said[0]!.toUpperCase()}${said.slice(1)}.`;
  return [
    ...remarks,
    ...(takesTurns ? [sentence(`microphone and amplifier take turns: ${takesTurns}`)] : []),
    ...(noBattery ? [sentence(`no battery gauge: ${noBattery}`)] : []),
    sentence(`charging: ${charge}`),
    sentence(`the order of the holes is from: ${rowsSource}`),
  ].flatMap((said) => wrap(said, 175).map((part, at) => (at === 0 ? `· ${part}` : `\u00a0\u00a0${part}`)));
}
