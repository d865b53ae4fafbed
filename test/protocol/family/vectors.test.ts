// Chains made by another program (test/vectors/sealed.py) from the specification alone.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beginChain, extendChain, readChain } from '#protocol/family/chain.ts';

interface RosterVector {
  name: string;
  expect: string;
  familyId: string;
  entries: string[];
  head?: string;
  generation?: number;
  members?: string[];
}

const vectors: RosterVector[] = JSON.parse(
  readFileSync(new URL('../../vectors/rosters.json', import.meta.url), 'utf8'),
);
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

describe('chains of another program', () => {
  it.each(vectors)('$name: $expect', (vector) => {
    const entries = vector.entries.map(bytes);
    if (vector.expect !== 'ok') {
      expect(() => readChain(bytes(vector.familyId), entries)).toThrow(new RegExp(`^${vector.expect}$`));
      return;
    }
    const roster = readChain(bytes(vector.familyId), entries);
    expect(hex(roster.head)).toBe(vector.head);
    expect(roster.generation).toBe(vector.generation);
    expect([...roster.members.keys()].sort()).toEqual(vector.members);
    // Entry by entry, as the relay reads them, it is the same family.
    const [first, ...rest] = entries;
    const stepped = rest.reduce((before, entry) => extendChain(before, entry), beginChain(first!));
    expect(stepped).toEqual(roster);
  });

  it('are all there', () => {
    expect(vectors).toHaveLength(45);
    expect(vectors.filter((vector) => vector.expect === 'ok')).toHaveLength(11);
  });
});
