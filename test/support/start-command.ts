// `pawpost start` as a person runs it: a process group of its own, in a temporary folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = new URL('../../', import.meta.url).pathname;

export interface StartCommand {
  readonly child: ChildProcess;
  /** What it has printed. */
  readonly output: string;
  /** Resolves once that has been printed. Rejects when the process ends before, with what it printed. */
  printed(text: string | RegExp): Promise<RegExpExecArray>;
  /** As a terminal does it: to every process of the group. Resolves with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** The households that lie in its temporary folder. */
  households(): string[];
  /** Process ids of its group that still live. */
  group(): number[];
  /** Whatever happened: nothing of it lives on. */
  clear(): void;
}

export function runStart(...args: string[]): StartCommand {
  const temporary = mkdtempSync(join(tmpdir(), 'pawpost-test-'));
  const child = spawn('node', ['cli/pawpost.js', 'start', ...args], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  const hear = (text: Buffer) => {
    output += text.toString();
    for (const listener of [...listeners]) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

  return {
    child,
    get output() {
      return output;
    },
    printed: (text) =>
      new Promise((resolve, reject) => {
        const pattern = typeof text === 'string' ? new RegExp(text) : text;
        const look = () => {
          const match = pattern.exec(output);
          if (match === null) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        void exited.then(() => reject(new Error(`it ended without ${pattern}:\n${output}`)));
        look();
      }),
    stop: (signal) => {
      process.kill(-child.pid!, signal);
      return exited;
    },
    households: () => readdirSync(temporary).filter((name) => name.startsWith('pawpost-')),
    group: () => processesOf(child.pid!),
    clear: () => {
      if (processesOf(child.pid!).length > 0) process.kill(-child.pid!, 'SIGKILL');
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** Field 5 of /proc/PID/stat is the process group, field 3 the state (proc(5)); a zombie has ended. */
function processesOf(group: number): number[] {
  const alive: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(processGroup) === group && state !== 'Z') alive.push(Number(name));
    } catch {
      // It ended while we looked.
    }
  }
  return alive;
}
