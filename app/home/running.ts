// This browser's device while it is in a family: its work with relay and toys, and the state that follows from it.

import { newestBeaconAt } from '#bridge/beacons.ts';
import { bytesOfHex } from '#bridge/bytes.ts';
import type { Device } from '#bridge/device.ts';
import { policyOf } from '#bridge/grants.ts';
import { listLetters } from '#bridge/letters.ts';
import { type Phone, type PhoneEvent, runPhone } from '#bridge/phone.ts';
import { listProfiles } from '#bridge/profiles.ts';
import { membersOf } from '#bridge/wishes.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import type { ToyUpdate } from '../model.ts';
import { countedRadio } from '../radio/counted-radio.ts';
import { bareCode, codeError, codeOf } from './codes.ts';
import type { Ledger } from './ledger.ts';
import { viewLetters } from './letters.ts';
import { listBridges, listPeople, namesOf } from './people.ts';
import type { Platform } from './platform.ts';
import type { Signals } from './signals.ts';
import { keepStatus, statusOf } from './statuses.ts';
import { listToys } from './toys.ts';
import { createTurns, type Turns } from './turns.ts';

const UNSURE_S = 14 * 86_400;
/** After a toy was chosen, this long counts as looking for it. */
const SEARCH_MS = 60_000;

export interface Running {
  /** @throws Error `not-joined` while there is none. */
  device(): Device;
  readonly isRunning: boolean;
  /** Begins to work as this device; the stage is `home` when it resolves. */
  start(device: Device): Promise<void>;
  /** Ends the work; what was acknowledged is on disk. */
  stop(): Promise<void>;
  /** There is something to send, or something may have come. */
  wake(): void;
  /** Brings the state up to what is kept. */
  refresh(): Promise<void>;
  /** Opens the browser's chooser: in a click. False: nothing was chosen. */
  choose(): Promise<boolean>;
  /** Null where this device has no radio. */
  readonly turns: Turns | null;
}

