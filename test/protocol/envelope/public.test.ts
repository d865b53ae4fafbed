// What a relay may import of envelopes and families draws in nothing that could seal, open, sign or invite.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Our own files that a bundle of this one would hold. */
async function reached(file: string): Promise<string[]> {
  const bundle = await build({
    absWorkingDir: ROOT,
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  return Object.keys(bundle.metafile.inputs).sort();
}

const BOTTOM = ['bytes', 'cbor', 'fault', 'relay/limits'].map((name) => `protocol/${name}.ts`);
const SODIUM = ['hash', 'hkdf', 'ready', 'sign'].map((name) => `protocol/sodium/${name}.ts`);
const TOY = ['protocol/link/toy-id.ts', 'protocol/policy/layout.ts'];
const CHAIN = ['chain', 'entry', 'member', 'rights'].map((name) => `protocol/family/${name}.ts`);

describe('the public part', () => {
  it('of an envelope is its header', async () => {
    const own = ['protocol/envelope/body-size.ts', 'protocol/envelope/header.ts'];
    const files = await reached('protocol/envelope/header.ts');
    expect(files.filter((file) => !SODIUM.includes(file))).toEqual([...BOTTOM, ...own].sort());
  });

  it('of a family is its chain, its pins and its beacons', async () => {
    const allowed = [...BOTTOM, ...SODIUM, ...TOY, ...CHAIN];
    expect((await reached('protocol/family/chain.ts')).filter((file) => !allowed.includes(file))).toEqual([]);
    for (const name of ['pin', 'beacon']) {
      const own = `protocol/family/${name}.ts`;
      expect((await reached(own)).filter((file) => !allowed.includes(file))).toEqual([own]);
    }
  });
});
