// README.md keeps its word: its commands run as they stand there, in a copy of this checkout, and every path that it names exists.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TEXT = readFileSync(join(ROOT, 'README.md'), 'utf8');
const LINES_LIMIT = 120;
const MINUTES = 60_000;

/** The steps of CI: this test is part of one of them. */
const RUN_BY_CI = ['npm ci', 'npm test', 'npm run check', 'npm run native:cross', 'npm run bench -- --quick'];

const blocks = [...TEXT.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!);
const commands = blocks
  .join('')
  .split('\n')
  .flatMap((line) => line.replace(/\s#.*/, '').split('&&'))
  .map((command) => command.trim())
  .filter((command) => command !== '');

let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'pawpost-readme-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) {
    if (!existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a line of the shell in the copy, as the leader of its own group, like a terminal does. */
function shell(
  line: string,
  temporary = tmpdir(),
): { child: ChildProcess; said(): string; code: Promise<number> } {
  const { ESPRUINO: _, ...env } = process.env;
  const child = spawn('bash', ['-c', line], {
    cwd: copy,
    detached: true,
    env: { ...env, TMPDIR: temporary },
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
  return { child, said: () => said, code };
}

async function succeed(line: string): Promise<string> {
  const { said, code } = shell(line);
  const status = await code;
  if (status !== 0) throw new Error(`"${line}" ended with ${status}\n${said()}`);
  return said();
}

describe('README.md', () => {
  it('is one page', () => {
    expect(TEXT.split('\n').length - 1).toBeLessThanOrEqual(LINES_LIMIT);
  });

  it('names no path that is not there', () => {
    const made = /^heard-by-|\.dump$|^(child|parent)\.wav$/;
    const missing: string[] = [];
    for (const line of TEXT.split('\n')) {
      const [, folder = ''] = /^\| `([\w-]+\/)[^`]*` \|/.exec(line) ?? [];
      for (const [, name] of line.matchAll(/`([\w./-]+(?:\/|\.\w+))`/g)) {
        if (made.test(name!) || existsSync(join(ROOT, name!)) || existsSync(join(ROOT, folder, name!)))
          continue;
        missing.push(name!);
      }
    }
    expect(missing).toEqual([]);
  });

  it('has commands, and CI runs the rest of them', () => {
    const script = readFileSync(join(ROOT, '.ci/run'), 'utf8');
    for (const command of RUN_BY_CI) {
      expect(commands).toContain(command);
      expect(script).toContain(command);
    }
    expect(commands.length).toBeGreaterThan(RUN_BY_CI.length + 4);
  });
});

describe('README.md, its command', () => {
  const plain = new Set(
    commands.filter((command) => !RUN_BY_CI.includes(command) && command !== 'npm start'),
  );

  it.each([...plain])('%s', { timeout: 4 * MINUTES }, async (command) => {
    // The rest of the toy's C is tested beside this.
    const said = await succeed(command.includes('native:test') ? `${command} -- -t level` : command);
    if (command.includes('demo')) {
      const out = readdirSync(join(copy, command.split('--out ')[1]!));
      for (const [, file] of TEXT.matchAll(/`((?:heard-by-[\w.]+|[\w-]+\.dump)[\w.-]*)`/g))
        expect(out).toContain(file);
    } else if (command.includes('espruino')) expect(said).toContain('SKIPPED');
    else if (command.includes('native:test')) expect(said).toMatch(/passed|SKIPPED/);
    else if (command.includes('toy:build')) expect(said).toMatch(/\d+ bytes/);
    else if (command.includes('toy sounds')) expect(said).toContain('15  cuckoo');
    else if (command.includes('app:build')) expect(said).toMatch(/first load \d+ bytes/);
    else expect(said).toContain('Usage: pawpost');
  });

  it('npm start serves a page until Ctrl-C, and leaves nothing behind', {
    timeout: 2 * MINUTES,
  }, async () => {
    expect(commands).toContain('npm start');
    const temporary = mkdtempSync(join(tmpdir(), 'pawpost-start-'));
    // Any port: on this machine somebody may be looking at the page of README.md already.
    const { child, said, code } = shell('npm start -- --port 0', temporary);
    try {
      const url = await until(() => /ready: open (http:\S+)/.exec(said())?.[1], said);
      expect(await (await fetch(url)).text()).toContain('<html');
      process.kill(-child.pid!, 'SIGINT');
      // npm ends by the signal itself, once its child has put everything away.
      await code;
      expect(said()).toContain('nothing is left');
      expect(readdirSync(temporary).filter((name) => name.startsWith('pawpost'))).toEqual([]);
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
      rmSync(temporary, { recursive: true, force: true });
    }
  });
});

async function until<T>(look: () => T | undefined, said: () => string): Promise<T> {
  const endMs = performance.now() + MINUTES;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`waited in vain\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
