// The privacy promise as an import rule: nothing that could open an envelope is in the relay's program, at any depth.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the relay’s program holds no file that opens, seals or wraps', async () => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['relay/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    treeShaking: false,
    alias: { '#protocol': './protocol', '#relay': './relay' },
  });
  const files = Object.keys(metafile.inputs);
  expect(files).toContain('protocol/envelope/header.ts');
  const forbidden =
    /^(bridge|firmware|boards)\/|^protocol\/(audio|clip|ble)\/|^protocol\/envelope\/(?!(header|body-size)\.ts$)|^protocol\/sodium\/(?!(ready|hash|hkdf|sign)\.ts$)/;
  expect(files.filter((file) => forbidden.test(file))).toEqual([]);
});
