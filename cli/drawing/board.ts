// The board in the middle of the drawing: its outline, its holes in their order, and the parts that come with it.
import { circle, text } from '#app/flash/ink.ts';
import { CHIPS } from '#boards/wiring/chips.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import type { Wire } from '#boards/wiring/rules.ts';
import { box, colourOf, PAPER, supplyColour } from './ink.ts';
import { legName } from './parts.ts';

export const BOARD_WIDTH = 330;
/** From hole to hole. */
export const PITCH = 28;
const MARGIN = 46;
const TITLE = 26;
const GREEN = '#24483f';
const PALE = '#cfe3da';

export interface Hole {
  name: number | string;
  side: 'left' | 'right';
  /** Below the board's upper edge. */
  y: number;
}

export interface BoardLayout {
  height: number;
  holes: Hole[];
  titles: { side: 'left' | 'right'; y: number; said: string }[];
}

/** Where each hole is, from the board's upper edge. */
export function layBoard(wiring: Wiring): BoardLayout {
  const layout: BoardLayout = { height: 0, holes: [], titles: [] };
  for (const side of ['left', 'right'] as const) {
    let y = MARGIN;
    for (const row of wiring.rows.filter((each) => each.side === side)) {
      if (row.title !== '') {
        layout.titles.push({ side, y, said: row.title });
        y += TITLE;
      }
      for (const name of row.holes) {
        layout.holes.push({ name, side, y });
        y += PITCH;
      }
      y += row.title === '' ? 0 : 10;
    }
    layout.height = Math.max(layout.height, y - PITCH + MARGIN + 14);
  }
  layout.height = Math.max(layout.height, 330);
  return layout;
}

/** The bare board with its upper left corner at (x, y). */
export function drawBoard(x: number, y: number, layout: BoardLayout): string {
  return box(x, y, BOARD_WIDTH, layout.height, { fill: GREEN, stroke: '#16302a', radius: 14 });
}

/** What sits on the board, drawn after the wires: they pass beneath it. */
export function drawFittings(
  x: number,
  y: number,
  layout: BoardLayout,
  wiring: Wiring,
  wires: readonly Wire[],
): string {
  const parts: string[] = [];
  const middle = x + BOARD_WIDTH / 2;
  const usbY = wiring.usb === 'top' ? y - 12 : y + layout.height - 26;
  parts.push(box(middle - 34, usbY, 68, 38, { fill: '#c9ccd1', stroke: '#777c84', radius: 8 }));
  parts.push(
    text(middle, usbY + 19, 'USB', { size: 13, colour: '#444950', weight: 'bold', anchor: 'middle' }),
  );

  const onboard = onboardLines(wires, wiring);
  const chipY = y + (wiring.usb === 'top' ? 64 : 54);
  parts.push(box(middle - 62, chipY, 124, 62, { fill: '#101614', stroke: '#5d6f69', radius: 4 }));
  parts.push(
    text(middle, chipY + 31, CHIPS[wiring.chip].name, {
      size: 15,
      colour: '#f0f0f0',
      weight: 'bold',
      anchor: 'middle',
    }),
  );
  if (onboard.length > 0) {
    const top = chipY + 78;
    parts.push(
      box(middle - 88, top, 176, onboard.length * 18 + 14, { fill: GREEN, stroke: PALE, dashed: true }),
    );
    for (const [at, line] of onboard.entries())
      parts.push(
        text(middle, top + 16 + at * 18, line.said, {
          size: line.isTitle ? 13 : 12,
          colour: line.isTitle ? '#ffffff' : PALE,
          weight: line.isTitle ? 'bold' : 'normal',
          anchor: 'middle',
        }),
      );
  }
  for (const { side, y: at, said } of layout.titles) {
    const anchor = side === 'left' ? 'start' : 'end';
    const titleX = side === 'left' ? x + 12 : x + BOARD_WIDTH - 12;
    parts.push(text(titleX, y + at, said, { size: 12, colour: PALE, italic: true, anchor }));
  }
  return parts.join('\n');
}

/** The holes, drawn after the wires so that no wire hides them. */
export function drawHoles(
  x: number,
  y: number,
  layout: BoardLayout,
  wiring: Wiring,
  wires: readonly Wire[],
): string {
  const parts: string[] = [];
  for (const hole of layout.holes) {
    const isLeft = hole.side === 'left';
    const holeX = isLeft ? x : x + BOARD_WIDTH;
    const used = wires.find(({ pin, isOnboard }) => pin === hole.name && !isOnboard);
    const isSupply = ['3V3', '5V', 'GND'].includes(String(hole.name));
    const fill = used ? colourOf(used) : isSupply ? supplyColour(String(hole.name)) : '#d9d3c7';
    parts.push(circle(holeX, y + hole.y, 8, fill, PAPER));
    const print = wiring.printed?.[Number(hole.name)];
    const words = [String(hole.name), ...(print === undefined ? [] : [`(${print})`])];
    const colour = used || isSupply ? '#ffffff' : '#9fb8ae';
    parts.push(
      text(holeX + (isLeft ? 15 : -15), y + hole.y, (isLeft ? words : words.reverse()).join(' '), {
        size: used ? 15 : 13,
        colour,
        weight: used || isSupply ? 'bold' : 'normal',
        anchor: isLeft ? 'start' : 'end',
      }),
    );
  }
  return parts.join('\n');
}

/** What the box inside the board says: each part, its name, its pins. */
function onboardLines(wires: readonly Wire[], wiring: Wiring): { said: string; isTitle: boolean }[] {
  const lines: { said: string; isTitle: boolean }[] = [];
  const names = {
    microphone: wiring.microphone.part,
    amplifier: `${wiring.amplifier.part}, speaker`,
    paw: '',
  };
  for (const part of ['microphone', 'amplifier', 'paw'] as const) {
    const own = wires.filter((wire) => wire.part === part && wire.isOnboard);
    if (own.length === 0) continue;
    const pins = own.map((wire) => `${part === 'paw' ? 'GPIO' : legName(wire, wiring)} ${wire.pin}`);
    const half = pins.length > 3 ? 2 : pins.length;
    const plain = [names[part], pins.slice(0, half).join(' · '), pins.slice(half).join(' · ')];
    lines.push({ said: part === 'paw' ? 'button' : part, isTitle: true });
    for (const said of plain) if (said !== '') lines.push({ said, isTitle: false });
  }
  return lines;
}
