// The bridge, wired: radio -> toys -> recordings -> outbox -> relay, and relay -> what waits -> toys.
import type { Status } from '#protocol/ble/records.ts';
import { AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { idText } from '#protocol/family/member.ts';
import { policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import { markDelivered, moveOldWaiting, nextDelivery } from './deliveries.ts';
import { type Device, renewPrekeys } from './device.ts';
import { runErrands } from './errands.ts';
import { linkedToys, policyForToy } from './grants.ts';
import { markHeardByToy, unheardBy } from './heard.ts';
import { exchange, type PersonEvents } from './person.ts';
import type { Programs } from './programs.ts';
import type { Radio } from './radio.ts';
import { chunkChange, completeRecording, recordedAt, welcomeRecording } from './recordings.ts';
import { runRelayWork } from './relay-work.ts';
import { type Session, type SessionHost, startSession } from './toy-session.ts';
import { type PairedToy, runToys } from './toys.ts';
import type { Refusal, UpdateHost } from './update.ts';

/** What a bridge tells as it goes; never a key, a name or audio. `toy` and `message` are ids in hex. */
export type BridgeEvent =
  | { event: 'linked' | 'unlinked'; toy: string }
  | { event: 'status'; toy: string; status: Status }
  | { event: 'policy'; toy: string; isObeyed: boolean }
  | { event: 'recording' | 'recorded'; toy: string; message: string }
  | { event: 'delivered' | 'refused-by-toy' | 'heard'; toy: string; message: string }
  /** The toy has the first `bytes` of `total` of a newer program. */
  | { event: 'program'; toy: string; version: number; bytes: number; total: number }
  /** It has all of it, and starts it when it is left alone. */
  | { event: 'program-ready'; toy: string; version: number }
  | { event: 'program-refused'; toy: string; version: number; code: Refusal }
  | { event: 'pairing' }
  | { event: 'paired'; toy: string }
  | { event: 'unpaired'; code: string }
  | { event: 'sent'; message: string }
  | { event: 'refused'; message: string; code: string }
  | { event: 'trouble'; where: 'radio' | 'toy' | 'relay'; code: string; advice?: string };

export interface BridgeParts {
  device: Device;
  radio: Radio;
  random: () => number;
  /** Left out: no program is brought to any toy. */
  programs?: Programs;
  tell(event: BridgeEvent): void;
}

/** Runs until `signal` aborts. Whatever fails is told and tried again; what was acknowledged is on disk. */
export async function runBridge(parts: BridgeParts, signal: AbortSignal): Promise<void> {
  const { device, random, tell } = parts;
  const links = runLinks({ ...parts, wakeRelay: () => relay.wake() }, signal);
  const relay = runRelayWork(
    {
      device,
      random,
      trouble: (error) => tell({ event: 'trouble', where: 'relay', ...told(error) }),
      async work() {
        await exchange(device, eventsFor(tell));
        links.wake();
      },
      begin: () => renewPrekeys(device),
    },
    signal,
  );
  await Promise.all([relay.ended, links.ended, runErrands(parts, signal)]);
}

/** A device's events as a bridge tells them. */
export function eventsFor(tell: (event: BridgeEvent) => void): PersonEvents {
  return {
    sent: (messageId) => tell({ event: 'sent', message: idText(messageId) }),
    refused: (messageId, code) => tell({ event: 'refused', message: idText(messageId), code }),
  };
}

export interface Links {
  /** There may be something new for toys. */
  wake(): void;
  /** Resolves after the signal has aborted and all links are closed. */
  ended: Promise<void>;
}

/** Finds the toys of the family, links with them, and carries between them and this device's store until `signal` aborts. */
export function runLinks(parts: BridgeParts & { wakeRelay(): void }, signal: AbortSignal): Links {
  const { device, radio, random, programs, tell, wakeRelay } = parts;
  const { store, clock } = device;
  const sessions = new Map<string, Session>();

  function hostOf(toy: PairedToy): SessionHost {
    const name = idText(toy.id);
    return {
      status: (status) => tell({ event: 'status', toy: name, status }),
      async policyFor(status) {
        const policy = await policyForToy(device, toy.id);
        return policy !== null && isNewer(policy, status) ? policy : null;
      },
      policyResult: (isObeyed) => tell({ event: 'policy', toy: name, isObeyed }),
      async offered(offer) {
        const welcome = await welcomeRecording(store, {
          id: offer.id,
          toyId: toy.id,
          ephemeralKey: offer.meta,
          // Where the toy has lost its sense of time, the time when it was offered is the nearest.
          recordedAtS: recordedAt(device.nowS(), offer.ageS, AGE_UNKNOWN) || device.nowS(),
        });
        if (welcome !== 'already-had') tell({ event: 'recording', toy: name, message: idText(offer.id) });
        return welcome;
      },
      storeChunks: (chunks) =>
        store.write(chunks.map(({ id, index, chunk }) => chunkChange(id, index, chunk))),
      async completed(id, end) {
        const isWhole = await completeRecording(store, id, end);
        if (isWhole) {
          tell({ event: 'recorded', toy: name, message: idText(id) });
          wakeRelay();
        }
        return isWhole;
      },
      nextDelivery: () => nextDelivery(device, toy.id),
      async delivered(id, isRefused) {
        await markDelivered(device, id, isRefused);
        tell({ event: isRefused ? 'refused-by-toy' : 'delivered', toy: name, message: idText(id) });
        wakeRelay();
      },
      async heard(id, ageS) {
        const was = await markHeardByToy(device, toy.id, id, ageS);
        if (was === 'new') {
          tell({ event: 'heard', toy: name, message: idText(id) });
          wakeRelay();
        }
        return was !== 'unknown';
      },
      unheard: () => unheardBy(device, toy.id),
      ...(programs === undefined ? {} : { update: updateOf(programs, name, tell) }),
      failed: (error) => tell({ event: 'trouble', where: 'toy', ...told(error) }),
    };
  }

  const ended = moveOldWaiting(device).then(() =>
    runToys(
      {
        radio,
        clock,
        random,
        link: { linkSecret: device.keys.linkSecret!, nowMs: clock.nowMs },
        toys: () => linkedToys(device),
        async visit(toy, link) {
          const name = idText(toy.id);
          tell({ event: 'linked', toy: name });
          const session = startSession(link, hostOf(toy), clock);
          sessions.set(name, session);
          await session.ended;
          sessions.delete(name);
          tell({ event: 'unlinked', toy: name });
        },
        trouble: (toy, error) =>
          tell({ event: 'trouble', where: toy === null ? 'radio' : 'toy', ...told(error) }),
      },
      signal,
    ),
  );
  return {
    wake() {
      for (const session of sessions.values()) session.wake();
    },
    ended,
  };
}

function updateOf(programs: Programs, toy: string, tell: (event: BridgeEvent) => void): UpdateHost {
  return {
    newerThan: ({ program, board }) =>
      programs.newerThan(program, board).catch((error) => {
        // Voice goes on without it.
        tell({ event: 'trouble', where: 'toy', ...told(error) });
        return null;
      }),
    moved: ({ version, code }, bytes) => tell({ event: 'program', toy, version, bytes, total: code.length }),
    ready: ({ version }) => tell({ event: 'program-ready', toy, version }),
    refused: ({ version }, code) => tell({ event: 'program-refused', toy, version, code }),
  };
}

function isNewer(policy: Uint8Array, status: Status): boolean {
  const generation = policyGeneration(policy);
  if (generation !== status.generation) return generation > status.generation;
  return policyCounter(policy) > status.counter;
}

/** What may be told of an error: its own code and advice, never its cause. */
export function told(error: unknown): { code: string; advice?: string } {
  const { message, advice } = error as { message?: unknown; advice?: unknown };
  const code = typeof message === 'string' ? message : 'unknown';
  return typeof advice === 'string' ? { code, advice } : { code };
}
