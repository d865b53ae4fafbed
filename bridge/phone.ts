// A person's phone, wired: takes and sends for its person, and is a bridge at the same time where it has a radio and may link with toys.
import { renewPrekeys } from './device.ts';
import { type BridgeEvent, type BridgeParts, eventsFor, type Links, runLinks, told } from './main.ts';
import { exchange } from './person.ts';
import type { Radio } from './radio.ts';
import { runRelayWork } from './relay-work.ts';
import { hearRecordings } from './sealing.ts';

export interface PhoneParts extends Omit<BridgeParts, 'radio' | 'tell'> {
  /** Null: no toy is linked from here, as on a relative's device. */
  radio: Radio | null;
  tell(event: PhoneEvent): void;
}

/** What a bridge tells, and: something that a screen shows has changed; `reached`: an exchange with the relay has just worked. */
export type PhoneEvent = BridgeEvent | { event: 'letters' } | { event: 'family' } | { event: 'reached' };

export interface Phone {
  /** There is something to send. */
  wake(): void;
  /** Resolves after `signal` has aborted, or after a trouble that ends everything, when all links are closed. */
  readonly ended: Promise<void>;
}

/**
 * Troubles that no further try can mend. The chain that the relay serves is not the one that was signed, so that nobody can be trusted to
 * be a member; or it says that this device is none any more.
 */
const FINAL: readonly string[] = ['roster-fork', 'roster-rollback', 'removed'];

/** Runs until `signal` aborts, or a final trouble (`roster-fork`, `roster-rollback`, `removed`) has been told. */
export function runPhone(parts: PhoneParts, signal: AbortSignal): Phone {
  const { device, radio, random, programs, tell } = parts;
  const ending = new AbortController();
  const running = AbortSignal.any([signal, ending.signal]);
  const letters = () => tell({ event: 'letters' });

  /** What happens on a link changes what screens show, too. */
  function tellLink(event: BridgeEvent): void {
    tell(event);
    if (['delivered', 'refused-by-toy', 'heard'].includes(event.event)) letters();
    if (event.event === 'recorded')
      hearRecordings(device).then(letters, (error) =>
        tell({ event: 'trouble', where: 'toy', ...told(error) }),
      );
  }

  const relay = runRelayWork(
    {
      device,
      random,
      begin: () => renewPrekeys(device),
      async work() {
        await exchange(device, { ...eventsFor(tell), changed: (event) => tell({ event }) });
        tell({ event: 'reached' });
        links?.wake();
      },
      trouble: (error) => tell({ event: 'trouble', where: 'relay', ...told(error) }),
      isFinal: (error) => FINAL.includes((error as Error).message),
    },
    running,
  );
  const mayLink = radio !== null && device.keys.linkSecret !== null;
  const links: Links | null = mayLink
    ? runLinks(
        {
          device,
          radio,
          random,
          tell: tellLink,
          wakeRelay: relay.wake,
          ...(programs === undefined ? {} : { programs }),
        },
        running,
      )
    : null;
  void relay.ended.then(() => ending.abort());
  return {
    wake() {
      relay.wake();
      links?.wake();
    },
    ended: Promise.all([relay.ended, links?.ended]).then(() => {}),
  };
}
