// Every two-way pattern of Noise (revision 34, section 7 and appendix 18), from its text to the tokens that protocol/link walks.
import type { Pattern } from '#protocol/link/noise.ts';
import {
  KNOWN_INITIATOR,
  KNOWN_RESPONDER,
  TOKEN_E,
  TOKEN_EE,
  TOKEN_ES,
  TOKEN_PSK,
  TOKEN_S,
  TOKEN_SE,
  TOKEN_SS,
} from '#protocol/link/noise.ts';
import { SLOT_CLIP, SLOT_SCRATCH, SLOT_TAG, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';

/** Where a test loads the psks of a pattern, in the order of its modifiers. */
export const PSK_SLOTS = [SLOT_TAG, SLOT_TOY_ROOT, SLOT_CLIP, SLOT_SCRATCH];

const TOKENS: Record<string, number> = {
  e: TOKEN_E,
  s: TOKEN_S,
  ee: TOKEN_EE,
  es: TOKEN_ES,
  se: TOKEN_SE,
  ss: TOKEN_SS,
};

// '>' the responder knows the initiator's static key beforehand, '<' the reverse.
const TEXTS: Record<string, string> = {
  NN: 'e | e ee',
  NK: '< e es | e ee',
  NX: 'e | e ee s es',
  XN: 'e | e ee | s se',
  XK: '< e es | e ee | s se',
  XX: 'e | e ee s es | s se',
  KN: '> e | e ee se',
  KK: '> < e es ss | e ee se',
  KX: '> e | e ee se s es',
  IN: 'e s | e ee se',
  IK: '< e es s ss | e ee se',
  IX: 'e s | e ee se s es',
  NK1: '< e | e ee es',
  NX1: 'e | e ee s | es',
  X1N: 'e | e ee | s | se',
  X1K: '< e es | e ee | s | se',
  XK1: '< e | e ee es | s se',
  X1K1: '< e | e ee es | s | se',
  X1X: 'e | e ee s es | s | se',
  XX1: 'e | e ee s | es s se',
  X1X1: 'e | e ee s | es s | se',
  K1N: '> e | e ee | se',
  K1K: '> < e es | e ee | se',
  KK1: '> < e | e ee se es',
  K1K1: '> < e | e ee es | se',
  K1X: '> e | e ee s es | se',
  KX1: '> e | e ee se s | es',
  K1X1: '> e | e ee s | se es',
  I1N: 'e s | e ee | se',
  I1K: '< e es s | e ee | se',
  IK1: '< e s | e ee se es',
  I1K1: '< e s | e ee es | se',
  I1X: 'e s | e ee s es | se',
  IX1: 'e s | e ee se s | es',
  I1X1: 'e s | e ee s | se es',
};

/** The pattern of a whole protocol name such as Noise_XXpsk0+psk3_25519_ChaChaPoly_BLAKE2b. */
export function patternOf(name: string): Pattern {
  const [, base, modifiers] = /^Noise_([A-Z0-9]+)((?:psk\d)?(?:\+psk\d)*)_25519_ChaChaPoly_BLAKE2b$/.exec(
    name,
  )!;
  const text = TEXTS[base!];
  if (text === undefined) throw new Error(`no such pattern: ${name}`);
  const words = text.split(' ').filter((word) => word !== '<' && word !== '>');
  const messages: number[][] = [[]];
  for (const word of words) {
    if (word === '|') messages.push([]);
    else messages.at(-1)!.push(TOKENS[word]!);
  }
  const psks = [...modifiers!.matchAll(/psk(\d)/g)].map((match) => Number(match[1]));
  psks.forEach((place, i) => {
    const token = TOKEN_PSK + PSK_SLOTS[i]!;
    if (place === 0) messages[0]!.unshift(token);
    else messages[place - 1]!.push(token);
  });
  const known = (text.includes('>') ? KNOWN_INITIATOR : 0) | (text.includes('<') ? KNOWN_RESPONDER : 0);
  return { name, known, isPsk: psks.length > 0, messages };
}
