// A thief with the whole home of a bridge, linked with the toy: the bridge's real code and secrets, in other hands.
import { wallClock } from '#bridge/clock.ts';
import { linkedToys } from '#bridge/grants.ts';
import { openDailyLink, type ToyLink } from '#bridge/toy-link.ts';
import { type Delivery, type Session, type SessionHost, startSession } from '#bridge/toy-session.ts';
import { same } from '#protocol/bytes.ts';
import { idText } from '#protocol/family/member.ts';
import type { Journey } from '#test/support/journey.ts';

const NEVER = new AbortController().signal;

export interface Thief {
  link: ToyLink;
  /** Ids of messages of which the toy has said that they were heard. */
  told: string[];
  /** Offers a clip; true if the toy took it, or had it; false if it refused. */
  offer(delivery: Delivery): Promise<'taken' | 'refused'>;
  /** Brings a policy; true if the toy obeys it now. */
  bring(policy: Uint8Array): Promise<boolean>;
  leave(): Promise<void>;
}

/** The stolen bridge links, with the bridge’s real code and the secrets of its home. */
export async function linkStolenBridge({ household, toyId }: Journey): Promise<Thief> {
  const [toy] = await linkedToys(household.bridge);
  const radio = household.room.addRadio();
  const found = new AbortController();
  let address = '';
  await radio.scan(
    (sighting) => {
      address = sighting.address;
      found.abort();
    },
    AbortSignal.any([found.signal, AbortSignal.timeout(5000)]),
  );
  const channel = await radio.connect(address, NEVER);
  const parts = { linkSecret: household.bridge.keys.linkSecret!, nowMs: wallClock.nowMs };
  const link = await openDailyLink(channel, parts, toy!.linkKey, toy!.linkPsk);
  let next: Delivery | null = null;
  let policy: Uint8Array | null = null;
  let answered: (isRefused: boolean) => void = () => {};
  let judged: (isObeyed: boolean) => void = () => {};
  const ready: (() => void)[] = [];
  const told: string[] = [];
  const host: SessionHost = {
    status: () => {
      for (const resolve of ready.splice(0)) resolve();
    },
    policyFor: async () => policy,
    policyResult: (isObeyed) => {
      policy = null;
      judged(isObeyed);
    },
    offered: async () => 'refused',
    storeChunks: async () => {},
    completed: async () => true,
    nextDelivery: async () => next,
    delivered: async (_id, isRefused) => {
      next = null;
      answered(isRefused);
    },
    heard: async (id) => {
      told.push(idText(id));
      return false;
    },
    unheard: async () => [],
    failed: (error) => {
      throw error;
    },
  };
  const isReady = new Promise<void>((resolve) => ready.push(resolve));
  const session: Session = startSession(link, host, wallClock);
  await isReady;
  if (!same(toy!.id, toyId)) throw new Error('the bridge has another toy’s secrets');
  const leave = async () => {
    await link.close();
    await radio.close();
  };
  return {
    link,
    told,
    leave,
    offer: (delivery) =>
      new Promise((resolve) => {
        answered = (isRefused) => resolve(isRefused ? 'refused' : 'taken');
        next = delivery;
        session.wake();
      }),
    bring: (candidate) =>
      new Promise((resolve) => {
        judged = resolve;
        policy = candidate;
        session.wake();
      }),
  };
}
