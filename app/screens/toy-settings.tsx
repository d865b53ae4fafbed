// A toy's settings: they are signed here and the toy obeys them when they reach it.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Switch } from '../look/field.tsx';
import { Icon } from '../look/icons.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import type { Toy, ToyUpdate } from '../model.ts';
import { clockOf, dateOf, minutesOf, whenOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useAct, useIsAdult, useModel } from './model.ts';
import { Page } from './page.tsx';
import { Permissions } from './permissions.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { ChoosePicture, Rename } from './rename.tsx';
import { goTo } from './route.ts';

/** What quiet hours begin with: 19:30 to 6:30. */
const QUIET = { from: 19 * 60 + 30, to: 6 * 60 + 30 };

export function ToySettings({ toy }: { toy: Toy }) {
  const t = words().toySettings;
  const isAdult = useIsAdult();
  return (
    <Page title={t.title(toy.name)} back={`#/toy/${toy.id}`}>
      {toy.isAsleepTooLong && (
        <Notice icon="moon" kind="warn">
          <strong>{t.asleepTitle}</strong> {t.asleep}
        </Notice>
      )}
      {toy.mayChange ? (
        <p class="lead" role="status">
          {toy.hasNewestPolicy ? t.arrived : t.onItsWay}
        </p>
      ) : (
        <Notice icon="lock">{t.mayNot}</Notice>
      )}
      <div class="cards">
        {toy.mayChange && (
          <>
            <section class="card">
              <Consent toy={toy} />
            </section>
            <section class="card">
              <h2>{t.speakers}</h2>
              <p class="lead">{t.speakersLead}</p>
              <Permissions toy={toy} />
            </section>
            <section class="card">
              <Quiet toy={toy} />
              <Volume toy={toy} />
            </section>
          </>
        )}
        {isAdult && (
          <section class="card">
            <h2>{t.picture}</h2>
            <ChoosePicture subject={{ kind: 'toy', id: toy.id }} name={toy.name} picture={toy.picture} />
            <Rename subject={{ kind: 'toy', id: toy.id }} name={toy.name} />
          </section>
        )}
        <State toy={toy} />
        {toy.mayChange && <HandOn toy={toy} />}
      </div>
    </Page>
  );
}

function Consent({ toy }: { toy: Toy }) {
  const t = words().toySettings;
  const { state, actions } = useModel();
  const act = useAct();
  const { consent } = toy;
  const who = state.people.value.find(({ id }) => id === consent?.personId)?.name ?? words().common.unknown;
  const lead =
    consent === null ? t.consentNever : consent.isGiven ? t.consentOn(who, dateOf(consent.at)) : t.consentOff;
  return (
    <>
      <Switch
        label={t.consent}
        lead={lead}
        isOn={consent?.isGiven ?? false}
        isDisabled={act.isBusy}
        onChange={(isGiven) => void act.run(() => actions.setConsent(toy.id, isGiven))}
      />
      <TroubleNotice code={act.code} />
    </>
  );
}

function Quiet({ toy }: { toy: Toy }) {
  const t = words().toySettings;
  const { actions } = useModel();
  const act = useAct();
  const { quiet } = toy;
  const set = (wanted: { from: number; to: number } | null) =>
    void act.run(() => actions.setQuiet(toy.id, wanted));
  const change = (side: 'from' | 'to', clock: string) => {
    const minutes = minutesOf(clock);
    if (quiet !== null && minutes !== null) set({ ...quiet, [side]: minutes });
  };
  return (
    <>
      <Switch
        label={t.quiet}
        lead={t.quietLead}
        isOn={quiet !== null}
        isDisabled={act.isBusy}
        onChange={(isOn) => set(isOn ? QUIET : null)}
      />
      {quiet !== null && (
        <div class="row">
          {(['from', 'to'] as const).map((side) => (
            <label key={side} class="clock">
              <span>{side === 'from' ? t.from : t.until}</span>
              <input
                type="time"
                value={clockOf(quiet[side])}
                required
                onChange={(event) => change(side, event.currentTarget.value)}
              />
            </label>
          ))}
        </div>
      )}
      <TroubleNotice code={act.code} />
    </>
  );
}

function Volume({ toy }: { toy: Toy }) {
  const t = words().toySettings;
  const { actions } = useModel();
  const act = useAct();
  const [shown, setShown] = useState<number | null>(null);
  const volume = shown ?? toy.volume;
  return (
    <>
      <label class="volume">
        <span>{t.volume}</span>
        <output>{volume} %</output>
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={volume}
          onInput={(event) => setShown(Number(event.currentTarget.value))}
          onChange={(event) => {
            const percent = Number(event.currentTarget.value);
            void act.run(() => actions.setVolume(toy.id, percent)).then(() => setShown(null));
          }}
        />
      </label>
      <TroubleNotice code={act.code} />
    </>
  );
}

function State({ toy }: { toy: Toy }) {
  const t = words();
  const { state, actions } = useModel();
  const connect = useAct();
  const rows: [string, string][] = [
    [t.toySettings.battery, toy.battery === null ? t.common.none : `${toy.battery} %`],
    [t.toySettings.firmware, toy.firmware ?? t.common.none],
    [t.toySettings.resets, toy.resets === null ? t.common.none : String(toy.resets)],
    [t.toySettings.lastSeen, toy.lastSeenAt === null ? t.common.never : whenOf(toy.lastSeenAt)],
  ];
  return (
    <section class="card">
      <h2>{t.toySettings.state}</h2>
      <p class="with-icon">
        <Icon name="radio" />
        {t.toy.link[toy.link]}
      </p>
      {state.abilities.bluetooth && toy.link !== 'here' && (
        <Button
          icon="radio"
          isBusy={connect.isBusy}
          onPress={() => void connect.run(() => actions.connectToy(toy.id))}
        >
          {t.toy.connect}
        </Button>
      )}
      <TroubleNotice code={connect.code} />
      <dl class="rows">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {toy.update !== null && <Update update={toy.update} />}
    </section>
  );
}

function Update({ update }: { update: ToyUpdate }) {
  const t = words().toySettings;
  if (update.step === 'refused') return <Notice kind="warn">{t.updateRefused[update.code]}</Notice>;
  return (
    <p class="with-icon" data-update={update.step}>
      <Icon name={update.step === 'ready' ? 'check' : 'save'} />
      {update.step === 'ready' ? t.updateReady : t.updateComing(update.percent)}
    </p>
  );
}

function HandOn({ toy }: { toy: Toy }) {
  const t = words();
  const [isRemoving, setRemoving] = useState(false);
  return (
    <section class="card">
      <h2>{t.toySettings.handOn}</h2>
      <p class="lead">{t.toySettings.handOnLead}</p>
      <p class="lead">{t.toySettings.removeLead}</p>
      <Button kind="danger" icon="bin" onPress={() => setRemoving(true)}>
        {t.toySettings.remove(toy.name)}
      </Button>
      {isRemoving && (
        <RemoveDialog
          title={t.family.removeTitle(toy.name)}
          lead={t.toySettings.handOnLead}
          act={t.toySettings.remove(toy.name)}
          ids={[toy.id]}
          onClose={() => setRemoving(false)}
          onDone={() => goTo('#/', true)}
        />
      )}
    </section>
  );
}
