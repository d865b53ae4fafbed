// Policies and stamps made without our code: each is obeyed, or refused for exactly the reason it was made for.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPolicy } from '#protocol/policy/policy.ts';
import { checkStamp } from '#protocol/policy/stamp.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';

const kept = JSON.parse(readFileSync('test/vectors/policies.json', 'utf8')) as {
  toyId: string;
  root: string;
  current: string;
  policies: { name: string; policy: string; pairing: boolean; firstAdult: string | null; expect: string }[];
  stamps: { name: string; stamp: string; expect: string; sender?: number }[];
};

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

const primitives = createPrimitives();
const toyId = bytesOf(kept.toyId);
const root = bytesOf(kept.root);
const current = bytesOf(kept.current);

describe('policies', () => {
  it.each(kept.policies)('$name: $expect', (vector) => {
    const check = () =>
      checkPolicy(
        primitives,
        bytesOf(vector.policy),
        vector.pairing ? null : current,
        toyId,
        root,
        vector.firstAdult === null ? null : bytesOf(vector.firstAdult),
      );
    if (vector.expect === 'ok') expect(check()).toBeUndefined();
    else expect(check).toThrow(new Error(vector.expect));
  });
});

describe('stamps', () => {
  it.each(kept.stamps)('$name: $expect', (vector) => {
    const check = () => checkStamp(primitives, bytesOf(vector.stamp), current, toyId);
    if (vector.expect === 'ok') expect(check()).toBe(vector.sender);
    else expect(check).toThrow(new Error(vector.expect));
  });
});
