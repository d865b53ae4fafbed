// How wires get from the board's edge to the parts beside it: each net its own upright lane, in the order with the fewest crossings.

/** What hangs together: one hole of the board, and all the ends beside it that it goes to. */
export interface Net {
  pin: number;
  /** Where it leaves the board's edge. */
  from: number;
  /** Heights of its ends at the parts. */
  to: readonly number[];
}

/**
 * The nets in the order of their lanes, the first next to the board: an order in which fewest wires cross. Every set of nets is tried
 * with each of its nets outermost, so at most a dozen nets.
 */
export function orderLanes(nets: readonly Net[]): Net[] {
  const best: { crossings: number; order: Net[] }[] = [{ crossings: 0, order: [] }];
  for (let set = 1; set < 1 << nets.length; set++)
    for (const [at, outer] of nets.entries()) {
      if ((set & (1 << at)) === 0) continue;
      const inside = best[set & ~(1 << at)]!;
      const crossings = inside.order.reduce((sum, inner) => sum + betweenTwo(inner, outer), inside.crossings);
      const known = best[set];
      if (known === undefined || crossings < known.crossings)
        best[set] = { crossings, order: [...inside.order, outer] };
    }
  return best.at(-1)!.order;
}

/** How often wires cross when the nets have their lanes in this order. */
export function crossingsOf(order: readonly Net[]): number {
  let count = 0;
  for (const [at, inner] of order.entries())
    for (const outer of order.slice(at + 1)) count += betweenTwo(inner, outer);
  return count;
}

/** The outer's way out crosses the inner's lane; the inner's ways on cross the outer's. */
function betweenTwo(inner: Net, outer: Net): number {
  const ways = inner.to.filter((end) => isWithin(end, outer)).length;
  return ways + (isWithin(outer.from, inner) ? 1 : 0);
}

/** Every order of some things. */
export function* ordersOf<T>(things: readonly T[]): Generator<T[]> {
  if (things.length <= 1) {
    yield [...things];
    return;
  }
  for (const [at, first] of things.entries())
    for (const order of ordersOf([...things.slice(0, at), ...things.slice(at + 1)])) yield [first, ...order];
}

function isWithin(height: number, { from, to }: Net): boolean {
  return height >= Math.min(from, ...to) && height <= Math.max(from, ...to);
}
