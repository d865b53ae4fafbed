// Holding on to a chain once seen: a chain that is shorter, or another at the same number, is refused, whoever serves it. Public.
import { same } from '../bytes.ts';
import { fault } from '../fault.ts';
import { knowsHead, type Roster, readChain } from './chain.ts';

/** The head a device must find in any chain it is served: its own newest, or the one of its invitation. */
export interface Pin {
  familyId: Uint8Array;
  number: number;
  head: Uint8Array;
  /** 0 where only number and head are known, as in an invitation. */
  generation: number;
}

/** The pin of a roster. */
export function pinOf(roster: Roster): Pin {
  const { familyId, number, head, generation } = roster;
  return { familyId, number, head, generation };
}

/**
 * The roster of a served chain that goes on from the pin. Only the root key overrules a pin, by a reset of a higher generation than the
 * pin's: that is how a fork ends. Faults: `roster-rollback` for a chain that ends before the pin; `roster-fork` for another entry at
 * the pin's number: a hard stop until the root has spoken; and those of `readChain`.
 */
export function acceptChain(pin: Pin, entries: readonly Uint8Array[]): Roster {
  const roster = readChain(pin.familyId, entries);
  if (knowsHead(roster, pin.number, pin.head)) return roster;
  // An invitation's head is never overruled: who joins has seen nothing that a reset could end.
  if (pin.generation > 0 && roster.generation > pin.generation) return roster;
  if (roster.number < pin.number) throw fault('roster-rollback');
  throw fault('roster-fork');
}

/** True if two served entries are a fork: one number, two hashes. */
export function areForked(
  a: { number: number; hash: Uint8Array },
  b: { number: number; hash: Uint8Array },
): boolean {
  return a.number === b.number && !same(a.hash, b.hash);
}
