// Programs of this project as processes of their own, whose lines a test can wait for and which it can kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createHappenings, type Happenings } from './happenings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Program {
  /** What it prints, line by line. */
  readonly lines: Happenings<string>;
  /** What it complains of. */
  readonly complaints: readonly string[];
  /** Resolves when it has ended, by itself or not, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** SIGKILL: no goodbye, as when the power goes. */
  kill(): Promise<void>;
}

/** Runs a TypeScript file of the project. */
export function runProgram(file: string, ...values: string[]): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...values], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createHappenings<string>();
  const complaints: string[] = [];
  createInterface({ input: child.stdout! }).on('line', lines.note);
  createInterface({ input: child.stderr! }).on('line', (line) => complaints.push(line));
  const ended = endOf(child);
  return {
    lines,
    complaints,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));
}
