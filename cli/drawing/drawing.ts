// The drawing of a toy's wires, made from the facts of its board alone: the same facts give the same picture.
import { circle, FAINT, INK, text } from '#app/flash/ink.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import { type ProgramFacts, wiresOf } from '#boards/wiring/rules.ts';
import { BOARD_WIDTH, type BoardLayout, drawBoard, drawFittings, drawHoles, layBoard } from './board.ts';
import { drawIcon } from './icons.ts';
import { box, colourOf, PAPER, type Point, pill, supplyColour, wire } from './ink.ts';
import { orderLanes } from './lanes.ts';
import { drawList, remarksOf } from './list.ts';
import { partsBeside } from './parts.ts';
import {
  chooseSides,
  columnHeight,
  endsOf,
  holeOf,
  LEG_PITCH,
  legY,
  netsOf,
  type Placed,
  placeColumn,
  type Side,
} from './place.ts';
import { drawPower, POWER_HEIGHT } from './power.ts';

const WIDTH = 1390;
const EDGE = 30;
const PART_WIDTH = 230;
const CHANNEL = (WIDTH - 2 * EDGE - 2 * PART_WIDTH - BOARD_WIDTH) / 2;
const BOARD_X = EDGE + PART_WIDTH + CHANNEL;
const TOP = 118;
const PILL = 68;
const ON_BOARD = '#24483f';

/** The whole picture of `board` with `wiring`, as an SVG file. */
export function drawToy(board: ProgramFacts, wiring: Wiring): string {
  const wires = wiresOf(board, wiring);
  const layout = layBoard(wiring);
  const parts = partsBeside(wires, wiring);
  const sides = chooseSides(parts, layout);
  const columns = (['left', 'right'] as const).map((side) =>
    parts.filter((part) => sides.get(part) === side),
  );
  const middle = Math.max(layout.height, ...columns.map(columnHeight));
  const boardY = TOP + Math.round((middle - layout.height) / 2);
  const placed = (['left', 'right'] as const).flatMap((side, at) =>
    placeColumn(
      columns[at]!,
      side,
      layout,
      boardY,
      TOP + Math.round((middle - columnHeight(columns[at]!)) / 2),
    ),
  );
  const powerY = TOP + middle + 56;
  const listY = powerY + POWER_HEIGHT + 34;
  const remarksY = listY + 34 + wires.length * 24 + 24;
  const remarks = remarksOf(wiring);
  const height = remarksY + 28 + remarks.length * 22 + 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="'DejaVu Sans', Verdana, sans-serif">`,
    `<title>Pawpost on ${wiring.title}: wires</title>`,
    box(0, 0, WIDTH, height, { fill: PAPER, stroke: PAPER, radius: 0 }),
    text(EDGE, 38, `Pawpost on ${wiring.title}`, { size: 26, weight: 'bold' }),
    text(
      EDGE,
      68,
      `Seen from the side with the chip, USB at the ${wiring.usb}. Go by the print next to each hole. Same name, same wire: GND to GND, cell + to cell +.`,
      { colour: FAINT, size: 14 },
    ),
    text(EDGE, 90, 'Nobody has built this toy yet. Try it on a breadboard before anything is sewn in.', {
      colour: FAINT,
      size: 14,
    }),
    drawBoard(BOARD_X, boardY, layout),
    ...(['left', 'right'] as const).map((side) => drawChannel(side, placed, layout, boardY)),
    drawFittings(BOARD_X, boardY, layout, wiring, wires),
    drawHoles(BOARD_X, boardY, layout, wiring, wires),
    ...placed.map(drawPart),
    drawPower(EDGE, powerY, wiring),
    drawList(EDGE, listY, wires, wiring),
    text(EDGE, remarksY, 'Good to know', { size: 17, weight: 'bold' }),
    ...remarks.map((said, at) => text(EDGE, remarksY + 30 + at * 22, said, { colour: FAINT })),
    '</svg>',
    '',
  ].join('\n');
}

function drawPart(placed: Placed): string {
  const { part, side, y, height } = placed;
  const x = side === 'left' ? EDGE : WIDTH - EDGE - PART_WIDTH;
  const inner = side === 'left' ? x + PART_WIDTH : x;
  const way = side === 'left' ? 1 : -1;
  const drawn = [
    box(x, y, PART_WIDTH, height, { fill: '#ffffff', radius: 10 }),
    text(x + 14, y + 20, part.title, { size: 17, weight: 'bold' }),
    text(x + 14, y + 40, part.what, { size: 12, colour: FAINT }),
    drawIcon(
      part.key,
      side === 'left' ? x + 66 : x + PART_WIDTH - 66,
      y + 56 + (part.legs.length * LEG_PITCH) / 2,
    ),
  ];
  for (const [at, leg] of part.legs.entries()) {
    const legAt = legY(placed, at);
    const said = leg.wire ? `GPIO ${leg.wire.pin}` : leg.supply!;
    const colour = leg.wire ? colourOf(leg.wire) : said === 'leave open' ? '#6b6b6b' : supplyColour(said);
    const width = leg.wire ? PILL : Math.max(44, said.length * 7 + 18);
    drawn.push(
      wire(
        [
          [inner, legAt],
          [inner + way * 14, legAt],
        ],
        colour,
      ),
    );
    drawn.push(pill(side === 'left' ? inner + 14 : inner - 14 - width, legAt, width, said, colour));
    drawn.push(circle(inner, legAt, 6, colour, PAPER));
    drawn.push(
      text(inner - way * 13, legAt, leg.name, {
        anchor: side === 'left' ? 'end' : 'start',
        weight: 'bold',
        colour: INK,
      }),
    );
  }
  for (const [at, note] of part.notes.entries())
    drawn.push(
      text(x + 14, y + height - part.notes.length * 18 + at * 18 + 6, note, {
        size: 12,
        italic: true,
        colour: FAINT,
      }),
    );
  return drawn.join('\n');
}

/** All wires between the board and the parts on one side. */
function drawChannel(side: Side, placed: readonly Placed[], layout: BoardLayout, boardY: number): string {
  const ends = endsOf(placed, side);
  const order = orderLanes(netsOf(ends, side, layout, boardY));
  const way = side === 'left' ? -1 : 1;
  const edge = side === 'left' ? BOARD_X : BOARD_X + BOARD_WIDTH;
  const pillX = side === 'left' ? EDGE + PART_WIDTH + 14 + PILL : WIDTH - EDGE - PART_WIDTH - 14 - PILL;
  const room = Math.abs(pillX - edge) - 70;
  const drawn: string[] = [];
  for (const [at, net] of order.entries()) {
    const lane = edge + way * Math.round(24 + ((at + 0.5) * room) / order.length);
    const colour = colourOf(ends.get(net.pin)![0]!.wire);
    const hole = holeOf(layout, net.pin);
    if (hole.side !== side) {
      const start = edge - way * BOARD_WIDTH;
      const bend = start + way * 14;
      const holeY = boardY + hole.y;
      drawn.push(
        wire(
          [
            [start, holeY],
            [bend, net.from],
            [edge, net.from],
          ],
          colour,
          ON_BOARD,
        ),
      );
    }
    for (const end of net.to) {
      const points: Point[] = [
        [edge, net.from],
        [lane, net.from],
        [lane, end],
        [pillX, end],
      ];
      drawn.push(wire(points, colour));
    }
    if (net.to.length > 1) drawn.push(circle(lane, net.from, 6, colour));
  }
  return drawn.join('\n');
}