export function createRunning(platform: Platform, signals: Signals, ledger: Ledger): Running {
  const { clock, programs } = platform;
  const turns = platform.radio && createTurns(countedRadio(platform.radio, ledger));
  const linked = new Set<string>();
  const updates = new Map<string, ToyUpdate>();
  let device: Device | null = null;
  let phone: Phone | null = null;
  let ending = new AbortController();
  let searchUntilMs = 0;
  let refreshing: Promise<void> | null = null;
  let isStale = false;

  function trouble(code: string): void {
    signals.trouble.value = { code, at: Math.floor(clock.nowMs() / 1000) };
  }

  function mayLook(own: Device): boolean {
    return own.keys.linkSecret !== null && platform.radio?.knowsToys === true;
  }

  function lookForToys(): void {
    searchUntilMs = clock.nowMs() + SEARCH_MS;
    void clock.sleep(SEARCH_MS, ending.signal).then(refresh);
  }

  async function show(own: Device): Promise<void> {
    const [heads, names] = [await listLetters(own), namesOf(await listProfiles(own))];
    const links = { linked, updates, isSearching: mayLook(own) && clock.nowMs() < searchUntilMs };
    const minutesAhead = platform.minutesAhead();
    const toys = await listToys({ device: own, names, letters: heads, links, minutesAhead });
    const isUnsure = await isPastUnsure(own);
    if (own !== device) return;
    signals.people.value = listPeople(own, names, heads);
    signals.bridges.value = listBridges(own, names, heads);
    signals.letters.value = viewLetters(own, heads);
    signals.toys.value = toys;
    signals.isPastUnsure.value = isUnsure;
  }

  /** One at a time; whoever asks meanwhile gets one that began after. */
  async function refresh(): Promise<void> {
    if (refreshing !== null) {
      isStale = true;
      await refreshing;
      return isStale ? refresh() : refreshing;
    }
    isStale = false;
    if (device === null) return;
    refreshing = show(device).catch((error) => {
      if (device !== null) trouble(codeOf(error));
    });
    await refreshing;
    refreshing = null;
    if (isStale) await refresh();
  }

  async function noteObeyed(own: Device, toyId: string): Promise<void> {
    const [status, policy] = [await statusOf(own, toyId), await policyOf(own, bytesOfHex(toyId))];
    if (status === null || policy === null) return;
    const [generation, counter] = [policyGeneration(policy), policyCounter(policy)];
    const battery = status.battery ?? 0xff;
    await keepStatus(own, toyId, { ...status, generation, counter, battery });
  }

  async function happened(own: Device, event: PhoneEvent): Promise<void> {
    switch (event.event) {
      case 'linked':
        linked.add(event.toy);
        break;
      case 'unlinked':
        linked.delete(event.toy);
        if (updates.get(event.toy)?.step === 'coming') updates.delete(event.toy);
        break;
      case 'status':
        // It may run the newer program by now; if not, what is known of it is told again.
        updates.delete(event.toy);
        await keepStatus(own, event.toy, event.status);
        break;
      case 'program':
        updates.set(event.toy, { step: 'coming', percent: Math.floor((100 * event.bytes) / event.total) });
        break;
      case 'program-ready':
        updates.set(event.toy, { step: 'ready' });
        break;
      case 'program-refused':
        updates.delete(event.toy);
        if (event.code !== 'not-newer') updates.set(event.toy, { step: 'refused', code: event.code });
        break;
      case 'policy':
        if (event.isObeyed) await noteObeyed(own, event.toy);
        break;
      case 'reached':
        signals.isOnline.value = true;
        if (signals.trouble.value?.code === 'relay-unreachable') signals.trouble.value = null;
        break;
      case 'refused':
        trouble(event.code);
        break;
      case 'trouble':
        troubled(event);
    }
    await refresh();
  }

  function troubled({ where, code }: Extract<PhoneEvent, { event: 'trouble' }>): void {
    const bare = bareCode(code);
    if (bare === 'relay-unreachable') signals.isOnline.value = false;
    else if (bare === 'removed') signals.stage.value = 'removed';
    else if (bare === 'roster-fork' || bare === 'roster-rollback') signals.stage.value = 'forked';
    else if (where === 'relay') trouble(bare);
    // A toy that is away, busy, or another family's is no news; a radio that is off is.
    else if (bare === 'no-adapter' || bare === 'no-permission' || !/^(radio|link): /.test(code))
      trouble(bare);
  }

  return {
    device() {
      if (device === null) throw codeError('not-joined');
      return device;
    },
    get isRunning() {
      return phone !== null;
    },
    turns,
    async start(own) {
      device = own;
      ending = new AbortController();
      linked.clear();
      if (mayLook(own)) lookForToys();
      await refresh();
      signals.stage.value = 'home';
      const radio = turns?.links ?? null;
      const tell = (event: PhoneEvent) => void happened(own, event).catch((error) => trouble(codeOf(error)));
      phone = runPhone({ device: own, radio, random: platform.random, programs, tell }, ending.signal);
    },
    async stop() {
      ending.abort();
      const { ended } = phone ?? { ended: Promise.resolve() };
      phone = null;
      await ended;
      await refreshing;
      device = null;
      linked.clear();
      updates.clear();
    },
    wake: () => phone?.wake(),
    refresh,
    async choose() {
      if (turns === null) throw codeError('bluetooth-missing');
      const isChosen = await turns.links.choose();
      if (isChosen) {
        lookForToys();
        phone?.wake();
        void refresh();
      }
      return isChosen;
    },
  };
}

/** The other adults' phones have not said lately that they see what this one sees. */
async function isPastUnsure(device: Device): Promise<boolean> {
  const adults = membersOf(device.family.roster, ROLE_ADULT).length;
  const at = await newestBeaconAt(device);
  return adults > 1 && at !== null && device.nowS() - at > UNSURE_S;
}
