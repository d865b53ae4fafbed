// The toy's C on this machine: each program of tests is compiled under sanitizers and run case by case. Skipped, loudly, without a compiler or
// the libraries' headers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROGRAMS } from './programs.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const NATIVE = fileURLToPath(new URL('../../firmware/native/', import.meta.url));
const FLAGS = [
  ...['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-g', '-D_GNU_SOURCE'],
  '-fno-sanitize-recover=all',
];
const CASE_MS = 50_000;

const folder = mkdtempSync(join(tmpdir(), 'pawpost-native-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with compiling and running `code`; undefined if nothing is. */
function trouble(code: string, ...flags: string[]): string | undefined {
  const probe = join(folder, 'probe');
  const compiled = spawnSync('gcc', [...flags, '-xc', '-', '-o', probe], { input: code, encoding: 'utf8' });
  if (compiled.status !== 0) return compiled.error?.message ?? compiled.stderr.split('\n')[0];
  const ran = spawnSync(probe, { encoding: 'utf8' });
  return ran.status === 0 ? undefined : `it does not run: ${ran.stderr}`;
}

const lack = trouble('#include <opus/opus.h>\n#include <sodium.h>\nint main(void) { return 0; }');
if (lack !== undefined)
  console.warn(`SKIPPED: the toy's C is not tested here (gcc, libopus-dev, libsodium-dev): ${lack}`);
const threadless = lack ?? trouble('int main(void) { return 0; }', '-fsanitize=thread');
if (lack === undefined && threadless !== undefined)
  console.warn(`SKIPPED: the toy's tasks as threads; no thread sanitizer here: ${threadless}`);

for (const { title, test, sources, libraries, defines, isThreaded = false } of PROGRAMS) {
  describe.skipIf((isThreaded ? threadless : lack) !== undefined)(title, () => {
    const cases = [...readFileSync(join(HERE, test), 'utf8').matchAll(/^ {2}\{"([^"]+)", \w+\},$/gm)];
    const program = join(folder, title);

    beforeAll(() => {
      const { status, stderr } = spawnSync(
        'gcc',
        [
          ...FLAGS,
          `-fsanitize=${isThreaded ? 'thread' : 'address,undefined'}`,
          ...defines.map((name) => `-D${name}`),
          ...['-I', NATIVE, '-I', HERE, '-I', join(HERE, 'fake_esp')],
          join(HERE, test),
          ...sources.map((source) => join(source.startsWith('fake_esp/') ? HERE : NATIVE, source)),
          ...libraries.map((library) => `-l${library}`),
          ...['-o', program],
        ],
        { encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });

    it('has cases', () => expect(cases.length).toBeGreaterThan(0));

    it.each(cases.map(([, name]) => name!))('%s', (name) => {
      const { status, stderr } = spawnSync(program, [name], { encoding: 'utf8', timeout: CASE_MS });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
  });
}
