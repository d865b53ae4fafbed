// Where each part stands beside the board, and which wires must get to it.
import type { Wire } from '#boards/wiring/rules.ts';
import { type BoardLayout, type Hole, PITCH } from './board.ts';
import { crossingsOf, type Net, orderLanes, ordersOf } from './lanes.ts';
import type { Part } from './parts.ts';

/** From leg to leg of a part. */
export const LEG_PITCH = PITCH;
/** From a part's upper edge to its first leg. */
export const FIRST_LEG = 66;
const PART_GAP = 22;

export type Side = 'left' | 'right';

export interface Placed {
  part: Part;
  side: Side;
  y: number;
  height: number;
}

/** Each part to the side that has most of its holes; where both have as many, to the emptier one. */
export function chooseSides(parts: readonly Part[], layout: BoardLayout): Map<Part, Side> {
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

export function holeOf(layout: BoardLayout, pin: number): Hole {
  const hole = layout.holes.find(({ name }) => name === pin);
  if (!hole) throw new Error(`GPIO${pin} has no hole`);
  return hole;
}

/** A whole number of pitches, so that with the gap the legs of all parts keep step. */
function partHeight(part: Part): number {
  const needed = FIRST_LEG + part.legs.length * LEG_PITCH + part.notes.length * 18 - 8;
  return Math.ceil((needed + PART_GAP) / LEG_PITCH) * LEG_PITCH - PART_GAP;
}

export function columnHeight(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + partHeight(part) + PART_GAP, -PART_GAP);
}

/** The parts of one side from top to bottom, in the order in which fewest wires cross. */
export function placeColumn(
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

export function legY({ y }: Placed, at: number): number {
  return y + FIRST_LEG + at * LEG_PITCH;
}

export type Ends = Map<number, { wire: Wire; y: number }[]>;

/** The ends on one side, by pin. */
export function endsOf(placed: readonly Placed[], side: Side): Ends {
  const ends: Ends = new Map();
  for (const each of placed.filter((part) => part.side === side))
    for (const [at, leg] of each.part.legs.entries())
      if (leg.wire)
        ends.set(leg.wire.pin, [...(ends.get(leg.wire.pin) ?? []), { wire: leg.wire, y: legY(each, at) }]);
  return ends;
}

export function netsOf(ends: Ends, side: Side, layout: BoardLayout, boardY: number): Net[] {
  return [...ends].map(([pin, to]): Net => {
    const hole = holeOf(layout, pin);
    // A wire that comes from the other side passes between two holes of this one.
    return { pin, from: boardY + hole.y + (hole.side === side ? 0 : PITCH / 2), to: to.map(({ y }) => y) };
  });
}
