// The telling of a demonstration: lines with their time for a person, milliseconds by leg for a machine.
import { CommandError } from './failure.ts';

const LOOK_MS = 10;

export interface Chronicle {
  tell(line: string): void;
  /** Begins a leg; the returned function ends it and tells about it. */
  leg(name: string): (line: string) => void;
  /** Milliseconds of each leg that has ended. */
  readonly ms: Record<string, number>;
  noteHeart(when: string, isLit: boolean): void;
  readonly heart: { when: string; isLit: boolean }[];
  wait(ms: number): Promise<void>;
  /** Waits until something is so. @throws CommandError naming it when it is not in time. */
  until(what: string, withinMs: number, isSo: () => boolean): Promise<void>;
}

export function createChronicle(isSpoken: boolean): Chronicle {
  const startedMs = performance.now();
  const ms: Record<string, number> = {};
  const heart: { when: string; isLit: boolean }[] = [];

  function tell(line: string): void {
    const seconds = (performance.now() - startedMs) / 1000;
    if (isSpoken) console.log(`${seconds.toFixed(2).padStart(7)} s  ${line}`);
  }
  const wait = (forMs: number) => new Promise<void>((resolve) => setTimeout(resolve, forMs));

  return {
    tell,
    ms,
    heart,
    wait,
    leg(name) {
      const beganMs = performance.now();
      return (line) => {
        ms[name] = Math.round(performance.now() - beganMs);
        tell(`${name}, ${ms[name]} ms: ${line}`);
      };
    },
    noteHeart: (when, isLit) => void heart.push({ when, isLit }),
    async until(what, withinMs, isSo) {
      const endMs = performance.now() + withinMs;
      while (!isSo()) {
        if (performance.now() > endMs) {
          throw new CommandError(
            `waited ${Math.round(withinMs / 1000)} s in vain: ${what}`,
            'If this machine is very busy, try again. Otherwise it is a fault of Pawpost.',
          );
        }
        await wait(LOOK_MS);
      }
    },
  };
}
