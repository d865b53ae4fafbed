// What the toy remembers beside its policy and its clips: how long the policy has been in force by its own running time, how often it
// was reset, and which stamps of each sender it has had (protocol/README.md section 11).
import { putU32, same, u32, view } from '#protocol/bytes.ts';
import { mark, seen } from '#protocol/policy/replay-window.ts';
import type { Timers } from './timers.ts';
import type { Twin } from './twin.ts';

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
const ENTRY_BYTES = 28;
const ENTRIES = 32;
const HOUR_MS = 3600000;
const MAX_RESETS = 255;

export interface Settings {
  load(): void;
  /** Seconds of running time since the policy in force came, or was last renewed. */
  policyAgeS(): number;
  /** Seconds of running time since pairing. */
  pairedAgeS(): number;
  resets(): number;
  /** A new policy is in force. With `isFirst`, at pairing, forgets all but the number of resets. */
  renewed(isFirst: boolean): void;
  /** Counts a reset. What else there is, the next pairing forgets. */
  countReset(): void;
  /** True if this stamp of the sender was had before, or is too old to tell. */
  hasSeen(sender: Uint8Array, sequence: number): boolean;
  /** Remembers a stamp. `isSender` tells which senders the policy still knows: the others make room. */
  remember(sender: Uint8Array, sequence: number, isSender: (prefix: Uint8Array) => boolean): void;
  /** Writes what has changed. */
  save(): void;
}

/** Settings kept in `twin`, SETTINGS_BYTES long. The clock of running time is written every hour. */
export function createSettings(twin: Twin, timers: Timers): Settings {
  const bytes = twin.bytes;
  let countedS = timers.now();

  function count(): void {
    const passedS = Math.floor(timers.now() - countedS);
    if (passedS <= 0) return;
    countedS += passedS;
    putU32(bytes, POLICY_AGE_AT, u32(bytes, POLICY_AGE_AT) + passedS);
    putU32(bytes, PAIRED_AGE_AT, u32(bytes, PAIRED_AGE_AT) + passedS);
  }
  function save(): void {
    count();
    bytes[VERSION_AT] = VERSION;
    twin.save();
  }
  function hourly(): void {
    save();
    timers.after(hourly, HOUR_MS);
  }
  function entryOf(sender: Uint8Array): number {
    const prefix = view(sender, 0, SENDER_PREFIX_BYTES);
    for (let i = 0; i < ENTRIES; i++) {
      const at = WINDOWS_AT + i * ENTRY_BYTES;
      if (same(view(bytes, at, SENDER_PREFIX_BYTES), prefix)) return at;
    }
    return -1;
  }
  /** A free entry, or that of a sender that is none any more. */
  function makeRoom(isSender: (prefix: Uint8Array) => boolean): number {
    for (let i = 0; i < ENTRIES; i++) {
      const at = WINDOWS_AT + i * ENTRY_BYTES;
      if (u32(bytes, at + SENDER_PREFIX_BYTES) === 0 || !isSender(view(bytes, at, SENDER_PREFIX_BYTES))) {
        view(bytes, at, ENTRY_BYTES).fill(0);
        return at;
      }
    }
    return -1;
  }

  return {
    load: () => {
      twin.load();
      countedS = timers.now();
      timers.after(hourly, HOUR_MS);
    },
    policyAgeS: () => {
      count();
      return u32(bytes, POLICY_AGE_AT);
    },
    pairedAgeS: () => {
      count();
      return u32(bytes, PAIRED_AGE_AT);
    },
    resets: () => bytes[RESETS_AT]!,
    renewed: (isFirst) => {
      count();
      if (isFirst) view(bytes, PAIRED_AGE_AT, SETTINGS_BYTES - PAIRED_AGE_AT).fill(0);
      putU32(bytes, POLICY_AGE_AT, 0);
      save();
    },
    countReset: () => {
      if (bytes[RESETS_AT]! < MAX_RESETS) bytes[RESETS_AT] = bytes[RESETS_AT]! + 1;
      save();
    },
    hasSeen: (sender, sequence) => {
      const at = entryOf(sender);
      return at >= 0 && seen(bytes, at + SENDER_PREFIX_BYTES, sequence);
    },
    remember: (sender, sequence, isSender) => {
      let at = entryOf(sender);
      if (at < 0) {
        at = makeRoom(isSender);
        // There are as many entries as a policy has senders.
        if (at < 0) return;
        bytes.set(view(sender, 0, SENDER_PREFIX_BYTES), at);
      }
      mark(bytes, at + SENDER_PREFIX_BYTES, sequence);
    },
    save: save,
  };
}
