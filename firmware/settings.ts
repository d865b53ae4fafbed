// What the toy remembers beside its policy and its clips: how long the policy has been in force by its own running time, how often it
// was reset, and which stamps of each sender it has had (protocol/README.md section 11).
import { putU32, same, u32, view } from '#protocol/bytes.ts';
import { mark, REPLAY_WINDOW_BYTES, seen } from '#protocol/policy/replay-window.ts';
import type { Timers } from './timers.ts';
import { readTwin, saveTwin, type Twin } from './twin.ts';

/** Length of the settings, a multiple of 4. */
export const SETTINGS_BYTES = 912;
const VERSION = 1;
const VERSION_AT = 0;
const RESETS_AT = 1;
const POLICY_AGE_AT = 4;
const PAIRED_AGE_AT = 8;
const WINDOWS_AT = 16;
/** First half of a sender's key: nobody finds a second key that begins with the same 128 bits. */
const SENDER_PREFIX_BYTES = 16;
const ENTRY_BYTES = SENDER_PREFIX_BYTES + REPLAY_WINDOW_BYTES;
const ENTRIES = 32;
const HOUR_MS = 3600000;
const MAX_RESETS = 255;

export interface Settings {
  /** Seconds of running time since the policy in force came, or was last renewed. */
  policyAgeS(): number;
  /** Seconds of running time since pairing. */
  pairedAgeS(): number;
  resets(): number;
  /** A new policy is in force. With `isFirst`, at pairing, forgets all but the number of resets. */
  renewed(isFirst: boolean): void;
  /** Makes durable what running time has been counted: before a sleep. */
  keep(): void;
  /** Counts a reset. What else there is, the next pairing forgets. */
  countReset(): void;
  /** True if this stamp of the sender was had before, or is too old to tell. */
  hasSeen(sender: Uint8Array, sequence: number): boolean;
  /** Remembers a stamp, durably. `isSender` tells which senders the policy still knows: the others make room. */
  remember(sender: Uint8Array, sequence: number, isSender: (prefix: Uint8Array) => boolean): void;
}

function entryOf(bytes: Uint8Array, sender: Uint8Array): number {
  const prefix = view(sender, 0, SENDER_PREFIX_BYTES);
  for (let i = 0; i < ENTRIES; i++) {
    const at = WINDOWS_AT + i * ENTRY_BYTES;
    if (same(view(bytes, at, SENDER_PREFIX_BYTES), prefix)) return at;
  }
  return -1;
}

/** A free entry, or that of a sender that is none any more; emptied. There are as many as a policy has senders. */
function makeRoom(bytes: Uint8Array, isSender: (prefix: Uint8Array) => boolean): number {
  for (let i = 0; i < ENTRIES; i++) {
    const at = WINDOWS_AT + i * ENTRY_BYTES;
    if (u32(bytes, at + SENDER_PREFIX_BYTES) === 0 || !isSender(view(bytes, at, SENDER_PREFIX_BYTES))) {
      view(bytes, at, ENTRY_BYTES).fill(0);
      return at;
    }
  }
  return -1;
}

/**
 * The settings kept in `twin`, SETTINGS_BYTES long. Running time is written every hour; the `sleptS` seconds of a sleep that has just
 * ended count as well.
 */
export function createSettings(twin: Twin, timers: Timers, sleptS: number): Settings {
  // The head alone: what stands in this function stays for ever.
  const found = readTwin(twin, 0, WINDOWS_AT);
  let resets = found ? found[RESETS_AT]! : 0;
  let policyAgeS = found ? u32(found, POLICY_AGE_AT) : 0;
  let pairedAgeS = found ? u32(found, PAIRED_AGE_AT) : 0;
  let countedS = timers.now() - sleptS;

  function count(): void {
    const passedS = Math.floor(timers.now() - countedS);
    countedS += passedS;
    policyAgeS += passedS;
    pairedAgeS += passedS;
  }
  function content(): Uint8Array {
    return readTwin(twin, 0, SETTINGS_BYTES) ?? new Uint8Array(SETTINGS_BYTES);
  }
  function save(bytes: Uint8Array): void {
    count();
    bytes[VERSION_AT] = VERSION;
    bytes[RESETS_AT] = resets;
    putU32(bytes, POLICY_AGE_AT, policyAgeS);
    putU32(bytes, PAIRED_AGE_AT, pairedAgeS);
    saveTwin(twin, bytes);
  }
  function hourly(): void {
    save(content());
    timers.after(hourly, HOUR_MS);
  }
  timers.after(hourly, HOUR_MS);

  return {
    policyAgeS: () => {
      count();
      return policyAgeS;
    },
    pairedAgeS: () => {
      count();
      return pairedAgeS;
    },
    resets: () => resets,
    renewed: (isFirst) => {
      count();
      policyAgeS = 0;
      if (isFirst) pairedAgeS = 0;
      save(isFirst ? new Uint8Array(SETTINGS_BYTES) : content());
    },
    keep: hourly,
    countReset: () => {
      if (resets < MAX_RESETS) resets++;
      save(content());
    },
    hasSeen: (sender, sequence) => {
      const bytes = content();
      const at = entryOf(bytes, sender);
      return at >= 0 && seen(bytes, at + SENDER_PREFIX_BYTES, sequence);
    },
    remember: (sender, sequence, isSender) => {
      const bytes = content();
      let at = entryOf(bytes, sender);
      if (at < 0) {
        at = makeRoom(bytes, isSender);
        if (at < 0) return;
        bytes.set(view(sender, 0, SENDER_PREFIX_BYTES), at);
      }
      mark(bytes, at + SENDER_PREFIX_BYTES, sequence);
      save(bytes);
    },
  };
}
