// Six words on two screens: the newcomer's and the adult's see the same picture.
import { Bear } from '../look/bear.tsx';
import { Button } from '../look/button.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import type { Joining } from '../model.ts';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';

/** The newcomer's whole screen. */
export function JoiningScreen() {
  const t = words();
  const joining = useModel().state.joining.value;
  if (joining === null) return <Waiting title={t.join.waiting} lead={t.join.waitingLead} />;
  const title = joining.step === 'words' ? t.join.wordsTitle : t.join.waiting;
  return (
    <Page title={title} isNarrow>
      <Compare joining={joining} />
    </Page>
  );
}

/** What there is to see and do now, on either side. */
export function Compare({ joining }: { joining: Joining }) {
  const t = words().join;
  const { actions } = useModel();
  const act = useAct();
  const { side, step, name, role } = joining;
  switch (step) {
    case 'waiting':
      return <Patience text={side === 'newcomer' ? t.waitingLead : t.waitingAdult} />;
    case 'words':
      return (
        <div class="stack">
          {side === 'adult' && name !== null && role !== null && (
            <Notice icon="family">{t.asksFor[role](name)}</Notice>
          )}
          <p class="lead">{t.wordsLead(name ?? t.somebody)}</p>
          <ol class="six-words" lang="en">
            {joining.words.map((word) => (
              <li key={word}>{word}</li>
            ))}
          </ol>
          <div class="row fill">
            <Button
              kind="main"
              icon="check"
              isBusy={act.isBusy}
              onPress={() => void act.run(() => actions.confirmWords(true))}
            >
              {t.same}
            </Button>
            <Button
              icon="cross"
              isDisabled={act.isBusy}
              onPress={() => void act.run(() => actions.confirmWords(false))}
            >
              {t.different}
            </Button>
          </div>
          <TroubleNotice code={act.code} />
        </div>
      );
    case 'admitting':
      return <Patience text={t.admitting} />;
    case 'done':
      return <Notice kind="good">{side === 'newcomer' ? t.done : t.doneAdult(name ?? t.somebody)}</Notice>;
    case 'failed':
      return <TroubleNotice code={joining.code ?? 'unknown'} />;
  }
}

function Waiting({ title, lead }: { title: string; lead: string }) {
  return (
    <Page title={title} isNarrow>
      <Patience text={lead} />
    </Page>
  );
}

/** Something is under way and nothing can be done. */
export function Patience({ text }: { text: string }) {
  return (
    <div class="patience" role="status">
      <Bear heart="beating" />
      <p>{text}</p>
    </div>
  );
}
