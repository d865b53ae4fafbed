// The rhythm of a device's work with the relay: at once when something changes on either side, later and later while it fails.
import { backoffMs } from './clock.ts';
import { type Device, requireMember } from './device.ts';

/** Without any wake-up the work is looked at this often: a relay's stream can be up and still miss something. */
const IDLE_MS = 60_000;
const PREKEYS_MS = 24 * 3600 * 1000;

export interface RelayWorkParts {
  device: Device;
  random: () => number;
  /** Done once a day, first of all, and when the relay has lost the family. */
  begin(): Promise<void>;
  /** Sends what waits and takes what waits. */
  work(): Promise<void>;
  trouble(error: unknown): void;
  /** True for what no further try can mend: the work ends. Left out: everything may pass. */
  isFinal?(error: unknown): boolean;
}

export interface RelayWork {
  /** There is something to do. */
  wake(): void;
  /** Resolves when no more work is done. */
  ended: Promise<void>;
}

/** Works until `whole` aborts, or something final has gone wrong. */
export function runRelayWork(parts: RelayWorkParts, whole: AbortSignal): RelayWork {
  const { device, random } = parts;
  const ending = new AbortController();
  const signal = AbortSignal.any([whole, ending.signal]);
  const { clock } = device;
  let isWoken = false;
  let rest = new AbortController();

  function wake(): void {
    isWoken = true;
    rest.abort();
  }

  async function pause(ms: number): Promise<void> {
    rest = new AbortController();
    if (!isWoken) await clock.sleep(ms, AbortSignal.any([signal, rest.signal]));
  }

  async function workLoop(): Promise<void> {
    let failures = 0;
    let begunMs = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      isWoken = false;
      try {
        if (clock.nowMs() - begunMs >= PREKEYS_MS) {
          requireMember(device);
          await device.family.refresh();
          requireMember(device);
          await parts.begin();
          begunMs = clock.nowMs();
        }
        const { restorations } = device.family;
        await parts.work();
        failures = 0;
        // A relay that had lost the family has lost this device's prekeys, too.
        if (device.family.restorations > restorations) {
          begunMs = Number.NEGATIVE_INFINITY;
          isWoken = true;
        }
        await pause(IDLE_MS);
      } catch (error) {
        if (signal.aborted) return;
        parts.trouble(error);
        if (parts.isFinal?.(error)) return ending.abort();
        isWoken = false;
        await pause(backoffMs(++failures, random));
      }
    }
  }

  async function listenLoop(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await device.mailbox.listen(
          0,
          () => {
            failures = 0;
            wake();
          },
          signal,
        );
        // The relay has ended it: it is going, or this device is no member of its family any more.
        wake();
      } catch {
        // The work itself says what is wrong with the relay; here it only means to wait.
        failures++;
      }
      if (!signal.aborted) await clock.sleep(backoffMs(failures + 1, random), signal);
    }
  }

  const ended = Promise.all([workLoop(), listenLoop()]).then(() => {});
  return { wake, ended };
}
