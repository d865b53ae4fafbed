// The toy's pins: what the program drives, what a test drives, and watches with Espruino's debouncing.
import type { Life } from './life.ts';

interface WatchEvent {
  state: boolean;
  /** Seconds, as getTime(). */
  time: number;
  lastTime: number;
}

interface WatchOptions {
  repeat?: boolean;
  edge?: 'rising' | 'falling' | 'both';
  /** Milliseconds that a level must stay before it counts. */
  debounce?: number;
}

interface Watch {
  pin: number;
  changed: (event: WatchEvent) => void;
  options: WatchOptions;
  state: number;
  lastTime: number;
  cancel: () => void;
}

/** The pin functions that the program sees. */
export interface PinFunctions {
  pinMode(pin: number, mode: string): void;
  digitalRead(pin: number): number;
  digitalWrite(pin: number, level: number): void;
  analogRead(pin: number): number;
  setWatch(changed: (event: WatchEvent) => void, pin: number, options: WatchOptions): number;
  clearWatch(watch: number): void;
}

export interface Pins {
  functions: PinFunctions;
  /** The world outside sets an input. */
  drive(pin: number, level: number): void;
}

export interface PinWorld {
  /** Seconds since power-on. */
  seconds(): number;
  /** 0 to 1 of an ADC's range. */
  analog(pin: number): number;
  /** The program has changed an output. */
  driven(pin: number, level: number): void;
}

/** As many as the largest chip has, an ESP32-S3. */
const PINS = 49;

export function createPins(life: Life, world: PinWorld, levels: Map<number, number>): Pins {
  const watches = new Map<number, Watch>();
  let last = 0;

  function known(pin: number): number {
    if (!Number.isInteger(pin) || pin < 0 || pin >= PINS) throw new Error('Invalid pin');
    return pin;
  }

  function fire(number: number, watch: Watch, level: number, atSeconds: number): void {
    const edge = watch.options.edge ?? 'both';
    if (edge === (level === 1 ? 'falling' : 'rising')) return;
    if (watch.options.repeat !== true) watches.delete(number);
    const event = { state: level === 1, time: atSeconds, lastTime: watch.lastTime };
    watch.lastTime = atSeconds;
    watch.changed(event);
  }

  function seen(number: number, watch: Watch, level: number): void {
    const atSeconds = world.seconds();
    watch.cancel();
    if (!watch.options.debounce) {
      life.post(() => fire(number, watch, level, atSeconds));
      return;
    }
    // Espruino fires when the level has stayed for `debounce`, only if it then differs, with the time of the last edge.
    watch.cancel = life.after(watch.options.debounce, () => {
      if (level === watch.state) return;
      watch.state = level;
      fire(number, watch, level, atSeconds);
    });
  }

  return {
    functions: {
      pinMode: (pin) => {
        known(pin);
      },
      digitalRead: (pin) => levels.get(known(pin)) ?? 0,
      digitalWrite: (pin, level) => {
        levels.set(known(pin), level ? 1 : 0);
        world.driven(pin, level ? 1 : 0);
      },
      analogRead: (pin) => world.analog(known(pin)),
      setWatch: (changed, pin, options) => {
        const watch = {
          pin: known(pin),
          changed,
          options,
          state: levels.get(pin) ?? 0,
          lastTime: 0,
          cancel: () => {},
        };
        watches.set(++last, watch);
        return last;
      },
      clearWatch: (number) => {
        watches.get(number)?.cancel();
        watches.delete(number);
      },
    },
    drive: (pin, level) => {
      if ((levels.get(pin) ?? 0) === level) return;
      levels.set(pin, level);
      for (const [number, watch] of [...watches]) if (watch.pin === pin) seen(number, watch, level);
    },
  };
}
