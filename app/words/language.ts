// What a language has to say.
import type { Words } from './en.ts';
import type { Stops, Troubles } from './en-troubles.ts';

export interface Language {
  words: Words;
  troubles: Troubles;
  stops: Stops;
}
