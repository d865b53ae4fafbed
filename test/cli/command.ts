// `pawpost` as its user runs it: a child process, its lines as they come, what it is told, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../cli/pawpost.js', import.meta.url));
const PATIENCE_MS = 40_000;

/** How a command ended. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Running {
  /** What it has printed so far. */
  readonly out: string;
  readonly err: string;
  /** Resolves with the match of `pattern` in its output as it is now or comes to be, at or after `from`. Rejects when it ends without. */
  says(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
  /** Types a line. */
  type(line: string): void;
  /** Ends it as Ctrl-C does, and waits. */
  stop(): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

const running = new Set<ChildProcess>();

export interface Limits {
  /** No file can grow beyond this: a full disk. */
  fileKiB?: number;
}

/** Starts `pawpost` with these words. */
export function start(words: readonly string[], { fileKiB }: Limits = {}): Running {
  const program = [process.execPath, PROGRAM, ...words];
  // The signal of the limit is ignored, so that writing fails as it does on a full disk.
  const limited = ['bash', '-c', `trap '' XFSZ; ulimit -f ${fileKiB}; exec "$@"`, 'bash', ...program];
  const [command, ...rest] = fileKiB === undefined ? program : limited;
  const child = spawn(command!, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of [...listeners]) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    heard();
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, out, err });
      heard();
    });
  });
  return {
    get out() {
      return out;
    },
    get err() {
      return err;
    },
    says: (pattern, from = 0) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => {
          settle();
          reject(new Error(`"${words.join(' ')}" ${why} ${pattern}\n${out}\n${err}`));
        };
        const look = () => {
          const match = pattern.exec(out.slice(from));
          if (match !== null) {
            settle();
            resolve(match);
          } else if (!running.has(child)) fail('ended without saying');
        };
        const timer = setTimeout(() => fail('did not say'), PATIENCE_MS);
        const settle = () => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    type: (line) => void child.stdin.write(`${line}\n`),
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
    ended,
  };
}

/** Runs `pawpost` with these words to its end. */
export function run(words: readonly string[], limits?: Limits): Promise<Ended> {
  return start(words, limits).ended;
}

/** Runs it to a good end and gives what it printed. Rejects, with what it said, for any other end. */
export async function done(words: readonly string[]): Promise<string> {
  const { code, out, err } = await run(words);
  if (code !== 0) throw new Error(`"${words.join(' ')}" ended with ${code}\n${out}\n${err}`);
  return out;
}

/** Ends what is still running: for `afterAll`, so that a failed test leaves nothing behind. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
