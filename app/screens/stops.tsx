// Screens on which nothing goes on: waking up, locked, put out, a lying relay, a browser that cannot.
import { useState } from 'preact/hooks';
import { Bear } from '../look/bear.tsx';
import { Button } from '../look/button.tsx';
import { Icon } from '../look/icons.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { stops, words } from '../words/words.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { Recover } from './later.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';

/** Also where the app cannot get any further: another page has it, or what is kept here does not open. */
export function Opening() {
  const { trouble } = useModel().state;
  return (
    <div class="stop">
      <Bear isAsleep />
      <h1 class="whisper">{words().common.opening}</h1>
      <TroubleNotice code={trouble.value?.code ?? null} />
      {trouble.value !== null && (
        <Button kind="main" onPress={() => location.reload()}>
          {words().common.tryAgain}
        </Button>
      )}
    </div>
  );
}

export function Locked() {
  const t = stops().locked;
  const { actions } = useModel();
  const unlock = useAct();
  const [isLeaving, setLeaving] = useState(false);
  return (
    <div class="stop">
      <Bear isAsleep />
      <Page title={t.title} lead={t.lead}>
        <Button
          kind="main"
          icon="lock"
          isBusy={unlock.isBusy}
          onPress={() => void unlock.run(actions.unlock)}
        >
          {t.act}
        </Button>
        <TroubleNotice code={unlock.code} />
        {unlock.code !== null && (
          <Button kind="quiet" icon="bin" onPress={() => setLeaving(true)}>
            {words().settings.leave}
          </Button>
        )}
        {isLeaving && <LeaveDialog onClose={() => setLeaving(false)} />}
      </Page>
    </div>
  );
}

/** Hard: until the root has spoken there is no way on. */
export function Forked() {
  const t = stops().forked;
  const [isRecovering, setRecovering] = useState(false);
  if (isRecovering) return <Recover />;
  return (
    <div class="stop">
      <span class="stop-sign">
        <Icon name="warn" />
      </span>
      <Page title={t.title} lead={t.lead}>
        <Button kind="main" icon="shield" onPress={() => setRecovering(true)}>
          {t.act}
        </Button>
      </Page>
    </div>
  );
}

export function Removed() {
  const t = stops().removed;
  const { actions } = useModel();
  const leave = useAct();
  return (
    <div class="stop">
      <Bear isAsleep />
      <Page title={t.title} lead={t.lead}>
        <Button kind="danger" icon="bin" isBusy={leave.isBusy} onPress={() => void leave.run(actions.leave)}>
          {t.act}
        </Button>
        <TroubleNotice code={leave.code} />
      </Page>
    </div>
  );
}

export function Unsupported() {
  const t = stops().unsupported;
  return (
    <div class="stop">
      <Bear isAsleep />
      <Page title={t.title} lead={t.lead}>
        <LanguageSwitch />
      </Page>
    </div>
  );
}
