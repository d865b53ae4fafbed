// The toy's C and the hosts' renderer sing the same samples, to the bit. Skipped, loudly, without a compiler.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCORE } from '#firmware/sounds/score.ts';
import { singSound } from '#firmware/sounds/table.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const NATIVE = fileURLToPath(new URL('../../firmware/native/', import.meta.url));

const lack = spawnSync('gcc', ['--version']).error?.message;
if (lack !== undefined) console.warn(`SKIPPED: the toy's C does not sing here (gcc): ${lack}`);

describe.skipIf(lack !== undefined)('the toy’s C and the hosts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-tones-'));
  const program = join(folder, 'sing');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(() => {
    const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-fsanitize=address,undefined'];
    const files = [join(HERE, 'sing.c'), join(NATIVE, 'tones.c')];
    const { stderr } = spawnSync(
      'gcc',
      [...flags, '-fno-sanitize-recover=all', '-I', NATIVE, ...files, '-o', program],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
  });

  /** What the C makes of the sound, so many samples at a time. */
  function toySings(number: number, volume: number, count: number): Buffer {
    const { status, stdout, stderr } = spawnSync(program, [number, volume, count].map(String));
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
    return stdout;
  }

  it.each(SCORE.map(({ name }, number) => [number, name] as const))('sing %i, %s, alike', (number) => {
    for (const [volume, count] of [
      [100, 160],
      [37, 7],
    ] as const) {
      const hosts = Buffer.from(singSound(number, volume).buffer);
      expect(toySings(number, volume, count).equals(hosts)).toBe(true);
    }
  });
});
