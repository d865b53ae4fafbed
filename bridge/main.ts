// The bridge, wired: radio -> toys -> recordings -> outbox -> relay, and relay -> inbox -> toys.
import type { Status } from '#protocol/ble/records.ts';
import { AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { idText } from '#protocol/family/member.ts';
import { policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import { isDelivered, markDelivered, nextDelivery, receiveForToys } from './deliveries.ts';
import { type Device, destroyPrekeys, renewPrekeys } from './device.ts';
import { linkedToys, policyForToy } from './grants.ts';
import { emptyMailbox } from './inbox.ts';
import { emptyOutbox } from './outbox.ts';
import type { Radio } from './radio.ts';
import { chunkChange, completeRecording, recordedAt, welcomeRecording } from './recordings.ts';
import { runRelayWork } from './relay-work.ts';
import { afterSending, sealRecordings } from './sealing.ts';
import { type Session, type SessionHost, startSession } from './toy-session.ts';
import { type PairedToy, runToys } from './toys.ts';

/** What a bridge tells as it goes; never a key, a name or audio. `toy` and `message` are ids in hex. */
export type BridgeEvent =
  | { event: 'linked' | 'unlinked'; toy: string }
  | { event: 'status'; toy: string; status: Status }
  | { event: 'policy'; toy: string; isObeyed: boolean }
  | { event: 'recording' | 'recorded'; toy: string; message: string }
  | { event: 'delivered' | 'refused-by-toy'; toy: string; message: string }
  | { event: 'sent'; message: string }
  | { event: 'refused'; message: string; code: string }
  | { event: 'trouble'; where: 'radio' | 'toy' | 'relay'; code: string; advice?: string };

export interface BridgeParts {
  device: Device;
  radio: Radio;
  random: () => number;
  tell(event: BridgeEvent): void;
}

/** Runs until `signal` aborts. Whatever fails is told and tried again; what was acknowledged is on disk. */
export async function runBridge(parts: BridgeParts, signal: AbortSignal): Promise<void> {
  const { device, radio, random, tell } = parts;
  const { store, clock } = device;
  const sessions = new Map<string, Session>();

  const relay = runRelayWork(
    {
      device,
      random,
      trouble: (error) => tell({ event: 'trouble', where: 'relay', ...told(error) }),
      async work() {
        await sealRecordings(device, (recording, code) =>
          tell({ event: 'refused', message: idText(recording.id), code }),
        );
        await emptyOutbox(device, async (sent) => {
          if (sent.result === 'stored') tell({ event: 'sent', message: idText(sent.messageId) });
          return afterSending(device, sent);
        });
        await emptyMailbox(device, {
          receive: (message) => receiveForToys(device, message),
          isDone: (messageId) => isDelivered(device, messageId),
          refused: (messageId, code) => tell({ event: 'refused', message: idText(messageId), code }),
        });
        await destroyPrekeys(device);
        for (const session of sessions.values()) session.wake();
      },
      begin: () => renewPrekeys(device),
    },
    signal,
  );

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
          recordedAtS: recordedAt(device.nowS(), offer.ageS, AGE_UNKNOWN),
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
          relay.wake();
        }
        return isWhole;
      },
      nextDelivery: () => nextDelivery(device, toy.id),
      async delivered(id, isRefused) {
        await markDelivered(device, id, isRefused);
        tell({ event: isRefused ? 'refused-by-toy' : 'delivered', toy: name, message: idText(id) });
        relay.wake();
      },
      failed: (error) => tell({ event: 'trouble', where: 'toy', ...told(error) }),
    };
  }

  const toys = runToys(
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
  );
  await Promise.all([relay.ended, toys]);
}

function isNewer(policy: Uint8Array, status: Status): boolean {
  const generation = policyGeneration(policy);
  if (generation !== status.generation) return generation > status.generation;
  return policyCounter(policy) > status.counter;
}

/** What may be told of an error: its own code and advice, never its cause. */
function told(error: unknown): { code: string; advice?: string } {
  const { message, advice } = error as { message?: unknown; advice?: unknown };
  const code = typeof message === 'string' ? message : 'unknown';
  return typeof advice === 'string' ? { code, advice } : { code };
}
