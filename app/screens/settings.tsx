// This device: lock, notifications, storage, language, the release, and the way out.
import { useState } from 'preact/hooks';
import { Button, LinkButton } from '../look/button.tsx';
import { Switch } from '../look/field.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import { words } from '../words/words.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { useAct, useIsAdult, useModel } from './model.ts';
import { Page } from './page.tsx';

export function Settings() {
  const t = words();
  const isAdult = useIsAdult();
  return (
    <Page title={t.settings.title}>
      <div class="cards">
        <section class="card">
          <Lock />
          <Push />
          <Storage />
        </section>
        <section class="card">
          <h2>{t.common.language}</h2>
          <LanguageSwitch />
        </section>
        {isAdult && (
          <section class="card">
            <h2>{t.family.lost}</h2>
            <p class="lead">{t.settings.lostLead}</p>
            <LinkButton to="#/family" icon="shield">
              {t.settings.lostDo}
            </LinkButton>
          </section>
        )}
        <AboutCard />
        <Leave />
      </div>
    </Page>
  );
}

function Lock() {
  const t = words().settings;
  const { state, actions } = useModel();
  const act = useAct();
  const isAble = state.abilities.passkey;
  return (
    <>
      <Switch
        label={t.lock}
        lead={isAble ? t.lockLead : t.lockNone}
        isOn={state.isLockOn.value}
        isDisabled={!isAble || act.isBusy}
        onChange={(isOn) => void act.run(() => actions.setLock(isOn))}
      />
      <TroubleNotice code={act.code} />
    </>
  );
}

function Push() {
  const t = words().settings;
  const { state, actions } = useModel();
  const act = useAct();
  const isAble = state.abilities.push;
  return (
    <>
      <Switch
        label={t.push}
        lead={isAble ? t.pushLead : t.pushNone}
        isOn={state.isPushOn.value}
        isDisabled={!isAble || act.isBusy}
        onChange={(isOn) => void act.run(() => actions.setPush(isOn))}
      />
      <TroubleNotice code={act.code} />
    </>
  );
}

function Storage() {
  const t = words().settings;
  const { state, actions } = useModel();
  const act = useAct();
  const isKept = state.isStorageKept.value;
  return (
    <div class="stacked">
      <div>
        <h2 class="label">{t.storage}</h2>
        <p class="lead" role="status">
          {isKept ? t.storageKept : t.storageLead}
        </p>
      </div>
      {!isKept && (
        <Button isBusy={act.isBusy} onPress={() => void act.run(actions.keepStorage)}>
          {t.storageAsk}
        </Button>
      )}
      <TroubleNotice code={act.code} />
    </div>
  );
}

function AboutCard() {
  const t = words().settings;
  const { state, actions } = useModel();
  const act = useAct();
  const { version, releaseHash, supportEnds, hasUpdate } = state.about.value;
  const flaws = `${state.seen.value.relay.origin}/.well-known/security.txt`;
  return (
    <section class="card">
      <h2>{t.about}</h2>
      {hasUpdate && (
        <Notice kind="good">
          {t.update}{' '}
          <Button kind="main" isBusy={act.isBusy} onPress={() => void act.run(actions.applyUpdate)}>
            {t.updateDo}
          </Button>
        </Notice>
      )}
      <dl class="rows">
        <div>
          <dt>{t.version}</dt>
          <dd>{version}</dd>
        </div>
        <div>
          <dt>{t.supportEnds}</dt>
          <dd>{supportEnds}</dd>
        </div>
      </dl>
      <h3>{t.release}</h3>
      <code class="hex">{releaseHash?.replace(/(....)(?=.)/g, '$1 ') ?? t.development}</code>
      <h3>{t.flaw}</h3>
      <p class="lead">{t.flawLead}</p>
      <a class="long" href={flaws} target="_blank" rel="noreferrer">
        {flaws}
      </a>
      <TroubleNotice code={act.code} />
    </section>
  );
}

function Leave() {
  const t = words();
  const [isAsking, setAsking] = useState(false);
  return (
    <section class="card">
      <h2>{t.settings.leave}</h2>
      <p class="lead">{t.settings.leaveLead}</p>
      <Button kind="danger" icon="bin" onPress={() => setAsking(true)}>
        {t.settings.leave}
      </Button>
      {isAsking && <LeaveDialog onClose={() => setAsking(false)} />}
    </section>
  );
}
