// My view of the family: the chain as I have accepted it, kept, and carried on from the relay, which can neither shorten nor fork it.
import { putU32, same, u32 } from '#protocol/bytes.ts';
import { CHAIN_ENTRIES_MAX, extendChain, type Roster, readChain } from '#protocol/family/chain.ts';
import type { Op } from '#protocol/family/entry.ts';
import { acceptChain, type Pin, pinOf } from '#protocol/family/pin.ts';
import { type EntrySigner, signEntry } from '#protocol/family/sign.ts';
import { fault } from '#protocol/fault.ts';
import type { ChainPage } from '#protocol/relay/answers.ts';
import { CHAIN_PAGE } from '#protocol/relay/limits.ts';
import type { Mailbox } from './mailbox.ts';
import type { Store } from './store.ts';

const ATTEMPTS = 5;

/** That two chains were seen, and the generation in which: nothing goes on until the root has ended it by a higher one. */
const FORK_MARK = 'fork';

export interface Family {
  /** As of the newest accepted entry. */
  readonly roster: Roster;
  /** Two chains of one generation have been seen: this device says nothing any more until the root has spoken. */
  readonly isForked: boolean;
  /** Keeps in mind that another chain was seen than this one; durable when it resolves. */
  noteFork(): Promise<void>;
  /**
   * Takes what the relay has more; true if there was something, if only that this device has been put out. Faults `roster-rollback`, `roster-fork` (nothing was taken), those
   * of `readChain` and of the relay.
   */
  refresh(): Promise<boolean>;
  /** How often `refresh` found a relay that had lost the family, and gave it the chain again: what else it held is gone too. */
  readonly restorations: number;
  /** Signs `op` on the newest head and appends it, again on each newer head that was faster. Faults as `signEntry`, `roster-fork`. */
  append(op: Op, signers: readonly EntrySigner[]): Promise<void>;
}

/** The family as this device has kept it; null before its first chain. */
export async function loadFamily(
  store: Store,
  mailbox: Mailbox,
  familyId: Uint8Array,
): Promise<Family | null> {
  const entries = (await store.list('family', '')).map(({ value }) => value);
  if (entries.length === 0) return null;
  const fork = await store.get('marks', FORK_MARK);
  return familyOf(
    store,
    mailbox,
    entries,
    readChain(familyId, entries),
    fork === undefined ? null : u32(fork, 0),
  );
}

/** The family as the relay serves it for the first time: only with the head of the invitation in it. Faults as `acceptChain`. */
export async function joinFamily(store: Store, mailbox: Mailbox, pin: Pin): Promise<Family> {
  const entries = await fetchChain(mailbox, pin.familyId);
  const roster = acceptChain(pin, entries);
  await keepEntries(store, entries, 0);
  return familyOf(store, mailbox, entries, roster, null);
}

/** All entries that the relay serves, from the first one on; not judged yet. Faults of the relay. */
export function fetchChain(mailbox: Mailbox, familyId: Uint8Array): Promise<Uint8Array[]> {
  return fetchEntries(mailbox, familyId, 0);
}

/** Keeps the entries of a family that was made, or whose chain was judged, here; they replace what was kept. */
export async function keepGenesis(store: Store, entries: Uint8Array[]): Promise<void> {
  await keepEntries(store, entries, 0, (await store.list('family', '')).length);
}

