// The toy's C on this machine: each program of tests is compiled under the sanitizers and run case by case. Skipped, loudly, without a compiler
// or the libraries' headers.
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
  ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
];

/** What `gcc` says to a program that includes `headers`; undefined if it is content. */
function missing(...headers: string[]): string | undefined {
  const input = headers.map((header) => `#include <${header}>\n`).join('');
  const { status, stderr, error } = spawnSync('gcc', ['-fsyntax-only', '-xc', '-'], {
    input,
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (error?.message ?? stderr.split('\n')[0]);
}

const lack = missing('opus/opus.h', 'sodium.h');
if (lack !== undefined)
  console.warn(`SKIPPED: the toy's C is not tested here (gcc, libopus-dev, libsodium-dev): ${lack}`);

describe.skipIf(lack !== undefined).each(PROGRAMS)(
  '$test $defines',
  ({ test, sources, libraries, defines = [] }) => {
    const cases = [...readFileSync(join(HERE, test), 'utf8').matchAll(/^ {2}\{"([^"]+)", \w+\},$/gm)];
    let folder = '';
    let program = '';

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'pawpost-native-'));
      program = join(folder, 'program');
      const { status, stderr } = spawnSync(
        'gcc',
        [
          ...FLAGS,
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
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('has cases', () => expect(cases.length).toBeGreaterThan(0));

    it.each(cases.map(([, name]) => name!))('%s', (name) => {
      const { status, stderr } = spawnSync(program, [name], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
  },
);
