// The languages, each by its own name.
import { LANGUAGES, languageTag, setLanguage, words } from '../words/words.ts';

export function LanguageSwitch() {
  return (
    <fieldset class="languages">
      <legend class="unseen">{words().common.language}</legend>
      {Object.entries(LANGUAGES).map(([tag, { name }]) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          class="chip"
          aria-pressed={languageTag() === tag}
          onClick={() => void setLanguage(tag)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
