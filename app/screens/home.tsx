// A toy and what was said: the bear, its messages, and the button to speak.
import { Bear } from '../look/bear.tsx';
import { Button } from '../look/button.tsx';
import { Icon, type IconName } from '../look/icons.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import { Picture } from '../look/picture.tsx';
import type { Toy } from '../model.ts';
import { whenOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { Letters } from './letters.tsx';
import { useAct, useIsAdult, useModel } from './model.ts';
import { Page } from './page.tsx';
import { Speak } from './speak.tsx';

const LINK_ICONS: Record<Toy['link'], IconName> = {
  here: 'phone',
  near: 'radio',
  searching: 'radio',
  bridge: 'bridge',
  away: 'moon',
};

export function Home({ toy }: { toy: Toy }) {
  const { state } = useModel();
  const letters = state.letters.value.filter(({ toyId }) => toyId === toy.id);
  const waiting = letters.filter(({ direction, progress }) => direction === 'to-toy' && progress === 'toy');
  const t = words();
  return (
    <div class="home">
      <aside class="home-toy">
        <ToyChips current={toy.id} />
        <ToyPanel toy={toy} waiting={waiting.length} />
      </aside>
      <div class="home-letters">
        <Page title={toy.name}>
          {letters.length === 0 ? (
            <div class="empty">
              <p>{t.letters.empty}</p>
              {toy.mayChange && <a href={`#/toy/${toy.id}/settings`}>{t.toy.firstHint}</a>}
            </div>
          ) : (
            <Letters letters={letters} toy={toy} />
          )}
        </Page>
        <Speak toy={toy} />
      </div>
    </div>
  );
}

/** For who may not or need not pair: nothing is here yet. */
export function NoToy() {
  const t = words().toy;
  return (
    <Page title={t.noneTitle} lead={t.noneRelative} isNarrow>
      <div class="big-bear">
        <Bear isAsleep />
      </div>
    </Page>
  );
}

function ToyChips({ current }: { current: string }) {
  const t = words().toy;
  const toys = useModel().state.toys.value;
  const isAdult = useIsAdult();
  if (toys.length < 2) return null;
  return (
    <nav class="chips" aria-label={t.which}>
      {toys.map(({ id, name, picture }) => (
        <a key={id} class="chip" href={`#/toy/${id}`} aria-current={id === current ? 'page' : undefined}>
          <Picture id={id} name={name} picture={picture} isToy />
          {name}
        </a>
      ))}
      {isAdult && (
        <a class="chip quiet" href="#/pair">
          <Icon name="plus" />
          {t.add}
        </a>
      )}
    </nav>
  );
}

function ToyPanel({ toy, waiting }: { toy: Toy; waiting: number }) {
  const t = words().toy;
  const { state, actions } = useModel();
  const connect = useAct();
  const mayConnect = state.abilities.bluetooth && toy.link === 'away';
  return (
    <div class="toy-panel">
      <div class="toy-bear">
        <Bear
          heart={waiting > 0 ? 'beating' : 'dark'}
          isAsleep={toy.isAsleepTooLong}
          label={waiting > 0 ? `${t.bear(toy.name)}. ${t.heartOn}` : t.bear(toy.name)}
        />
      </div>
      <div class="toy-facts">
        <p class="toy-name" aria-hidden="true">
          {toy.name}
        </p>
        <p class="toy-wait" role="status">
          {waiting > 0 ? t.waits(waiting) : t.nothingWaits}
        </p>
        <ul class="facts">
          <li class={toy.link}>
            <Icon name={LINK_ICONS[toy.link]} />
            {t.link[toy.link]}
          </li>
          {toy.battery !== null && (
            <li>
              <Icon name="battery" />
              {t.battery(toy.battery)}
            </li>
          )}
          {toy.link === 'away' && toy.lastSeenAt !== null && (
            <li>
              <Icon name="clock" />
              {t.seen(whenOf(toy.lastSeenAt))}
            </li>
          )}
        </ul>
        {mayConnect && (
          <Button
            icon="radio"
            isBusy={connect.isBusy}
            onPress={() => void connect.run(() => actions.connectToy(toy.id))}
          >
            {t.connect}
          </Button>
        )}
      </div>
      <a class="icon-button corner" href={`#/toy/${toy.id}/settings`} title={t.open} aria-label={t.open}>
        <Icon name="cog" />
      </a>
      <TroubleNotice code={connect.code} />
      {toy.mayChange && toy.consent?.isGiven !== true && (
        <Notice icon="microphone">{words().speak.noConsent}</Notice>
      )}
      {toy.isAsleepTooLong && (
        <Notice icon="moon" kind="warn">
          <strong>{words().toySettings.asleepTitle}</strong> {words().toySettings.asleep}
        </Notice>
      )}
    </div>
  );
}
