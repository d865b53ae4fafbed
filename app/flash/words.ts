// The page's words in the language in use.
import { languageTag } from '../words/words.ts';
import { da } from './words-da.ts';
import { en, type FlashWords } from './words-en.ts';

const WORDS: Readonly<Record<string, FlashWords>> = { en, da };

/** A component that calls it is drawn again when the language changes. */
export function flashWords(): FlashWords {
  return WORDS[languageTag()] ?? en;
}
