// Pairing a toy: its tag, the held paw, the animals; over this phone's radio, or through a bridge of the family.

import { bytesOfHex } from '#bridge/bytes.ts';
import { giveConsent } from '#bridge/consents.ts';
import { pairThroughBridge } from '#bridge/errands.ts';
import { pairToy } from '#bridge/pairing.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { idText } from '#protocol/family/member.ts';
import { decodeTag } from '#protocol/family/tag.ts';
import type { Animal } from '#protocol/link/animals.ts';
import type { Actions, FamilyDevice, Pairing } from '../model.ts';
import { codeError, codeOf } from './codes.ts';
import type { Running } from './running.ts';
import type { Signals } from './signals.ts';

/** A toy that has not been found by then will not be. */
const SEARCH_MS = 120_000;

export type PairingActions = Pick<
  Actions,
  'startPairing' | 'giveTag' | 'searchToy' | 'confirmAnimals' | 'stopPairing'
>;

const FIRST: Pairing = { step: 'tag', way: 'here', animals: [], resets: 0, code: null, toyId: null };

export function createPairing(
  signals: Signals,
  running: Running,
  consentWords: () => Uint8Array,
): PairingActions {
  let tag: Uint8Array | null = null;
  let confirm: ((areSame: boolean) => void) | null = null;
  let stop = new AbortController();
  /** Aborts when the toy has been found. */
  let found = new AbortController();

  function tell(change: Partial<Pairing>): void {
    signals.pairing.value = { ...(signals.pairing.value ?? FIRST), ...change };
  }

  function forgetTag(): void {
    tag?.fill(0);
    tag = null;
  }

  /** Shows the animals and waits for the person; false when the pairing was stopped meanwhile. */
  function ask(signal: AbortSignal, animals: Animal[], resets: number): Promise<boolean> {
    found.abort();
    tell({ step: 'animals', animals, resets });
    return new Promise((resolve) => {
      confirm = resolve;
      signal.addEventListener('abort', () => resolve(false), { once: true });
    });
  }

  async function pair(way: Pairing['way'], hasConsent: boolean, signal: AbortSignal): Promise<Uint8Array> {
    const device = running.device();
    const wishes = { ...FIRST_WISHES, hasConsent };
    const secret = tag!.slice();
    const asked = async (animals: Animal[], resets: number) => {
      const areSame = await ask(signal, animals, resets);
      if (areSame) tell({ step: 'storing' });
      return areSame;
    };
    if (way === 'bridge') {
      const bridge = liveliest(signals.bridges.value);
      if (bridge === null) throw codeError('bridge-missing');
      return pairThroughBridge(device, bytesOfHex(bridge.id), secret, asked, wishes, signal);
    }
    const turn = running.turns!.take();
    try {
      return await pairToy({ radio: turn.radio, adult: device, tag: secret, wishes, confirm: asked, signal });
    } finally {
      turn.give();
    }
  }

  async function run(way: Pairing['way'], hasConsent: boolean): Promise<void> {
    const { signal } = stop;
    const late = new AbortController();
    found = new AbortController();
    void giveUp(late, AbortSignal.any([signal, found.signal]));
    try {
      const toyId = await pair(way, hasConsent, AbortSignal.any([signal, late.signal]));
      if (hasConsent) await giveConsent(running.device(), toyId, true, consentWords());
      forgetTag();
      await running.refresh();
      if (!signal.aborted) tell({ step: 'done', toyId: idText(toyId) });
      running.wake();
    } catch (error) {
      if (!signal.aborted) tell({ step: 'failed', code: codeThrough(way, error) });
    } finally {
      confirm = null;
      found.abort();
    }
  }

  /** Whoever compares animals may take their time: only the search has an end. */
  async function giveUp(late: AbortController, over: AbortSignal): Promise<void> {
    await running.device().clock.sleep(SEARCH_MS, over);
    if (!over.aborted) late.abort();
  }

  return {
    async startPairing() {
      forgetTag();
      stop.abort();
      stop = new AbortController();
      running.device();
      signals.pairing.value = FIRST;
    },
    async giveTag(text) {
      try {
        forgetTag();
        tag = decodeTag(text);
        tell({ step: 'search', code: null });
        return true;
      } catch (error) {
        tell({ code: codeOf(error) });
        return false;
      }
    },
    async searchToy(way, { hasConsent }) {
      if (tag === null) throw codeError('tag-form');
      // First of all, while the click still counts.
      if (way === 'here' && !(await running.choose())) throw codeError('no-permission');
      tell({ step: 'hold', way, code: null });
      void run(way, hasConsent);
    },
    async confirmAnimals(areSame) {
      confirm?.(areSame);
      confirm = null;
    },
    async stopPairing() {
      stop.abort();
      stop = new AbortController();
      forgetTag();
      signals.pairing.value = null;
    },
  };
}

/** Of several bridges the one that was heard from last: another may have been off for long. */
function liveliest(bridges: readonly FamilyDevice[]): FamilyDevice | null {
  const [first] = [...bridges].sort((a, b) => (b.lastHeardAt ?? 0) - (a.lastHeardAt ?? 0));
  return first ?? null;
}

/** What is wrong with the radio of a bridge is not mended on this phone. */
function codeThrough(way: Pairing['way'], error: unknown): string {
  const code = codeOf(error);
  return way === 'bridge' && /^no-(adapter|permission)$/.test(code) ? 'bridge-radio' : code;
}
