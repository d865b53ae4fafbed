// The part of @stoprocent/noble that the radio uses, and the only place that loads it: lazily, because it is an optional dependency.
import type { EventEmitter } from 'node:events';
import { RadioError } from '../radio.ts';

/** Which of noble's bindings to use. Left out: the adapter of this machine. */
export interface NobleBindings {
  type: 'default' | 'hci' | 'mac' | 'win';
  options: object;
}

export interface Noble extends EventEmitter {
  readonly state: string;
  startScanning(serviceUuids: string[], isRepeating: boolean, started: (error: Error | null) => void): void;
  stopScanning(stopped?: () => void): void;
  connect(
    address: string,
    options: NobleConnectOptions,
    done: (error: Error | null | undefined, peripheral: NoblePeripheral | undefined) => void,
  ): void;
  cancelConnect(address: string): void;
  stop(): void;
}

/** Intervals in units of 1.25 ms, timeout in units of 10 ms. `mtu` works, though noble's own types lack it. */
export interface NobleConnectOptions {
  minInterval: number;
  maxInterval: number;
  timeout: number;
  mtu: number;
}

export interface NoblePeripheral extends EventEmitter {
  readonly id: string;
  readonly advertisement: { readonly manufacturerData?: Uint8Array };
  readonly mtu: number | null;
  readonly state: string;
  disconnect(): void;
  discoverSomeServicesAndCharacteristicsAsync(
    serviceUuids: string[],
    characteristicUuids: string[],
  ): Promise<{ characteristics: NobleCharacteristic[] }>;
}

export interface NobleCharacteristic extends EventEmitter {
  readonly uuid: string;
  write(value: Buffer, isWithoutResponse: boolean, done: (error: Error | null | undefined) => void): void;
  subscribeAsync(): Promise<unknown>;
}

/** The internals of noble's HCI bindings that `guardBindings` needs; absent on other platforms. */
interface HciBindings {
  onAclDataPkt?: (handle: number, channelId: number, data: Buffer) => void;
  onStateChange?: (state: string) => void;
  _hci?: { disconnect(handle: number): void };
}

/**
 * A new noble instance. It touches no adapter before its first listener for `stateChange`.
 * Rejects with a RadioError `no-adapter` where noble is not installed or has no driver for this platform.
 */
export async function loadNoble(bindings: NobleBindings | undefined): Promise<Noble> {
  try {
    const module = await import('@stoprocent/noble');
    const { withBindings } = module.default as unknown as {
      withBindings(type: string, options: object): Noble & { _bindings: HciBindings };
    };
    const noble = withBindings(bindings?.type ?? 'default', bindings?.options ?? {});
    guardBindings(noble._bindings);
    silenceBindings(noble._bindings);
    return noble;
  } catch (cause) {
    throw new RadioError('no-adapter', 'Bluetooth support is not installed: run `npm install` again.', cause);
  }
}

/**
 * Makes a malformed packet cost its sender the connection. noble parses what a stranger's device answers with unchecked reads, and
 * a RangeError there would end the whole bridge.
 */
function guardBindings(bindings: HciBindings): void {
  const receive = bindings.onAclDataPkt;
  if (receive === undefined) return;
  bindings.onAclDataPkt = (handle, channelId, data) => {
    try {
      receive.call(bindings, handle, channelId, data);
    } catch {
      bindings._hci?.disconnect(handle);
    }
  };
}

/**
 * noble prints advice of its own to standard output when there is no adapter, in the midst of what the program prints. `adapterFault`
 * says it better, and to whom it may concern.
 */
function silenceBindings(bindings: HciBindings): void {
  const change = bindings.onStateChange;
  if (change === undefined) return;
  bindings.onStateChange = (state) => {
    const { log } = console;
    console.log = () => {};
    try {
      change.call(bindings, state);
    } finally {
      console.log = log;
    }
  };
}
