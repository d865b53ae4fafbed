// English, as it is loaded.
import { en } from './en.ts';
import { enStops, enTroubles } from './en-troubles.ts';
import type { Language } from './language.ts';

export const language: Language = { words: en, troubles: enTroubles, stops: enStops };
