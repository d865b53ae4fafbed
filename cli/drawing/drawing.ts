// The drawing of a toy's wires, made from the facts of its board alone: the same facts give the same picture.
import type { Wiring } from '#boards/wiring/facts.ts';
import { type ProgramFacts, type Wire, wiresOf } from '#boards/wiring/rules.ts';
import {
  BOARD_WIDTH,
  type BoardLayout,
  drawBoard,
  drawFittings,
  drawHoles,
  type Hole,
  layBoard,
  PITCH,
} from './board.ts';
import { drawIcon } from './icons.ts';
import {
  box,
  circle,
  colourOf,
  FAINT,
  INK,
  PAPER,
  type Point,
  pill,
  supplyColour,
  text,
  wire,
} from './ink.ts';
import { crossingsOf, type Net, orderLanes, ordersOf } from './lanes.ts';
import { legName, type Part, partsBeside } from './parts.ts';
import { drawPower, POWER_HEIGHT } from './power.ts';

const WIDTH = 1390;
const EDGE = 30;
const PART_WIDTH = 230;
const CHANNEL = (WIDTH - 2 * EDGE - 2 * PART_WIDTH - BOARD_WIDTH) / 2;
const BOARD_X = EDGE + PART_WIDTH + CHANNEL;
const TOP = 118;
const LEG_PITCH = PITCH;
/** From a part's upper edge to its first leg. */
const FIRST_LEG = 66;
const PART_GAP = 22;
const PILL = 68;
const ON_BOARD = '#24483f';

type Side = 'left' | 'right';

interface Placed {
  part: Part;
  side: Side;
  y: number;
  height: number;
}

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
  const height = listY + 34 + wires.length * 24 + 16;
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
    '</svg>',
    '',
  ].join('\n');
}

/** Each part to the side that has most of its holes; where both have as many, to the emptier one. */
function chooseSides(parts: readonly Part[], layout: BoardLayout): Map<Part, Side> {
  const sides = new Map<Part, Side>();
  const legs = { left: 0, right: 0 };
  for (const part of parts) {
    const holes = part.legs.flatMap((leg) => (leg.wire ? [holeOf(layout, leg.wire.pin)] : []));
    const left = holes.filter(({ side }) => side === 'left').length;
    const right = holes.length - left;
    const side =
      left === right ? (legs.left <= legs.right ? 'left' : 'right') : left > right ? 'left' : 'right';
    sides.set(part, side);
    legs[side] += part.legs.length;
  }
  return sides;
}

function holeOf(layout: BoardLayout, pin: number): Hole {
  const hole = layout.holes.find(({ name }) => name === pin);
  if (!hole) throw new Error(`GPIO${pin} has no hole`);
  return hole;
}

/** A whole number of pitches, so that with the gap the legs of all parts keep step. */
function partHeight(part: Part): number {
  const needed = FIRST_LEG + part.legs.length * LEG_PITCH + part.notes.length * 18 - 8;
  return Math.ceil((needed + PART_GAP) / LEG_PITCH) * LEG_PITCH - PART_GAP;
}

function columnHeight(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + partHeight(part) + PART_GAP, -PART_GAP);
}

/** The parts of one side from top to bottom, in the order in which fewest wires cross. */
function placeColumn(
  parts: readonly Part[],
  side: Side,
  layout: BoardLayout,
  boardY: number,
  top: number,
): Placed[] {
  // Holes lie at whole pitches, wires from the other side at halves: legs lie a quarter off, so that no two wires run into each other.
  const step = LEG_PITCH / 4;
  const start =
    top + ((((boardY + layout.holes[0]!.y + step - top - FIRST_LEG) % (2 * step)) + 2 * step) % (2 * step));
  let best: Placed[] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (const order of ordersOf(parts)) {
    let y = start;
    const placed = order.map((part) => {
      const each = { part, side, y, height: partHeight(part) };
      y += each.height + PART_GAP;
      return each;
    });
    const crossings = crossingsOf(orderLanes(netsOf(endsOf(placed, side), side, layout, boardY)));
    if (crossings < fewest) {
      fewest = crossings;
      best = placed;
    }
  }
  return best;
}

function legY({ y }: Placed, at: number): number {
  return y + FIRST_LEG + at * LEG_PITCH;
}

type Ends = Map<number, { wire: Wire; y: number }[]>;

/** The ends on one side, by pin. */
function endsOf(placed: readonly Placed[], side: Side): Ends {
  const ends: Ends = new Map();
  for (const each of placed.filter((part) => part.side === side))
    for (const [at, leg] of each.part.legs.entries())
      if (leg.wire)
        ends.set(leg.wire.pin, [...(ends.get(leg.wire.pin) ?? []), { wire: leg.wire, y: legY(each, at) }]);
  return ends;
}

function netsOf(ends: Ends, side: Side, layout: BoardLayout, boardY: number): Net[] {
  return [...ends].map(([pin, to]): Net => {
    const hole = holeOf(layout, pin);
    // A wire that comes from the other side passes between two holes of this one.
    return { pin, from: boardY + hole.y + (hole.side === side ? 0 : PITCH / 2), to: to.map(({ y }) => y) };
  });
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

const SOURCES = { repo: 'built by others', datasheet: 'datasheet', ours: 'ours, not built' };

/** Every wire in words, those inside the board too. */
function drawList(x: number, y: number, wires: readonly Wire[], wiring: Wiring): string {
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
