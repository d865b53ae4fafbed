// What two people compare and what stands on paper: numbers as words of the BIP39 English list, which has 2048 of them, 11 bits each.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { fault } from '../fault.ts';

/** Bits of one word. */
export const WORD_BITS = 11;
/** The root's seed, bytes. */
export const SEED_BYTES = 32;

/** The first `count` words of `bytes`, most significant bits first. */
export function wordsOf(bytes: Uint8Array, count: number): string[] {
  if (bytes.length * 8 < count * WORD_BITS) throw new RangeError('too few bits for so many words');
  const words: string[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    if (bits < WORD_BITS) continue;
    bits -= WORD_BITS;
    words.push(wordlist[held >>> bits]!);
    held &= (1 << bits) - 1;
    if (words.length === count) break;
  }
  return words;
}

/** The recovery kit: the root's seed (32 bytes) as 24 words, the last of which holds a checksum of 8 bits (BIP39). */
export function recoveryWords(seed: Uint8Array): string[] {
  if (seed.length !== SEED_BYTES) throw new RangeError('a seed has 32 bytes');
  return entropyToMnemonic(seed, [...wordlist]).split(' ');
}

/** The seed of 24 words as a person typed them: any case, any spaces. Fault `recovery-words`: mistyped, or none of ours. */
export function seedOfWords(text: string): Uint8Array {
  const words = text.trim().toLowerCase().split(/\s+/);
  if (words.length !== 24) throw fault('recovery-words');
  try {
    return mnemonicToEntropy(words.join(' '), [...wordlist]);
  } catch {
    // The library's message names the words.
    throw fault('recovery-words');
  }
}
