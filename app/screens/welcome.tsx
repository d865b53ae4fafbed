// The first screen: what this is, and the three ways in.
import { useState } from 'preact/hooks';
import { Bear } from '../look/bear.tsx';
import { Button, LinkButton } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Icon } from '../look/icons.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { words } from '../words/words.ts';
import { failureOf } from './compare.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';

export function Welcome() {
  const t = words();
  const { state, actions } = useModel();
  const [name, setName] = useState('');
  const begin = useAct();
  return (
    <div class="welcome">
      <div class="welcome-bear">
        <Bear heart="beating" />
      </div>
      <Page title={t.welcome.title} lead={t.welcome.lead} hasOwnFocus>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') void begin.run(() => actions.beginFamily(name.trim()));
          }}
        >
          <Field
            label={t.common.yourName}
            placeholder={t.welcome.namePlaceholder}
            value={name}
            onInput={setName}
            autocomplete="name"
            maxLength={40}
            isRequired
            hasFocus
          />
          <Button kind="main" isSubmit isWide isBusy={begin.isBusy}>
            {t.welcome.begin}
          </Button>
          <TroubleNotice code={begin.code ?? failureOf(state.joining.value)} />
        </form>
        <div class="row fill">
          <LinkButton to="#/join" icon="letter">
            {t.welcome.invited}
          </LinkButton>
          <LinkButton to="#/recover" icon="phone">
            {t.welcome.lost}
          </LinkButton>
        </div>
        <ul class="promises">
          {t.welcome.promises.map((promise) => (
            <li key={promise}>
              <Icon name="check" />
              {promise}
            </li>
          ))}
        </ul>
        <LanguageSwitch />
      </Page>
    </div>
  );
}
