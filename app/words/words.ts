// The language in use: the browser's at first, then the person's choice, which is kept here and is no secret.
import { signal } from '@preact/signals';
import { da } from './da.ts';
import { daStops, daTroubles } from './da-troubles.ts';
import { en, type Words } from './en.ts';
import { enStops, enTroubles, type Sentence, type Stops, type Troubles } from './en-troubles.ts';
import { troubleKind } from './troubles.ts';

/** A further language: its words, its troubles, and a line here. */
export const LANGUAGES: Record<string, { words: Words; troubles: Troubles; stops: Stops }> = {
  en: { words: en, troubles: enTroubles, stops: enStops },
  da: { words: da, troubles: daTroubles, stops: daStops },
};

const KEPT_AS = 'pawpost-language';
const current = signal('en');

/** Takes the kept choice, or the first language of the browser that there is. */
export function chooseLanguage(): void {
  const wanted = [kept(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  use(wanted.find((tag) => tag !== null && Object.hasOwn(LANGUAGES, tag)) ?? 'en');
}

/** From now on, and the next time. */
export function setLanguage(tag: string): void {
  use(tag);
  try {
    localStorage.setItem(KEPT_AS, tag);
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** Everything the app says; a component that calls it is drawn again when the language changes. */
export function words(): Words {
  return LANGUAGES[current.value]!.words;
}

/** For Intl. */
export function languageTag(): string {
  return current.value;
}

/** What to tell a person about a code. */
export function sentence(code: string): Sentence {
  return LANGUAGES[current.value]!.troubles[troubleKind(code)];
}

/** What stands on a screen where nothing goes on. */
export function stops(): Stops {
  return LANGUAGES[current.value]!.stops;
}

function use(tag: string): void {
  current.value = tag;
  document.documentElement.lang = tag;
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}
