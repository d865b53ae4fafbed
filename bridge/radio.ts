// The seam between the bridge and whatever carries its bytes to a toy: noble on a host, Web Bluetooth in a page, memory in tests.
// Every implementation passes `test/contracts/radio.ts`. Bytes here are hostile until the link has opened them.

/** A Pawpost toy that is near. */
export interface Sighting {
  /** Whatever this radio uses to connect to the toy again; opaque. */
  address: string;
  /** What it advertises (protocol/README.md section 2); null where the radio hears no advertisements and a person chose this device. */
  nearby: { nonce: Uint8Array; mac: Uint8Array } | null;
}

/** An open connection whose notifications are already subscribed. */
export interface Channel {
  /** ATT_MTU of the connection. */
  readonly mtu: number;
  /** Writes one value without response, at most mtu - 3 bytes. Resolves when the radio has taken it. Rejects when the channel is closed. */
  send(value: Uint8Array): Promise<void>;
  /** Called with each notified value, in order. Set before anything else; values that came earlier are delivered at once. */
  onValue(listener: (value: Uint8Array) => void): void;
  /** Called once, when the connection is gone for whatever reason; at once if it already is. */
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

export interface Radio {
  /** Reports toys in range, or chosen by a person, until `signal` aborts. Rejects with a RadioError when there is no usable adapter. */
  scan(seen: (sighting: Sighting) => void, signal: AbortSignal): Promise<void>;
  /** Connects, learns the MTU, subscribes. Rejects with a RadioError: out of range, gone, refused. */
  connect(address: string, signal: AbortSignal): Promise<Channel>;
  /** Releases the adapter. */
  close(): Promise<void>;
}

/** What went wrong with the radio, and what a person can do about it. */
export class RadioError extends Error {
  readonly code: 'no-adapter' | 'no-permission' | 'out-of-range' | 'no-service' | 'closed';
  readonly advice: string;
  constructor(code: RadioError['code'], advice: string, cause?: unknown) {
    super(`radio: ${code}`, { cause });
    this.name = 'RadioError';
    this.code = code;
    this.advice = advice;
  }
}
