// The paired toys of a bridge: sees which of them is near, opens its link, and keeps it as long as the toy is there.
import { same } from '#protocol/bytes.ts';
import { idText } from '#protocol/family/member.ts';
import { blake2b } from '#protocol/sodium/hkdf.ts';
import { backoffMs, type Clock } from './clock.ts';
import { type Radio, RadioError, type Sighting } from './radio.ts';
import { type LinkParts, LinkRefused, openDailyLink, type ToyLink } from './toy-link.ts';

/** What a bridge needs to find a toy and be answered by it. */
export interface PairedToy {
  id: Uint8Array;
  /** X25519. */
  linkKey: Uint8Array;
  linkPsk: Uint8Array;
  nearKey: Uint8Array;
  /** Of the generation before: what the toy goes by until it has heard that the family was recovered. */
  formerNearKey?: Uint8Array | null;
}

export interface ToysParts {
  radio: Radio;
  link: LinkParts;
  clock: Clock;
  random: () => number;
  /** The toys as they are now; asked before each search. */
  toys(): Promise<PairedToy[]>;
  /** Runs a toy's open link; resolves when it has closed. */
  visit(toy: PairedToy, link: ToyLink): Promise<void>;
  /** Something went wrong that a person may want to know. */
  trouble(toy: PairedToy | null, error: unknown): void;
}

/** How long one search goes on before the list of toys is asked again. */
const SEARCH_MS = 30_000;
const CONNECT_MS = 15_000;
/** Pause while every toy is connected, or there is none. */
const REST_MS = 1_000;

/** Searches, connects and reconnects until `signal` aborts. */
export async function runToys(parts: ToysParts, signal: AbortSignal): Promise<void> {
  const connected = new Set<string>();
  const visits = new Set<Promise<void>>();
  const failures = new Map<string, number>();
  const retryAtMs = new Map<string, number>();
  const guesses = createGuesses(parts);
  let searchFailures = 0;

  while (!signal.aborted) {
    const nowMs = parts.clock.nowMs();
    const all = await parts.toys();
    const absent = all.filter(
      ({ id }) => !connected.has(idText(id)) && (retryAtMs.get(idText(id)) ?? 0) <= nowMs,
    );
    if (absent.length === 0) {
      await parts.clock.sleep(REST_MS, signal);
      continue;
    }
    let found: Found | null = null;
    try {
      found = await search(parts, absent, guesses, signal);
      searchFailures = 0;
    } catch (error) {
      parts.trouble(null, error);
      await parts.clock.sleep(backoffMs(++searchFailures, parts.random), signal);
    }
    if (found === null || signal.aborted) continue;
    const { toy, address, isGuess } = found;
    const name = idText(toy.id);
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
      const channel = await parts.radio.connect(address, deadline);
      const link = await openDailyLink(channel, parts.link, toy.linkKey, toy.linkPsk);
      connected.add(name);
      failures.delete(name);
      if (isGuess) guesses.right(toy, address);
      const hangUp = () => void link.close();
      signal.addEventListener('abort', hangUp, { once: true });
      const visit = parts
        .visit(toy, link)
        .catch((error) => parts.trouble(toy, error))
        .finally(() => {
          signal.removeEventListener('abort', hangUp);
          connected.delete(name);
          visits.delete(visit);
        });
      visits.add(visit);
      // It ended while the toy was answering: nobody else would hang up any more.
      if (signal.aborted) hangUp();
    } catch (error) {
      // A device that somebody chose may be another toy of the family.
      if (isGuess && error instanceof LinkRefused) {
        guesses.wrong(toy, address);
        if (guesses.at(address, absent) !== null) continue;
        if (!signal.aborted) parts.trouble(toy, error);
        continue;
      }
      if (!signal.aborted) parts.trouble(toy, error);
      const count = (failures.get(name) ?? 0) + 1;
      failures.set(name, count);
      retryAtMs.set(name, parts.clock.nowMs() + backoffMs(count, parts.random));
    }
  }
  await Promise.all(visits);
}

interface Found {
  toy: PairedToy;
  address: string;
  /** Nothing but its answer will tell whether it is this toy. */
  isGuess: boolean;
}

/** Which toy may be behind an address that a person chose, from what the toys there have answered. */
interface Guesses {
  /** The toy to try next at an address; null when it is none of these, as far as one knows by now. */
  at(address: string, toys: readonly PairedToy[]): PairedToy | null;
  right(toy: PairedToy, address: string): void;
  wrong(toy: PairedToy, address: string): void;
}

function createGuesses({ clock, random }: Pick<ToysParts, 'clock' | 'random'>): Guesses {
  const answered = new Map<string, string>();
  /** A toy that was silent may only have been busy, or not yet have heard of this bridge: it is tried again, more and more rarely. */
  const silent = new Map<string, { count: number; untilMs: number }>();
  const keyOf = (toy: PairedToy, address: string) => `${idText(toy.id)} ${address}`;
  return {
    at(address, toys) {
      const known = answered.get(address);
      if (known !== undefined) return toys.find(({ id }) => idText(id) === known) ?? null;
      const nowMs = clock.nowMs();
      return toys.find((toy) => (silent.get(keyOf(toy, address))?.untilMs ?? 0) <= nowMs) ?? null;
    },
    right(toy, address) {
      answered.set(address, idText(toy.id));
      silent.delete(keyOf(toy, address));
    },
    wrong(toy, address) {
      answered.delete(address);
      const count = (silent.get(keyOf(toy, address))?.count ?? 0) + 1;
      silent.set(keyOf(toy, address), { count, untilMs: clock.nowMs() + backoffMs(count, random) });
    },
  };
}

/** The first of `toys` that is seen; null when none was for a while. */
async function search(
  parts: ToysParts,
  toys: PairedToy[],
  guesses: Guesses,
  signal: AbortSignal,
): Promise<Found | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SEARCH_MS);
  let found: Found | null = null;
  try {
    await parts.radio.scan(
      (sighting) => {
        const { address, nearby } = sighting;
        const isGuess = nearby === null;
        const toy = isGuess ? guesses.at(address, toys) : toys.find((candidate) => isNear(candidate, nearby));
        if (toy === undefined || toy === null || found !== null) return;
        found = { toy, address, isGuess };
        stop.abort();
      },
      AbortSignal.any([signal, stop.signal]),
    );
  } catch (error) {
    if (found === null && !(error instanceof RadioError && error.code === 'closed' && signal.aborted))
      throw error;
  } finally {
    clearTimeout(timer);
  }
  return found;
}

/** Whether an advertisement is this toy's: only who has its near key can tell. */
export function isNear(
  toy: Pick<PairedToy, 'nearKey' | 'formerNearKey'>,
  { nonce, mac }: NonNullable<Sighting['nearby']>,
): boolean {
  const fits = (key: Uint8Array) => same(blake2b(mac.length, key, nonce, new Uint8Array(0)), mac);
  return fits(toy.nearKey) || (toy.formerNearKey != null && fits(toy.formerNearKey));
}
