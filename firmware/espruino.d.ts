// What Espruino 2v29 on ESP32 has and the toy uses, and nothing more, so that a missing API is a compile error (`noLib`).
// Left out on purpose: Math.random and E.hwRand (the same sequence after every boot on ESP32), Map, Set, Symbol, BigInt,
// Uint8Array.from/of/slice (slice gives a plain array, byte by byte), setImmediate, console.

// biome-ignore-all lint/suspicious/noShadowRestrictedNames: these are the globals themselves.
// biome-ignore-all lint/suspicious/noEmptyInterface: the compiler asks for the names alone.
// biome-ignore-all lint/complexity/noBannedTypes: this declares them.

// --- what the compiler itself asks for
type Object = {};
type Boolean = {};
interface Number {
  toString(radix?: number): string;
}
type IArguments = {};
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface Function {
  call(self: unknown, ...values: never[]): unknown;
}
type RegExp = {};
interface String {
  readonly length: number;
  charCodeAt(index: number): number;
  indexOf(part: string): number;
}
interface Array<T> {
  readonly length: number;
  [index: number]: T;
  push(value: T): number;
  pop(): T | undefined;
  shift(): T | undefined;
  indexOf(value: T): number;
  splice(start: number, count: number): T[];
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  indexOf(value: T): number;
}
type Readonly<T> = { readonly [K in keyof T]: T[K] };
type Partial<T> = { [K in keyof T]?: T[K] };
type Record<K extends string | number, T> = { [P in K]: T };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };

interface Error {
  message: string;
}
declare const Error: { new (message: string): Error };

interface ArrayBuffer {
  readonly byteLength: number;
}
declare const ArrayBuffer: { new (bytes: number): ArrayBuffer };

interface Uint8Array {
  readonly length: number;
  [index: number]: number;
  set(source: Uint8Array | readonly number[], offset?: number): void;
  subarray(begin: number, end?: number): Uint8Array;
  fill(value: number, begin?: number, end?: number): Uint8Array;
}
declare const Uint8Array: {
  new (length: number): Uint8Array;
  /** A copy of an array, or a view of a whole buffer (what `NRF` hands to onWrite). */
  new (source: readonly number[] | ArrayBuffer): Uint8Array;
};
interface Uint32Array {
  readonly length: number;
  [index: number]: number;
}
declare const Uint32Array: { new (length: number): Uint32Array };

declare const Math: {
  floor(value: number): number;
  round(value: number): number;
  min(a: number, b: number): number;
  max(a: number, b: number): number;
};

// --- time
declare function setTimeout(action: () => void, delayMs: number): number;
declare function setInterval(action: () => void, intervalMs: number): number;
declare function clearTimeout(timer: number): void;
declare function clearInterval(timer: number): void;
/** Seconds, with a fraction, since power-on (the toy never sets its clock). */
declare function getTime(): number;

// --- pins. A pin is its number everywhere an Espruino function takes a Pin.
declare function pinMode(
  pin: number,
  mode: 'input' | 'input_pullup' | 'input_pulldown' | 'output' | 'analog',
): void;
declare function digitalRead(pin: number): number;
declare function digitalWrite(pin: number, level: number): void;
/** 0 to 1 of the reference voltage. ADC1 pins only. */
declare function analogRead(pin: number): number;
/** Watching a pin forces its pull-up on ESP32 unless pinMode was called before. `debounce` in ms; `time` as getTime(). */
declare function setWatch(
  changed: (event: { state: boolean; time: number; lastTime: number }) => void,
  pin: number,
  options: { repeat: boolean; edge: 'rising' | 'falling' | 'both'; debounce: number },
): number;

// --- Espruino's own objects
declare const E: {
  /** `kill` fires before a software reset. `init` has passed by the time a bundle in Storage runs. */
  on(event: 'kill', listener: () => void): void;
  /** Resets the chip when the interpreter hangs for `timeoutSeconds`; `automatic` feeds it from the idle loop. */
  enableWatchdog(timeoutSeconds: number, automatic: boolean): void;
  /** Restarts the chip. */
  reboot(): void;
};

interface NrfCharacteristic {
  notify?: boolean;
  readable?: boolean;
  writable?: boolean;
  maxLen?: number;
  value?: Uint8Array;
  onWrite?: (event: { data: ArrayBuffer }) => void;
}
declare const NRF: {
  /** 16-bit characteristics only: ESP32 cuts longer ones. `uart: false` closes the JavaScript console over BLE. */
  setServices(
    services: { [service: string]: { [characteristic: string]: NrfCharacteristic } },
    options: { uart: boolean; advertise?: string[] },
  ): void;
  /** Notifies. Loses values without a word under congestion. */
  updateServices(services: {
    [service: string]: { [characteristic: string]: { value: Uint8Array; notify: true } };
  }): void;
  /** Raw bytes of the whole advertisement, at most 31. */
  setAdvertising(
    data: Uint8Array,
    options: { interval?: number; showName?: boolean; connectable?: boolean },
  ): void;
  disconnect(): void;
  /** Each fires once per registered service. */
  on(event: 'connect' | 'disconnect', listener: () => void): void;
};

interface ProcessMemory {
  free: number;
  usage: number;
  total: number;
}
declare const process: { memory(collectGarbage: boolean): ProcessMemory };

/** Release of this program (protocol/program/version.ts): the build puts the number in its place. */
declare const PROGRAM: number;

declare function require(name: 'Flash'): import('./native/native.d.ts').Flash;
declare function require(name: 'plush'): import('./native/native.d.ts').Plush;
declare function require(name: 'sodium'): import('./native/native.d.ts').Sodium;
declare function require(name: 'power'): import('./native/native.d.ts').Power;
declare function require(name: 'radio'): import('./native/native.d.ts').NativeRadio;
declare function require(name: 'program'): import('./native/native.d.ts').Programs;
