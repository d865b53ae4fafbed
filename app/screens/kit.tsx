// The recovery kit: 24 words to write down or print, then three of them asked back.
import { useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { SquareCode } from '../look/square-code.tsx';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';
import { saveFile } from './save-file.ts';

interface KitWords {
  words: string[];
  code: string;
  ask: number[];
}

export function Kit() {
  const kit = useModel().state.kit.value;
  const [isChecking, setChecking] = useState(false);
  if (kit === null) return null;
  return isChecking ? (
    <CheckKit kit={kit} onBack={() => setChecking(false)} />
  ) : (
    <ShowKit kit={kit} onWritten={() => setChecking(true)} />
  );
}

function ShowKit({ kit, onWritten }: { kit: KitWords; onWritten: () => void }) {
  const t = words().kit;
  const asText = () =>
    [t.sheet, '', ...kit.words.map((word, i) => `${i + 1}. ${word}`), '', kit.code, '', t.keep, t.use].join(
      '\n',
    );
  return (
    <Page title={t.title} lead={t.lead} isNarrow>
      <section class="sheet" aria-label={t.sheet}>
        <h2>{t.sheet}</h2>
        <ol class="kit-words" lang="en">
          {kit.words.map((word, i) => (
            <li key={i}>{word}</li>
          ))}
        </ol>
        <div class="sheet-foot">
          <SquareCode text={kit.code} label={t.code} />
          <div>
            <p>{t.keep}</p>
            <p>{t.use}</p>
          </div>
        </div>
      </section>
      <div class="dock">
        <Button kind="main" isWide icon="check" onPress={onWritten}>
          {t.written}
        </Button>
        <div class="row fill">
          <Button icon="print" onPress={() => print()}>
            {t.print}
          </Button>
          <Button icon="save" onPress={() => saveFile('pawpost-kit.txt', new Blob([asText()]))}>
            {t.save}
          </Button>
        </div>
      </div>
    </Page>
  );
}

function CheckKit({ kit, onBack }: { kit: KitWords; onBack: () => void }) {
  const t = words().kit;
  const { actions } = useModel();
  const [typed, setTyped] = useState(kit.ask.map(() => ''));
  const [isWrong, setWrong] = useState(false);
  const [at, setAt] = useState(0);
  const isSent = useRef(false);
  const check = useAct();

  const ask = (answers: string[]) => {
    if (isSent.current) return;
    isSent.current = true;
    void check.run(async () => {
      const isRight = await actions.checkKit(answers.map((word) => word.trim().toLowerCase()));
      isSent.current = false;
      setWrong(!isRight);
    });
  };
  const isRight = (answers: string[], i: number) =>
    answers[i]!.trim().toLowerCase() === kit.words[kit.ask[i]!];
  const type = (i: number, word: string) => {
    const answers = typed.with(i, word);
    setTyped(answers);
    setWrong(false);
    if (!isRight(answers, i)) return;
    // The next field, or the end: nothing to press.
    const next = answers.findIndex((_, j) => !isRight(answers, j));
    if (next >= 0) setAt(next);
    else ask(answers);
  };
  return (
    <Page title={t.checkTitle} lead={t.checkLead} hasOwnFocus isNarrow>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          ask(typed);
        }}
      >
        {kit.ask.map((place, i) => (
          <Field
            key={place}
            label={t.word(place + 1)}
            value={typed[i]!}
            onInput={(word) => type(i, word)}
            hasFocus={at === i}
            isCode
            maxLength={12}
            wrong={isWrong && !isRight(typed, i) ? t.wrong : null}
          />
        ))}
        <Button kind="main" isSubmit isWide isBusy={check.isBusy}>
          {words().common.next}
        </Button>
        <Button kind="quiet" icon="back" onPress={onBack}>
          {t.showAgain}
        </Button>
        <TroubleNotice code={check.code} />
      </form>
    </Page>
  );
}
