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
  const { state, actions } = useModel();
  const leave = useAct();
  const joining = state.joining.value;
  const isWaiting = joining === null || joining.step === 'waiting';
  return (
    <Page title={joining?.step === 'words' ? t.join.wordsTitle : t.join.waiting} isNarrow>
      {joining === null ? <Patience text={t.join.waitingLead} /> : <Compare joining={joining} />}
      {isWaiting && (
        <Button kind="quiet" isBusy={leave.isBusy} onPress={() => void leave.run(actions.leave)}>
          {t.common.cancel}
        </Button>
      )}
      <TroubleNotice code={leave.code} />
    </Page>
  );
}

/** Why joining failed, when it was given up; null if it was not. */
export function failureOf(joining: Joining | null): string | null {
  return joining?.side === 'newcomer' && joining.step === 'failed' ? (joining.code ?? 'unknown') : null;
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

/** Something is under way and nothing can be done. */
export function Patience({ text }: { text: string }) {
  return (
    <div class="patience" role="status">
      <Bear heart="beating" />
      <p>{text}</p>
    </div>
  );
}
