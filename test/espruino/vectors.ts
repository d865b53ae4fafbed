// The project's own vectors and the public ones, run through the toy's sources inside the interpreter.
import { readFileSync } from 'node:fs';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { runChecks } from './checks.ts';
import { digestsOf } from './inside/digests.ts';
import type { PolicyVector } from './inside/policies.ts';
import { NOISE_FILES, noiseVectors } from './noise-vectors.ts';
import { programWith } from './program.ts';

/** A program with all its vectors must fit into Storage; more are run in several. */
const VECTORS_A_PROGRAM = 60;

function read(file: string): Record<string, Record<string, string>[]> {
  return JSON.parse(readFileSync(new URL(`../vectors/${file}.json`, import.meta.url), 'utf8'));
}

async function runAll(name: string, vectors: unknown[]): Promise<number> {
  let passed = 0;
  for (let from = 0; from < vectors.length; from += VECTORS_A_PROGRAM) {
    const program = await programWith(name, vectors.slice(from, from + VECTORS_A_PROGRAM));
    passed += (await runChecks(name, program)).passed;
  }
  return passed;
}

function policyVectors(): PolicyVector[] {
  const { toyId, root, current, policies, stamps } = read('policies') as unknown as {
    toyId: string;
    root: string;
    current: string;
    policies: { name: string; expect: string; policy: string; pairing?: boolean; firstAdult?: string }[];
    stamps: { name: string; expect: string; stamp: string; sender?: number }[];
  };
  const common = { toyId, root, firstAdult: '', sender: -1, current };
  return [
    ...policies.map(({ name, expect, policy, pairing, firstAdult }) => ({
      ...common,
      name,
      expect,
      isStamp: false,
      bytes: policy,
      current: pairing ? '' : current,
      firstAdult: firstAdult ?? '',
    })),
    ...stamps.map(({ name, expect, stamp, sender }) => ({
      ...common,
      name,
      expect,
      isStamp: true,
      bytes: stamp,
      sender: sender ?? -1,
    })),
  ];
}

/** Records that the toy's native module reads; its JavaScript knows their ops alone. */
const NATIVE_KINDS = ['program', 'piece', 'programState'];

/** All of them; the number of checks that passed, by group. */
export async function checkVectors(): Promise<Record<string, number>> {
  const frames = read('frames');
  const noise = NOISE_FILES.flatMap(noiseVectors);
  return {
    noise: await runAll('noise', noise),
    links: await runAll('links', read('links').vectors!),
    frames: await runAll('frames', [
      ...frames.frames!.filter(({ kind }) => !NATIVE_KINDS.includes(kind!)),
      ...frames.streams!.map((stream) => ({ kind: 'stream', ...stream })),
      ...read('clips').records!,
    ]),
    policies: await runAll('policies', policyVectors()),
    digests: await runAll('twin', [digestsOf(createPrimitives())]),
  };
}
