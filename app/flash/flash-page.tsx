// The page that makes toys: four choices in a row, the work, and the tag at its end.
import { useEffect } from 'preact/hooks';
import { BearFace } from '../look/bear.tsx';
import { Notice } from '../look/notice.tsx';
import { LanguageSwitch } from '../screens/language-switch.tsx';
import { Page } from '../screens/page.tsx';
import { words } from '../words/words.ts';
import { Cable } from './cable.tsx';
import { ChooseBoard, ChooseImage, ChooseProgram } from './choices.tsx';
import type { Making } from './making.ts';
import { ReadyTag } from './ready-tag.tsx';
import { flashWords } from './words.ts';

/** `making` is null where the browser has no Web Serial. */
export function FlashPage({ making }: { making: Making | null }) {
  const work = making?.work.value ?? null;
  const isMade = work?.kind === 'made';
  const mustStay = isMade || work?.kind === 'busy';
  useEffect(() => {
    if (!mustStay) return;
    // The tag is on this page alone.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [mustStay]);
  return (
    <div class="flash">
      <header>
        <a class="brand" href="/">
          <BearFace />
          {words().app}
        </a>
        <LanguageSwitch />
      </header>
      <main>{isMade && making ? <ReadyTag making={making} made={work} /> : <Make making={making} />}</main>
    </div>
  );
}

function Make({ making }: { making: Making | null }) {
  const t = flashWords();
  return (
    <Page title={t.title} lead={t.lead}>
      <Notice kind="warn">{t.untried}</Notice>
      {making === null ? (
        <Notice kind="warn">
          <strong>{t.without.what}</strong> {t.without.todo}
        </Notice>
      ) : (
        <ol class="making">
          <ChooseBoard making={making} />
          <ChooseImage making={making} />
          <ChooseProgram making={making} />
          <Cable making={making} />
        </ol>
      )}
    </Page>
  );
}
