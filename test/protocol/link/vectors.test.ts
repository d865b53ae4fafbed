// The link's own vectors, made by a second implementation (test/vectors/links.py), on the host's primitives.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import type { LinkVector } from '#test/contracts/link-vectors.ts';
import { runLinkVector } from '#test/contracts/link-vectors.ts';

const file = new URL('../../vectors/links.json', import.meta.url);
const vectors = (JSON.parse(readFileSync(file, 'utf8')) as { vectors: LinkVector[] }).vectors;

describe('links.json', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(runLinkVector(createPrimitives(), vector)).toBe('');
  });

  it('has a fault for each vector that expects one, when its last op is left out or its answer changed', () => {
    // The runner itself must be able to fail.
    for (const vector of vectors) {
      const { expect: expected, ops } = vector;
      if (expected === 'ok') {
        const claimed = { ...vector, expect: 'handshake-failed' };
        expect(runLinkVector(createPrimitives(), claimed)).not.toBe('');
      } else expect(runLinkVector(createPrimitives(), { ...vector, ops: ops.slice(0, -1) })).not.toBe('');
    }
  });
});