function familyOf(
  store: Store,
  mailbox: Mailbox,
  known: Uint8Array[],
  first: Roster,
  forkedIn: number | null,
): Family {
  let roster = first;
  let forkGeneration = forkedIn;
  let entries = known;
  let restorations = 0;

  async function take(fresh: Uint8Array[], next: Roster): Promise<void> {
    await keepEntries(store, fresh, entries.length);
    entries = [...entries, ...fresh];
    roster = next;
  }

  /** Everything from the first entry on, judged against what I know: finds out whether it is a reset, a fork or a rollback. */
  async function takeAnew(): Promise<boolean> {
    const served = await fetchEntries(mailbox, roster.familyId, 0);
    const next = acceptChain(pinOf(roster), served);
    await keepEntries(store, served, 0, entries.length);
    const isNews = !same(next.head, roster.head);
    entries = served;
    roster = next;
    return isNews;
  }

  /** What the relay has after my entries. A relay that was wiped gets the chain again from whichever member comes first. */
  async function readOn(): Promise<ChainPage> {
    try {
      return await mailbox.readChain(roster.familyId, entries.length);
    } catch (error) {
      if ((error as Error).message !== 'relay-refused') throw error;
      // To a relay without the family this device is a stranger; to one that has it, creating it again changes nothing.
      const begun = entries.slice(0, CHAIN_PAGE);
      const answer = await mailbox.createFamily(begun).catch(() => Promise.reject(error));
      if (answer.entries !== undefined) {
        // Put out: the family's own signed word for it, which is judged like any other entry.
        const fresh = answer.entries.slice(entries.length - begun.length);
        if (fresh.length === 0) throw error;
        return { length: entries.length + fresh.length, head: answer.head, entries: fresh };
      }
      const page = await mailbox.readChain(roster.familyId, entries.length);
      restorations++;
      return page;
    }
  }

  /** A relay that was given the chain again by a member who knew less of it gets the rest. Fault `roster-rollback` if it does not take it. */
  async function giveRest(page: ChainPage): Promise<void> {
    const rest = entries.slice(page.length, page.length + CHAIN_PAGE);
    const answer = await mailbox.appendChain(roster.familyId, rest).catch(() => null);
    const next = await mailbox.readChain(roster.familyId, entries.length);
    if (answer === null || !answer.appended || next.length <= page.length) throw fault('roster-rollback');
    if (next.length < entries.length) await giveRest(next);
  }

  async function noteFork(): Promise<void> {
    forkGeneration = roster.generation;
    const value = new Uint8Array(4);
    putU32(value, 0, forkGeneration);
    await store.write([{ collection: 'marks', key: FORK_MARK, value }]);
  }

  async function requireOneChain(): Promise<void> {
    if (forkGeneration === null) return;
    if (roster.generation <= forkGeneration) throw fault('roster-fork');
    forkGeneration = null;
    await store.write([{ collection: 'marks', key: FORK_MARK, value: null }]);
  }

  let turn: Promise<unknown> = Promise.resolve();

  /** One question about the chain after the other: an entry that two answers bring must not be taken twice. */
  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const next = turn.then(action, action);
    turn = next.catch(() => {});
    return next;
  }

  async function catchUp(): Promise<boolean> {
    let isNews: boolean;
    try {
      isNews = await follow();
    } catch (error) {
      if ((error as Error).message === 'roster-fork') await noteFork();
      throw error;
    }
    await requireOneChain();
    return isNews;
  }

  async function appendNow(op: Op, signers: readonly EntrySigner[]): Promise<void> {
    await requireOneChain();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const signed = signEntry(roster, signers, op);
      const answer = await mailbox.appendChain(roster.familyId, [signed.entry]);
      if (answer.appended) return take([signed.entry], signed.roster);
      if (!(await catchUp())) throw fault('roster-fork');
    }
    throw fault('roster-chain');
  }

  async function follow(): Promise<boolean> {
    const page = await readOn();
    if (page.length < entries.length) {
      // Shorter is a rollback, unless it is only behind, or the root itself has made it so.
      const known = roster.heads[page.length - 1];
      if (known === undefined || !same(known, page.head)) return takeAnew();
      await giveRest(page);
      return false;
    }
    if (page.length === entries.length) {
      if (!same(page.head, roster.head)) return takeAnew();
      return false;
    }
    // A relay that promises entries and serves none could keep us asking for ever.
    if (page.entries.length === 0) throw fault('roster-rollback');
    let next = roster;
    try {
      for (const entry of page.entries) next = extendChain(next, entry);
    } catch {
      return takeAnew();
    }
    await take(page.entries, next);
    if (entries.length < page.length) await follow();
    return true;
  }

  return {
    get roster() {
      return roster;
    },
    get isForked() {
      return forkGeneration !== null;
    },
    noteFork,
    get restorations() {
      return restorations;
    },
    refresh: () => inTurn(catchUp),
    append: (op, signers) => inTurn(() => appendNow(op, signers)),
  };
}

async function fetchEntries(mailbox: Mailbox, familyId: Uint8Array, after: number): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for (;;) {
    const page = await mailbox.readChain(familyId, after + entries.length);
    entries.push(...page.entries);
    if (entries.length > CHAIN_ENTRIES_MAX) throw fault('roster-chain');
    if (page.entries.length === 0 || after + entries.length >= page.length) return entries;
  }
}

/** Keeps `entries` from place `from` on; what stood after them, up to place `until`, goes: a reset may have made the chain shorter. */
function keepEntries(store: Store, entries: Uint8Array[], from: number, until = 0): Promise<void> {
  const length = Math.max(from + entries.length, until) - from;
  const places = Array.from({ length }, (_, i) => entries[i] ?? null);
  return store.write(
    places.map((value, i) => ({ collection: 'family', key: String(from + i).padStart(10, '0'), value })),
  );
}
