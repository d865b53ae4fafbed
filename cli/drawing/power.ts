// From the cell to the board: the chain of boxes at the foot of the drawing.
import { FAINT, text } from '#app/flash/ink.ts';
import type { Supply, Wiring } from '#boards/wiring/facts.ts';
import { box, CELL, pill, supplyColour, wire } from './ink.ts';

interface Link {
  title: string;
  what: string;
  /** What the wire from here to the next is called. */
  next?: string;
}

const CELL_LINK: Link = { title: 'Cell', what: '3.7 V lithium, protected', next: '+' };
const CHARGER: Link = { title: 'Charger', what: 'USB-C, with protection', next: 'OUT +' };
const SWITCH: Link = { title: 'Switch', what: 'slide, hidden in the seam', next: 'cell +' };
const DIODE: Link = { title: 'Diode', what: 'Schottky, 1N5817', next: '5V' };

const CHAINS: Record<Supply, readonly Link[]> = {
  'cell through 5V': [CELL_LINK, CHARGER, SWITCH, DIODE, { title: 'Board', what: 'hole 5V' }],
  'boost to 5V': [
    CELL_LINK,
    CHARGER,
    SWITCH,
    { title: 'Boost', what: 'set to 5.0 V first', next: '5.0 V' },
    DIODE,
    { title: 'Board', what: 'hole 5V' },
  ],
  'cell on BAT pads': [CELL_LINK, SWITCH, { title: 'Board', what: 'pads BAT + and −' }],
  'power bank': [
    { title: 'Power bank', what: 'small, protected', next: '5V' },
    { title: 'Board', what: 'USB socket' },
  ],
};

const WIDTH = 158;
const HEIGHT = 52;
export const POWER_HEIGHT = 128;

/** The chain, from the left; `y` is its upper edge. */
export function drawPower(x: number, y: number, wiring: Wiring): string {
  const chain = CHAINS[wiring.supply];
  const gap = 78;
  const parts: string[] = [text(x, y, 'Power', { size: 17, weight: 'bold' })];
  const top = y + 22;
  const lineY = top + HEIGHT / 2;
  const groundY = top + HEIGHT + 26;
  const last = x + (chain.length - 1) * (WIDTH + gap);
  for (const [at, { title, what, next }] of chain.entries()) {
    const left = x + at * (WIDTH + gap);
    const hasGround = title !== 'Switch' && title !== 'Diode';
    if (hasGround)
      parts.push(
        wire(
          [
            [left + WIDTH / 2, top + HEIGHT],
            [left + WIDTH / 2, groundY],
          ],
          supplyColour('GND'),
          null,
        ),
      );
    if (next !== undefined) {
      const colour = next === '5V' || next === '5.0 V' ? supplyColour('5V') : CELL;
      parts.push(
        wire(
          [
            [left + WIDTH, lineY],
            [left + WIDTH + gap, lineY],
          ],
          colour,
        ),
      );
      const width = Math.max(26, next.length * 8 + 14);
      parts.push(pill(left + WIDTH + (gap - width) / 2, lineY, width, next, colour));
    }
    parts.push(box(left, top, WIDTH, HEIGHT, { fill: '#ffffff' }));
    parts.push(text(left + WIDTH / 2, top + 18, title, { weight: 'bold', anchor: 'middle', size: 14 }));
    parts.push(text(left + WIDTH / 2, top + 37, what, { anchor: 'middle', size: 11, colour: FAINT }));
  }
  parts.push(
    wire(
      [
        [x + WIDTH / 2, groundY],
        [last + WIDTH / 2, groundY],
      ],
      supplyColour('GND'),
      null,
    ),
  );
  parts.push(pill(x + WIDTH / 2 - 22, groundY, 44, 'GND', supplyColour('GND')));
  return parts.join('\n');
}
