// One life of the toy's program, from boot to power cut: everything that enters it passes here, so that after its end nothing
// of it runs, and so that no exception of it is swallowed.
import type { Clock } from './clock.ts';

/** Thrown through the program's own frames when the power is cut under it. Native calls after that throw it too. */
export class PowerCut extends Error {
  constructor() {
    super('the power was cut');
    this.name = 'PowerCut';
  }
}

export interface Life {
  readonly isOver: boolean;
  /** Runs a piece of the program now. What it throws is recorded. */
  run(action: () => void): void;
  /** As `run`, from an empty stack: how events reach a program that is in the middle of a native call. */
  post(action: () => void): void;
  /** As `run`, after a while. Returns what cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** The same object, whose functions throw PowerCut once the life is over. */
  guard<T extends object>(natives: T): T;
  end(): void;
}

export function createLife(clock: Clock, failed: (error: Error) => void): Life {
  let isOver = false;
  const timers = new Set<() => void>();

  function run(action: () => void): void {
    if (isOver) return;
    try {
      action();
    } catch (error) {
      // What a dying program throws is the power cut itself, or its own confusion about it.
      if (!isOver) failed(asError(error));
    }
  }

  function guardFunction<A extends unknown[], R>(native: (...values: A) => R): (...values: A) => R {
    return (...values) => {
      if (isOver) throw new PowerCut();
      return native(...values);
    };
  }

  return {
    get isOver() {
      return isOver;
    },
    run,
    post: (action) => queueMicrotask(() => run(action)),
    after: (delayMs, action) => {
      const cancelTimer = clock.after(delayMs, () => {
        timers.delete(cancel);
        run(action);
      });
      const cancel = () => {
        timers.delete(cancel);
        cancelTimer();
      };
      timers.add(cancel);
      return cancel;
    },
    guard: <T extends object>(natives: T): T => {
      const guarded: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(natives)) {
        guarded[name] =
          typeof value === 'function' ? guardFunction(value as (...values: unknown[]) => unknown) : value;
      }
      return guarded as T;
    },
    end: () => {
      isOver = true;
      for (const cancel of [...timers]) cancel();
    },
  };
}

// Errors made inside the program's context are not instances of this one's Error.
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const shaped = thrown as { message?: unknown; stack?: unknown } | null;
  const error = new Error(typeof shaped?.message === 'string' ? shaped.message : String(thrown));
  if (typeof shaped?.stack === 'string') error.stack = shaped.stack;
  return error;
}
