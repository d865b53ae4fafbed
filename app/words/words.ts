// The language in use: the browser's at first, then the person's choice, which is kept here and is no secret.
import { signal } from '@preact/signals';
import type { Words } from './en.ts';
import type { Sentence, Stops } from './en-troubles.ts';
import type { Language } from './language.ts';
import { troubleKind } from './troubles.ts';

/** The languages by their own names, each loaded when it is wanted. A further one: a file like `danish.ts`, and a line here. */
export const LANGUAGES: Record<string, { name: string; load(): Promise<{ language: Language }> }> = {
  en: { name: 'English', load: () => import('./english.ts') },
  da: { name: 'Dansk', load: () => import('./danish.ts') },
};

const KEPT_AS = 'pawpost-language';
const current = signal<Language | null>(null);

/** Takes the kept choice, or the first language of the browser that there is. Before anything is drawn. */
export async function chooseLanguage(): Promise<void> {
  const wanted = [kept(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  await use(wanted.find((tag) => tag !== null && Object.hasOwn(LANGUAGES, tag)) ?? 'en');
}

/** From now on, and the next time. */
export async function setLanguage(tag: string): Promise<void> {
  await use(tag);
  try {
    localStorage.setItem(KEPT_AS, tag);
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** Everything the app says; a component that calls it is drawn again when the language changes. */
export function words(): Words {
  return spoken().words;
}

/** For Intl. */
export function languageTag(): string {
  return spoken().words.tag;
}

/** What to tell a person about a code. */
export function sentence(code: string): Sentence {
  return spoken().troubles[troubleKind(code)];
}

/** What stands on a screen where nothing goes on. */
export function stops(): Stops {
  return spoken().stops;
}

function spoken(): Language {
  if (current.value === null) throw new Error('no language was chosen yet');
  return current.value;
}

async function use(tag: string): Promise<void> {
  current.value = (await LANGUAGES[tag]!.load()).language;
  document.documentElement.lang = tag;
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}
