// One check of the native modules that runs in Node and in Espruino: callbacks only, '' or what is wrong.
import type { Flash, NativeRadio, Plush } from '#firmware/native/native.d.ts';

/** What plush and Flash are checked in. */
export interface NativeWorld {
  plush: Plush;
  flash: Flash;
  /** First of two whole pages that a check may erase. */
  flashAddress: number;
  after: (delayMs: number, action: () => void) => void;
}

/** The other end of the radio, under a check's command. */
export interface Central {
  /** Connects and subscribes. */
  subscribe: (mtu: number) => void;
  write: (value: Uint8Array) => void;
  /** What has been notified since the last call. */
  notified: () => Uint8Array[];
  /** True: the stack takes no notification; false: it does again, and says so. */
  fill: (isFull: boolean) => void;
  leave: () => void;
}

export interface RadioWorld {
  radio: NativeRadio;
  central: Central;
  after: (delayMs: number, action: () => void) => void;
}

export interface NativeCheck<World> {
  name: string;
  run: (world: World, done: (wrong: string) => void) => void;
}

/** '' if it throws. */
export function throws(what: string, action: () => void): string {
  try {
    action();
  } catch (_) {
    return '';
  }
  return `${what} is accepted; `;
}

/** '' if they are equal. */
export function equals(what: string, got: number | boolean, expected: number | boolean): string {
  return got === expected ? '' : `${what} is ${got}, not ${expected}; `;
}
