// The globals of Espruino as firmware/espruino.d.ts declares them, in a context of their own: what that file does not declare does
// not exist here either, whatever Node offers.
import { createContext, Script } from 'node:vm';
import { type Life, PowerCut } from './life.ts';
import type { PinFunctions } from './pins.ts';
import { createTimers } from './timers.ts';

export interface EspruinoWorld {
  /** Seconds since power-on. */
  seconds(): number;
  pins: PinFunctions;
  /** What `require` finds, by name. */
  modules: Record<string, object>;
  /** Globals beside the common ones: NRF, where the image has it. */
  globals: Record<string, object>;
  reboot(reason: string): void;
  print(text: string): void;
}

/** Builtins of JavaScript that Espruino lacks. Taking them away makes a bundle that uses one fail here as it would there. */
const MISSING = [
  'Map Set WeakMap WeakSet WeakRef FinalizationRegistry Symbol BigInt Reflect Proxy Intl Atomics SharedArrayBuffer WebAssembly',
  'console RangeError EvalError URIError AggregateError escape unescape BigInt64Array BigUint64Array',
]
  .join(' ')
  .split(' ');
const CUT = `
for (const name of ['imul', 'trunc', 'clz32', 'log2', 'hypot', 'cbrt', 'fround', 'random']) delete Math[name];
for (const name of ['freeze', 'is', 'hasOwn', 'seal']) delete Object[name];
for (const name of ['from', 'of']) delete Array[name];
for (const name of ['at', 'flat', 'flatMap', 'findLast', 'findLastIndex', 'keys', 'entries']) delete Array.prototype[name];
delete Promise.race; delete Promise.allSettled; delete Promise.prototype.finally;
for (const name of ${JSON.stringify(MISSING)}) delete globalThis[name];`;

/** Runs `bundle` as Espruino would at boot. Exceptions while loading are the life's to record. */
export function boot(life: Life, world: EspruinoWorld, bundle: string): void {
  const killed: (() => void)[] = [];
  const modules: Record<string, object> = {};
  for (const [name, module] of Object.entries(world.modules)) modules[name] = life.guard(module);
  const globals: Record<string, unknown> = {
    ...life.guard(createTimers(life)),
    ...life.guard(world.pins),
    ...life.guard({
      getTime: world.seconds,
      // Not declared: for whoever examines a bundle.
      print: (...values: unknown[]) => world.print(values.map(String).join(' ')),
    }),
    // The host's own, so that libsodium and Opus know the program's buffers for what they are.
    ArrayBuffer,
    Uint8Array,
    Uint32Array,
    Error,
    E: life.guard({
      on: (event: string, listener: () => void) => {
        if (event === 'kill') killed.push(listener);
      },
      enableWatchdog: () => {},
      reboot: () => {
        for (const listener of killed) listener();
        world.reboot('E.reboot()');
        throw new PowerCut();
      },
    }),
    // Variables of 13 bytes are counted on the real interpreter; nothing here could measure them.
    process: { memory: () => ({ free: Number.NaN, usage: Number.NaN, total: Number.NaN }) },
    require: (name: string) => {
      const module = modules[name];
      if (module === undefined) throw new Error(`Module ${name} not found`);
      return module;
    },
  };
  for (const [name, object] of Object.entries(world.globals)) globals[name] = life.guard(object);
  const context = createContext(globals);
  new Script(CUT).runInContext(context);
  // Espruino parses as it runs: what it cannot parse is one more exception.
  life.run(() => new Script(bundle, { filename: 'bundle.js' }).runInContext(context));
}
