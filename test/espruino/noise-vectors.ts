// The public Noise vectors, as inside/noise.ts takes them.
import { readFileSync } from 'node:fs';
import { PSK_SLOTS, patternOf } from '#test/protocol/link/patterns.ts';
import type { Vector } from './inside/noise.ts';

/** Files of test/vectors/noise. */
export const NOISE_FILES = ['cacophony', 'snow', 'noise-c-basic'];

type Source = Record<string, string> & {
  init_psks?: string[];
  messages: { payload: string; ciphertext: string }[];
};

/** All vectors of one file. */
export function noiseVectors(file: string): Vector[] {
  const url = new URL(`../vectors/noise/${file}.json`, import.meta.url);
  const { vectors } = JSON.parse(readFileSync(url, 'utf8')) as { vectors: Source[] };
  return vectors.map((source) => {
    const side = (name: 'init' | 'resp') => ({
      prologue: source[`${name}_prologue`] ?? '',
      staticKey: source[`${name}_static`] ?? '',
      ephemeral: source[`${name}_ephemeral`]!,
      remote: source[`${name}_remote_static`] ?? '',
    });
    const psks = source.init_psks ?? [];
    return {
      pattern: patternOf((source.protocol_name ?? source.name)!),
      psks,
      pskSlots: PSK_SLOTS.slice(0, psks.length),
      initiator: side('init'),
      responder: side('resp'),
      hash: source.handshake_hash ?? '',
      payloads: source.messages.map(({ payload }) => payload),
      ciphertexts: source.messages.map(({ ciphertext }) => ciphertext),
    };
  });
}
