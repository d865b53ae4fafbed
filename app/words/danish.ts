// Danish, as it is loaded.
import { da } from './da.ts';
import { daStops, daTroubles } from './da-troubles.ts';
import type { Language } from './language.ts';

export const language: Language = { words: da, troubles: daTroubles, stops: daStops };
