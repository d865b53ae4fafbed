// What stands around every screen of a family: name, ways, and what matters now.
import type { ComponentChildren } from 'preact';
import { BearFace } from '../look/bear.tsx';
import { LinkButton } from '../look/button.tsx';
import { Icon, type IconName } from '../look/icons.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import { words } from '../words/words.ts';
import { useModel } from './model.ts';
import { route } from './route.ts';

export function Frame({ children }: { children: ComponentChildren }) {
  const t = words();
  const { state, actions } = useModel();
  const first = route.value[0] ?? 'toy';
  const current = first === 'pair' ? 'toy' : first;
  const unheard = state.letters.value.filter(({ isHeard, isMine }) => !isHeard && !isMine).length;
  const tabs: { at: string; to: string; icon: IconName; label: string; count?: number }[] = [
    { at: 'toy', to: '#/', icon: 'letter', label: t.tabs.messages, count: unheard },
    { at: 'family', to: '#/family', icon: 'family', label: t.tabs.family },
    { at: 'see', to: '#/see', icon: 'eye', label: t.tabs.see },
    { at: 'settings', to: '#/settings', icon: 'cog', label: t.tabs.settings },
  ];
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={skip}>
        {t.common.skip}
      </button>
      <header>
        <a class="brand" href="#/">
          <BearFace />
          {t.app}
        </a>
        <nav aria-label={t.tabs.label} class="tabs">
          {tabs.map(({ at, to, icon, label, count = 0 }) => (
            <a key={at} href={to} aria-current={current === at ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
              {count > 0 && (
                <span class="badge">
                  {count}
                  <span class="unseen"> {t.letters.fresh}</span>
                </span>
              )}
            </a>
          ))}
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        <div role="status">
          {!state.isOnline.value && <Notice icon="radio">{t.common.offline}</Notice>}
          {state.isPastUnsure.value && (
            <Notice kind="warn" icon="clock">
              {t.common.pastUnsure}
            </Notice>
          )}
        </div>
        <Knock />
        <TroubleNotice code={state.trouble.value?.code ?? null} onDismiss={actions.dismissTrouble} />
        {children}
      </main>
    </div>
  );
}

/** Somebody waits at the door, and this screen is another than the one that lets in. */
function Knock() {
  const t = words();
  const joining = useModel().state.joining.value;
  const isSeen = route.value[0] === 'family' && route.value[1] === 'invite';
  const isKnocking = joining?.side === 'adult' && joining.step === 'words' && !isSeen;
  return (
    <div role="status">
      {isKnocking && joining.name !== null && joining.role !== null && (
        <Notice icon="family">
          <p>{t.join.asksFor[joining.role](joining.name)}</p>
          <LinkButton to="#/family/invite" kind="main">
            {t.join.wordsTitle}
          </LinkButton>
        </Notice>
      )}
    </div>
  );
}

/** Not a link: the address names the screen. */
function skip(): void {
  document.getElementById('content')?.focus();
}
